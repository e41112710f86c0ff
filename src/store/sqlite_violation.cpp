#include "store/sqlite_violation.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sqlite3.h>

namespace portico::store {
namespace {

using Kind = Violation::Kind;

struct CodeKind {
  int code;
  Kind kind;
};

// What else there is (checks, values of another type in a STRICT table, triggers) is a Check.
constexpr std::array<CodeKind, 5> kinds = {{{SQLITE_CONSTRAINT_UNIQUE, Kind::Unique},
                                            {SQLITE_CONSTRAINT_PRIMARYKEY, Kind::Unique},
                                            {SQLITE_CONSTRAINT_ROWID, Kind::Unique},
                                            {SQLITE_CONSTRAINT_FOREIGNKEY, Kind::Reference},
                                            {SQLITE_CONSTRAINT_NOTNULL, Kind::Null}}};

Kind kind_of(int code) {
  for (const auto& [known, kind] : kinds) {
    if (known == code) return kind;
  }
  return Kind::Check;
}

/// Behind these SQLite names columns, without quotes: `UNIQUE constraint failed: orders.merchant, orders.mid`.
constexpr std::array<std::string_view, 2> prefixes = {"UNIQUE constraint failed: ", "NOT NULL constraint failed: "};

std::string_view names_in(std::string_view words) {
  for (const std::string_view prefix : prefixes) {
    if (words.starts_with(prefix)) return words.substr(prefix.size());
  }
  return {};
}

/// `orders.merchant, orders.mid` as columns of `orders`.
std::vector<std::string> columns_of(std::string_view table, std::string_view names) {
  const std::string before = std::string(table) + ".";
  const std::string between = ", " + before;
  std::vector<std::string> columns;
  for (names.remove_prefix(before.size());;) {
    const std::size_t end = names.find(between);
    columns.emplace_back(names.substr(0, end));
    if (end == std::string_view::npos) return columns;
    names.remove_prefix(end + between.size());
  }
}

bool has_columns(SqliteConnection& connection, std::string_view table, const std::vector<std::string>& columns) {
  SqliteStatement query(connection, "SELECT 1 FROM pragma_table_xinfo(?1) WHERE name = ?2");
  for (const std::string& column : columns) {
    query.bind_text(1, table);
    query.bind_text(2, column);
    const bool found = query.step();
    query.reset();
    if (!found) return false;
  }
  return true;
}

}  // namespace

Violation violation_of(SqliteConnection& connection, const SqliteError& error) {
  Violation violation{.kind = kind_of(error.code()), .table = {}, .columns = {}};
  const std::string_view names = names_in(error.words());
  if (names.empty()) return violation;
  // Names may hold points and commas, so what is there decides where they end.
  SqliteStatement tables(connection,
                         "SELECT name FROM sqlite_schema WHERE type = 'table' AND "
                         "substr(?1, 1, length(name) + 1) = name || '.' ORDER BY length(name) DESC");
  tables.bind_text(1, names);
  while (tables.step()) {
    const std::string table = tables.text(0);
    auto columns = columns_of(table, names);
    if (!has_columns(connection, table, columns)) continue;
    violation.table = table;
    violation.columns = std::move(columns);
    break;
  }
  return violation;
}

}  // namespace portico::store
