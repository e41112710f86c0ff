#include "store/row_gatherer.hpp"

#include <stdexcept>
#include <string_view>

#include <sqlite3.h>

#include "store/sqlite_functions.hpp"
#include "store/sqlite_value.hpp"

namespace portico::store {
namespace {

constexpr std::string_view select = "SELECT ";
constexpr std::string_view select_row = "SELECT portico_row(";

}  // namespace

RowGatherer::RowGatherer(SqliteConnection& connection)
    : columns_max_(static_cast<std::size_t>(sqlite3_limit(connection.handle(), SQLITE_LIMIT_FUNCTION_ARG, -1))) {
  // DIRECTONLY: no view, index or trigger of a database may call it. Not deterministic: it is called for each row.
  constexpr int flags = SQLITE_UTF8 | SQLITE_DIRECTONLY;
  const int code = sqlite3_create_function_v2(connection.handle(), "portico_row", -1, flags, this,
                                              without_exceptions<add_row>, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) connection.fail("defining the function portico_row");
}

std::string RowGatherer::gathering(const plan::Statement& statement) {
  const std::string_view sql = statement.sql;
  if (!sql.starts_with(select) || statement.columns_end < select.size() || statement.columns_end > sql.size()) {
    throw std::logic_error("a statement whose columns are not where it says: " + statement.sql);
  }
  std::string text;
  text.reserve(sql.size() + select_row.size());
  text.append(select_row).append(sql.substr(select.size(), statement.columns_end - select.size()));
  return text.append(")").append(sql.substr(statement.columns_end));
}

/// The result is the row's number, by which gather() knows it again.
void RowGatherer::add_row(sqlite3_context* context, int count, sqlite3_value** values) {
  Rows& rows = *static_cast<RowGatherer*>(sqlite3_user_data(context))->rows_;
  if (static_cast<std::size_t>(count) != rows.columns()) throw std::logic_error("a row of another width");
  sqlite3_result_int64(context, static_cast<sqlite3_int64>(rows.size()));
  for (base::Cell& cell : rows.add_row()) {
    read_value(*values++, cell);
    if (cell.kind == base::Cell::Kind::Text) cell.text = rows.keep(cell.text);
  }
}

bool RowGatherer::gather(SqliteStatement& statement, Rows& rows) {
  rows_ = &rows;
  std::int64_t given = 0;
  while (statement.step()) {
    if (statement.integer(0) != given) return false;
    ++given;
  }
  return static_cast<std::size_t>(given) == rows.size();
}

}  // namespace portico::store
