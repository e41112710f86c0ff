#pragma once

#include "model/api.hpp"
#include "operation/operation.hpp"
#include "plan/list_statements.hpp"
#include "plan/plan.hpp"

namespace portico::plan {

/// The row that the operation names, under its parents, or the account's own where it names none. What cannot be a
/// name of any row gives a statement that finds nothing.
[[nodiscard]] Statement row_statement(const StatementNames& names, const operation::Retrieve& retrieve);

/// What that row's column says of the operation's file (FileRecord). Precondition: it has one.
[[nodiscard]] Statement file_statement(const StatementNames& names, const operation::Retrieve& retrieve);

}  // namespace portico::plan
