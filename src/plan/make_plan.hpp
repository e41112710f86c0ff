#pragma once

#include <string_view>

#include "base/result.hpp"
#include "model/api.hpp"
#include "operation/operation.hpp"
#include "plan/plan.hpp"
#include "plan/sql_flavor.hpp"

namespace portico::plan {

/// Who asks, and in which version.
struct Scope {
  std::string_view account;  ///< the only account whose rows the plan reaches
  int version = 0;
};

/// Resolves names, types values, and writes the statements. InvalidData with every fault at once: the operation's own
/// and unknown filters, bad values, fields that may not be sorted by. Pure; thread-safe.
[[nodiscard]] base::Result<Plan> make_plan(const model::Api& api, operation::Operation operation, const Scope& scope,
                                           SqlFlavor flavor);

}  // namespace portico::plan
