#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "model/api.hpp"
#include "plan/table_row.hpp"

namespace portico::plan {

/// What an expression may look at. Refers to its parts.
struct Surroundings {
  const model::Resource& resource;
  const TableRow& row;
  const TableRow* input = nullptr;  ///< of the action's input; null: there is none
  /// The row that the leaf refers to; null: it refers to none, or to one that is not there.
  std::function<const TableRow*(std::size_t leaf)> referred = {};
  base::Microseconds now = 0;
  model::Mode mode = model::Mode::Production;
  base::Value public_key = {};  ///< the calling account's, as a text; null: none, or nothing asks for it
};

/// What `expression` is worth (model::Expression says how). InvalidData where an integer overflows.
[[nodiscard]] base::Result<base::Value> evaluate(const model::Expression& expression, const Surroundings& around);

/// Whether a condition holds: null does not.
[[nodiscard]] base::Result<bool> holds(const model::Expression& condition, const Surroundings& around);

/// Adds to `leaves` the leaves of the row that refer to rows which the expression looks at (Kind::Parent).
void collect_referred(const model::Expression& expression, std::vector<std::size_t>& leaves);

/// Whether all that the expression looks at in the row is among the `known` of its leaves, and nothing of other rows.
[[nodiscard]] bool looks_only_at(const model::Expression& expression, const std::vector<bool>& known);

}  // namespace portico::plan
