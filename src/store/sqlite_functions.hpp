#pragma once

#include "base/limits.hpp"
#include "base/time.hpp"
#include "store/sqlite_connection.hpp"

namespace portico::store {

/// What the functions depend on; must outlive the connection.
struct FunctionRules {
  base::TimeZone time_zone = base::TimeZone::utc();
  base::Limits limits;
};

/// Defines the functions that `plan/sql_filter` writes, on one connection. All are deterministic; a null argument
/// gives null. Throws SqliteError.
void define_functions(SqliteConnection& connection, const FunctionRules& rules);

}  // namespace portico::store
