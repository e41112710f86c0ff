#pragma once

#include <cstddef>
#include <string>

#include "plan/plan.hpp"
#include "store/rows.hpp"
#include "store/sqlite_connection.hpp"

struct sqlite3_context;
struct sqlite3_value;

namespace portico::store {

/// Reads rows through an SQL function whose arguments are a row's cells: SQLite hands it all of their values at once,
/// where asking for each column's takes a quarter of the time of a page. One thread at a time, as its connection.
class RowGatherer {
 public:
  /// Defines the function on `connection`, which must run no gathering statement after the gatherer's end. Throws
  /// SqliteError.
  explicit RowGatherer(SqliteConnection& connection);
  RowGatherer(const RowGatherer&) = delete;
  RowGatherer& operator=(const RowGatherer&) = delete;

  /// Whether a statement of so many columns can be gathered: it says where its columns end, and SQLite's functions
  /// take as many arguments.
  [[nodiscard]] bool takes(const plan::Statement& statement, std::size_t columns) const noexcept {
    return statement.columns_end != 0 && columns != 0 && columns <= columns_max_;
  }

  /// `SELECT portico_row(a, b) FROM …` of `SELECT a, b FROM …`.
  [[nodiscard]] static std::string gathering(const plan::Statement& statement);

  /// Runs such a statement, bound already, and adds its rows to `rows`, which is empty. False where SQLite made them
  /// in another order than it gave them in, as it does where it sorts: `rows` is then of no use. Throws SqliteError.
  [[nodiscard]] bool gather(SqliteStatement& statement, Rows& rows);

 private:
  static void add_row(sqlite3_context* context, int count, sqlite3_value** values);

  std::size_t columns_max_ = 0;
  Rows* rows_ = nullptr;  // of the statement under way
};

}  // namespace portico::store
