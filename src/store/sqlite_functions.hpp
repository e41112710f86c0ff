#pragma once

#include "base/limits.hpp"
#include "base/time.hpp"
#include "store/sqlite_connection.hpp"

struct sqlite3_context;
struct sqlite3_value;

namespace portico::store {

/// A function as SQLite calls it.
using FunctionBody = void (*)(sqlite3_context*, int, sqlite3_value**);

/// Makes the exception being handled the function's result.
void give_exception(sqlite3_context* context) noexcept;

/// `body` as SQLite may call it: an exception that crossed SQLite's own frames would leave its mutexes and cursors
/// as they were, so it ends here and becomes the statement's error.
template <FunctionBody body>
void without_exceptions(sqlite3_context* context, int count, sqlite3_value** arguments) noexcept {
  try {
    body(context, count, arguments);
  } catch (...) {
    give_exception(context);
  }
}

/// What the functions depend on; must outlive the connection.
struct FunctionRules {
  base::TimeZone time_zone = base::TimeZone::utc();
  base::Limits limits;
};

/// Defines the functions that `plan/sql_filter` and `plan/summary_columns` write, on one connection. All are
/// deterministic; a null argument gives null, and adds nothing to a sum. Throws SqliteError.
void define_functions(SqliteConnection& connection, const FunctionRules& rules);

}  // namespace portico::store
