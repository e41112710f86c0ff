#include "store/sqlite_catalogue.hpp"

#include <algorithm>

#include "base/ascii.hpp"

namespace portico::store {
namespace {

// Of a key, a column has a value without being given one where it is the number of the row, and may be null where
// neither the table is STRICT nor without numbers of rows.
constexpr std::string_view columns_query =
    "SELECT name, type, \"notnull\" OR pk, coalesce(upper(dflt_value) <> 'NULL', 0) OR hidden IN (2, 3) OR "
    "pk AND EXISTS (SELECT 1 FROM pragma_table_list WHERE schema = 'main' AND name = ?1 COLLATE NOCASE AND NOT wr "
    "AND (NOT strict AND NOT \"notnull\" OR upper(c.type) = 'INTEGER' AND 1 = (SELECT count(*) FROM "
    "pragma_table_xinfo(?1) WHERE pk))) FROM pragma_table_xinfo(?1) c";

/// SQLite's own rules for what a declared type means (datatype3.html §3.1), as far as a migration has a name for it.
std::optional<ColumnType> type_declared_as(std::string_view declared) {
  std::string type(declared);
  std::transform(type.begin(), type.end(), type.begin(), base::to_ascii_lower);
  const auto has = [&](std::string_view part) { return type.find(part) != std::string::npos; };
  if (has("int")) return ColumnType::Integer;
  if (has("char") || has("clob") || has("text")) return ColumnType::Text;
  if (has("blob")) return ColumnType::Bytes;
  return std::nullopt;
}

std::string listed(const std::vector<std::string>& columns, std::string_view before, std::string_view between) {
  std::string text;
  for (const std::string& column : columns) {
    text += (text.empty() ? "" : std::string(between)) + quoted_name(column) + std::string(before);
  }
  return text;
}

}  // namespace

PresentSchema SqliteCatalogue::read() {
  PresentSchema schema{.exists = true, .tables = {}};
  {
    SqliteStatement objects(connection_,
                            "SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view') AND "
                            "name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid");
    while (objects.step()) {
      schema.tables.push_back({.name = objects.text(0), .kind = objects.text(1), .columns = {}, .indexes = {}});
    }
  }
  for (PresentTable& table : schema.tables) {
    if (table.is_table()) {
      read_columns(table);
      read_indexes(table);
    } else {
      read_view(table);
    }
  }
  return schema;
}

/// A view that refers to what is no more has no columns that could be read.
void SqliteCatalogue::read_view(PresentTable& view) {
  try {
    read_columns(view);
  } catch (const SqliteError&) {
    view.columns.clear();
  }
}

void SqliteCatalogue::read_columns(PresentTable& table) {
  SqliteTableText text;
  if (table.is_table()) text = text_of(table.name);
  SqliteStatement columns(connection_, std::string(columns_query));
  columns.bind_text(1, table.name);
  while (columns.step()) {
    PresentColumn column{.name = columns.text(0), .declared = columns.text(1), .type = {}};
    column.nullable = columns.integer(2) == 0;
    column.type = type_declared_as(column.declared);
    column.given = columns.integer(3) != 0;
    const SqliteDefinition* definition = text.find(column.name);
    const auto own = definition == nullptr ? std::nullopt : own_definition(*definition);
    column.own = own.has_value();
    if (own) column.type = own->type;
    table.columns.push_back(std::move(column));
  }
}

void SqliteCatalogue::read_indexes(PresentTable& table) {
  {
    SqliteStatement list(connection_, "SELECT name, \"unique\", origin, partial FROM pragma_index_list(?1)");
    list.bind_text(1, table.name);
    while (list.step()) {
      PresentIndex index{.name = list.text(0), .unique = list.integer(1) != 0, .columns = {}, .constraint = {}};
      if (list.text(2) != "c") index.constraint = "the definition of " + table.name;
      index.primary = list.text(2) == "pk";
      index.usable = list.integer(3) == 0;  // a partial one serves nobody's order
      table.indexes.push_back(std::move(index));
    }
  }
  for (PresentIndex& index : table.indexes) {
    SqliteStatement parts(connection_,
                          "SELECT name, \"desc\", coll FROM pragma_index_xinfo(?1) WHERE \"key\" ORDER BY seqno");
    parts.bind_text(1, index.name);
    bool plain = index.usable;
    while (parts.step()) {
      plain = plain && !parts.cell(0).is_null() && parts.text(2) == "BINARY";
      index.columns.push_back(
          {parts.text(0), parts.integer(1) != 0 ? model::Direction::Descending : model::Direction::Ascending});
    }
    if (!plain) index.columns.clear();
    index.usable = true;
  }
}

bool SqliteCatalogue::has_rows(const std::string& table) {
  return number("SELECT EXISTS (SELECT 1 FROM " + quoted_name(table) + ")") != 0;
}

std::int64_t SqliteCatalogue::nulls(const Columns& columns) {
  return number("SELECT count(*) FROM " + quoted_name(columns.table) + " WHERE " +
                listed(columns.columns, " IS NULL", " OR "));
}

std::int64_t SqliteCatalogue::duplicates(const Columns& columns) {
  return number("SELECT count(*) FROM (SELECT 1 FROM " + quoted_name(columns.table) + " WHERE " +
                listed(columns.columns, " IS NOT NULL", " AND ") + " GROUP BY " + listed(columns.columns, "", ", ") +
                " HAVING count(*) > 1)");
}

Catalogue::Strays SqliteCatalogue::no_dates(const std::string& table, const PresentColumn& column) {
  if (column.type == ColumnType::Timestamp) return {};
  // Counted anew, a day that its month does not have becomes one of the next, and so another text.
  const std::string text = "CAST(" + quoted_name(column.name) + " AS TEXT)";
  return strays(table, "substr(" + text + ", 1, 40)",
                "date(" + text + ", '+0 days') IS NOT " + text + " OR " + text + " < '0001'");
}

Catalogue::Strays SqliteCatalogue::without_equal(const std::string& table, const PresentColumn& column,
                                                 const std::string& expression) {
  const std::string name = quoted_name(column.name);
  const std::string value = column.type == ColumnType::Text ? "substr(" + name + ", 1, 40)" : name;
  return strays(table, value, name + " IS NOT NULL AND " + expression + " IS NULL");
}

Catalogue::Strays SqliteCatalogue::strays(const std::string& table, const std::string& value,
                                          const std::string& condition) {
  constexpr std::string_view examples_most = "3";
  const std::string where = " FROM " + quoted_name(table) + " WHERE " + condition;
  Strays found{.rows = number("SELECT count(*)" + where)};
  if (found.rows == 0) return found;
  const std::string sql = "SELECT DISTINCT quote(" + value + ")" + where + " ORDER BY 1 LIMIT ";
  SqliteStatement query(connection_, sql + std::string(examples_most));
  while (query.step()) found.examples.emplace_back(query.cell(0).text);
  return found;
}

std::int64_t SqliteCatalogue::number(const std::string& sql) {
  SqliteStatement query(connection_, sql);
  if (!query.step()) connection_.fail(sql);
  return query.integer(0);
}

SqliteTableText SqliteCatalogue::text_of(const std::string& table) {
  SqliteStatement query(connection_, "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?1");
  query.bind_text(1, table);
  if (!query.step()) return {};
  return parse_table_text(query.text(0)).value_or(SqliteTableText{});
}

std::vector<std::string> SqliteCatalogue::companions_of(const PresentTable& table) {
  SqliteStatement query(
      connection_,
      "SELECT sql, type, name FROM sqlite_schema WHERE type IN ('index', 'trigger') AND tbl_name = ?1 COLLATE "
      "NOCASE AND sql IS NOT NULL ORDER BY rowid");
  query.bind_text(1, table.name);
  std::vector<std::string> statements;
  while (query.step()) {
    const auto is_it = [&](const PresentIndex& index) { return index.name == query.text(2); };
    if (query.text(1) == "index" && std::none_of(table.indexes.begin(), table.indexes.end(), is_it)) continue;
    statements.push_back(query.text(0));
  }
  return statements;
}

std::vector<std::string> SqliteCatalogue::stored_columns(const std::string& table) {
  SqliteStatement query(connection_, "SELECT name FROM pragma_table_xinfo(?1) WHERE hidden IN (0, 1)");
  query.bind_text(1, table);
  std::vector<std::string> columns;
  while (query.step()) columns.push_back(query.text(0));
  return columns;
}

SqliteConnection opened_to_look(const std::filesystem::path& file) {
  if (std::filesystem::exists(file)) return {file, {.mode = OpenMode::ReadOnly}};
  return {":memory:", {.mode = OpenMode::Create, .durability = Durability::None}};
}

}  // namespace portico::store
