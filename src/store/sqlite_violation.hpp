#pragma once

#include "store/procedure.hpp"
#include "store/sqlite_connection.hpp"

namespace portico::store {

/// What SQLITE_CONSTRAINT was about, in the tables' terms. Table and columns are found in SQLite's words and checked
/// against the tables of `connection`; empty where the words name none (a check, a trigger). Throws SqliteError where
/// the tables cannot be looked at. Precondition: error.primary_code() is SQLITE_CONSTRAINT.
[[nodiscard]] Violation violation_of(SqliteConnection& connection, const SqliteError& error);

}  // namespace portico::store
