#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "operation/path_pattern.hpp"
#include "reference/edition.hpp"

namespace portico::reference {

/// Which refusals of an operation the description words itself.
struct OwnRefusals {
  std::vector<const model::Guard*> guards;  ///< what the row's state forbids: 403
  std::vector<const model::Guard*> checks;  ///< what is wrong with the body: 400
};
/// None of what only reads, and of files.
[[nodiscard]] OwnRefusals own_refusals(const operation::PathPattern& pattern, const operation::TargetMethod& method);

/// Beside what every operation may be refused with.
struct Refusals {
  std::vector<int> statuses;  ///< ascending
  OwnRefusals own;
};
/// Adds a response for each status to an operation's `responses`.
void add_refusals(const Edition& edition, const Refusals& refusals, ObjectWriter& responses);

/// Of error_schema in `components.schemas`.
inline constexpr std::string_view error_name = "Error";

/// `components.responses`: an error of each status.
[[nodiscard]] base::Document shared_responses(const Edition& edition);

/// A code that the description gives, and the operation that may answer it.
struct OwnCode {
  const model::Guard* guard = nullptr;
  std::string operation;  ///< its id: `orders.refund`
};
/// E6: what `code` may be in the envelope: the common ones, and the description's own.
[[nodiscard]] base::Document code_list(const Edition& edition, const std::vector<OwnCode>& own);

}  // namespace portico::reference
