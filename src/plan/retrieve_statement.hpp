#pragma once

#include <optional>
#include <string>

#include "model/api.hpp"
#include "plan/list_statements.hpp"
#include "plan/plan.hpp"

namespace portico::plan {

/// The row that `name` means, or the account's own where there is none. What cannot be a name of any row gives a
/// statement that finds nothing.
[[nodiscard]] Statement row_statement(const StatementNames& names, const model::Api& api,
                                      const std::optional<std::string>& name);

}  // namespace portico::plan
