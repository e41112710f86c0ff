#pragma once

#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "model/api.hpp"
#include "operation/operation.hpp"
#include "plan/bound_filter.hpp"

namespace portico::plan {

/// A list request with every name known and every value typed.
struct BoundList {
  BoundFilter filter;
  std::vector<model::OrderTerm> order;  ///< ends with the key: a total order (P14)
  std::int64_t page = 1;
  std::int64_t page_size = 0;
};

/// Looks up every name of `list` in `view` and types every value. Adds a fault for each that is unknown, not allowed
/// or ill-typed (P13, P14, P20) to `faults`; the result is to be used only if none was there or came.
[[nodiscard]] BoundList resolve(const model::Api& api, const model::View& view, const operation::List& list,
                                std::vector<base::Fault>& faults);

}  // namespace portico::plan
