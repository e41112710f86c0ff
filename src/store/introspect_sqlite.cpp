#include <algorithm>

#include <sqlite3.h>

#include "base/ascii.hpp"
#include "base/text.hpp"
#include "store/introspect.hpp"
#include "store/introspect_cells.hpp"
#include "store/sqlite_connection.hpp"

namespace portico::store {
namespace {

/// Above it a table is only said to have more.
constexpr std::int64_t rows_counted = 1'000'000;

/// SQLite's names are the same where only the case of ASCII letters differs.
bool is_same_name(std::string_view left, std::string_view right) {
  const auto same = [](char a, char b) { return base::to_ascii_lower(a) == base::to_ascii_lower(b); };
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), same);
}

class Introspection {
 public:
  explicit Introspection(const std::filesystem::path& file)
      : connection_(file, {.mode = OpenMode::ReadOnly}), file_(file) {}

  Catalog read() {
    connection_.execute("BEGIN");
    catalog_.database = file_.filename().string();
    read_names();
    read_tables();
    if (catalog_.tables.empty() && catalog_.left_out.empty()) {
      throw IntrospectionError(file_.string() + ": the database has no tables");
    }
    for (Table& table : catalog_.tables) read_table(table);
    std::erase_if(catalog_.tables, [](const Table& table) { return table.columns.empty(); });
    for (Table& table : catalog_.tables) name_targets(table);
    connection_.execute("ROLLBACK");
    return std::move(catalog_);
  }

 private:
  void read_names() {
    SqliteStatement found(connection_, "SELECT name FROM sqlite_schema");
    while (found.step()) catalog_.names.push_back(found.text(0));
  }

  void read_tables() {
    SqliteStatement found(
        connection_,
        "SELECT l.name, l.type, l.wr, s.sql FROM pragma_table_list l LEFT JOIN sqlite_schema s ON "
        "s.name = l.name AND s.type IN ('table', 'view') WHERE l.schema = 'main' AND l.name NOT LIKE "
        "'sqlite\\_%' ESCAPE '\\' AND l.type <> 'shadow' ORDER BY l.name COLLATE BINARY");
    while (found.step()) {
      if (found.text(1) == "virtual") {
        leave_out(found.text(0), "a virtual table, whose module may not be there");
        continue;
      }
      const bool is_view = found.text(1) == "view";
      Table table{.kind = is_view ? Table::Kind::View : Table::Kind::Table,
                  .unindexable = is_view ? "view" : "",
                  .schema = {},
                  .name = found.text(0)};
      if (!is_view) table.checks = checks_in(found.text(3));
      if (!is_view && found.integer(2) == 0) with_rowid_.push_back(table.name);
      catalog_.tables.push_back(std::move(table));
    }
  }

  void leave_out(const std::string& name, std::string reason) {
    catalog_.left_out.push_back({.schema = {}, .name = name, .reason = std::move(reason)});
  }

  /// A table without columns is one that cannot be read.
  void read_table(Table& table) {
    try {
      read_columns(table);
      look_at_rows(table);
    } catch (const SqliteError&) {
      // SQLite's own words: those of the exception name the file and our statement.
      leave_out(table.name, std::string("it cannot be read: ") + sqlite3_errmsg(connection_.handle()));
      table.columns.clear();
      return;
    }
    read_indexes(table);
    read_foreign_keys(table);
    for (const std::string& check : table.checks) {
      const auto listed = listed_values(check);
      if (!listed) continue;
      for (Column& column : table.columns) {
        if (is_same_name(column.name, listed->column) && column.labels.empty()) column.labels = listed->values;
      }
    }
    check_key(table);
    find_unique(table);
  }

  SqliteStatement prepared(const char* sql, const std::string& name) {
    SqliteStatement statement(connection_, sql);
    statement.bind_text(1, name);
    return statement;
  }

  void read_columns(Table& table) {
    SqliteStatement found = prepared(
        "SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_xinfo(?) WHERE hidden <> 1 ORDER BY cid",
        table.name);
    std::vector<std::pair<std::int64_t, std::string>> key;
    while (found.step()) {
      table.columns.push_back({.name = found.text(0),
                               .declared_type = found.text(1),
                               .nullable = found.integer(2) == 0,
                               .default_expression = found.text(3)});
      if (found.integer(4) > 0) key.emplace_back(found.integer(4), found.text(0));
    }
    std::sort(key.begin(), key.end());
    for (auto& [place, name] : key) table.primary_key.push_back(std::move(name));
  }

  [[nodiscard]] bool has_rowid(const Table& table) const {
    return std::find(with_rowid_.begin(), with_rowid_.end(), table.name) != with_rowid_.end();
  }

  [[nodiscard]] static std::string selected(const Table& table) {
    std::string list;
    for (const Column& column : table.columns) {
      if (!list.empty()) list += ", ";
      base::append_sql_quoted(list, column.name);
    }
    return list + " FROM " + quoted_name(table.name);
  }

  void look_at_rows(Table& table) {
    std::vector<ColumnEvidence> evidence(table.columns.size());
    const std::string limit = " LIMIT " + std::to_string(rows_looked_at);
    table.rows = look(table, "SELECT " + selected(table) + limit, evidence);
    if (table.rows == rows_looked_at) {
      SqliteStatement count(connection_, "SELECT count(*) FROM (SELECT 1 FROM " + quoted_name(table.name) +
                                             " LIMIT " + std::to_string(rows_counted + 1) + ")");
      table.rows = count.step() ? count.integer(0) : 0;
      table.rows_are_more = table.rows > rows_counted;
      if (has_rowid(table)) look(table, "SELECT " + selected(table) + " ORDER BY rowid DESC" + limit, evidence);
    }
    for (std::size_t i = 0; i < table.columns.size(); ++i) set_kind(evidence[i], table.columns[i]);
  }

  std::int64_t look(Table& table, const std::string& sql, std::vector<ColumnEvidence>& evidence) {
    SqliteStatement rows(connection_, sql);
    std::int64_t count = 0;
    for (; rows.step(); ++count) {
      for (std::size_t i = 0; i < evidence.size(); ++i) {
        const int column = static_cast<int>(i);
        evidence[i].look(rows.handle(), column);
        const bool is_example = !table.columns[i].example && !rows.cell(column).is_null();
        if (is_example) table.columns[i].example = example_of(rows, column);
      }
    }
    return count;
  }

  static std::string example_of(SqliteStatement& rows, int column) {
    const base::Cell cell = rows.cell(column);
    if (cell.kind == base::Cell::Kind::Integer) return std::to_string(cell.integer);
    if (cell.kind == base::Cell::Kind::Text) return std::string(cell.text.substr(0, example_bytes));
    return {};
  }

  static void set_kind(const ColumnEvidence& evidence, Column& column) {
    column.kind = evidence.kind(column.declared_type);
    const DeclaredSize size = declared_size(column.declared_type);
    if (affinity_of(column.declared_type) == Affinity::Text && size.first > 0) column.length = size.first;
    if (column.kind != ColumnKind::Decimal) return;
    if (size.first > 0) column.precision = size.first;
    column.scale = size.second > 0 ? size.second : 2;
  }

  void read_indexes(Table& table) {
    // What the rows themselves are ordered by is not listed: a rowid, or the key of a table without one.
    if (!table.primary_key.empty()) table.indexes.push_back({.columns = table.primary_key, .is_unique = true});
    SqliteStatement found =
        prepared("SELECT name, \"unique\" FROM pragma_index_list(?) WHERE partial = 0 ORDER BY name", table.name);
    while (found.step()) {
      Index index{.columns = {}, .is_unique = found.integer(1) != 0};
      const std::string name = found.text(0);  // bound without a copy: it must live as long as the statement
      SqliteStatement columns =
          prepared("SELECT name, coll FROM pragma_index_xinfo(?) WHERE key = 1 ORDER BY seqno", name);
      while (columns.step()) {
        if (columns.cell(0).is_null()) {  // an expression
          index.is_unique = false;
          break;
        }
        if (index.columns.empty()) index.is_bytewise = columns.text(1) == "BINARY";
        index.columns.push_back(columns.text(0));
      }
      if (!index.columns.empty()) table.indexes.push_back(std::move(index));
    }
  }

  void read_foreign_keys(Table& table) {
    SqliteStatement found = prepared(
        "SELECT id, \"table\", \"from\", \"to\" FROM pragma_foreign_key_list(?) ORDER BY id DESC, seq", table.name);
    std::int64_t id = -1;
    while (found.step()) {
      if (found.integer(0) != id) table.foreign_keys.push_back({.columns = {}, .schema = {}, .table = found.text(1)});
      id = found.integer(0);
      ForeignKey& key = table.foreign_keys.back();
      key.columns.push_back(found.text(2));
      if (!found.cell(3).is_null()) key.target_columns.push_back(found.text(3));
    }
  }

  /// In SQLite a primary key may hold nulls unless it says otherwise.
  void check_key(Table& table) {
    for (const std::string& name : table.primary_key) {
      const auto column = std::find_if(table.columns.begin(), table.columns.end(),
                                       [&name](const Column& other) { return other.name == name; });
      if (column == table.columns.end() || !column->nullable) continue;
      SqliteStatement null(connection_, "SELECT 1 FROM " + quoted_name(table.name) + " WHERE " + quoted_name(name) +
                                            " IS NULL LIMIT 1");
      column->nullable = null.step();
    }
  }

  void find_unique(Table& table) {
    if (!table.primary_key.empty() || table.rows == 0 || table.rows >= rows_looked_at) return;
    for (const Column& column : table.columns) {
      const bool is_key_like = column.kind == ColumnKind::Integer || column.kind == ColumnKind::Text ||
                               column.kind == ColumnKind::TextLike;
      if (!is_key_like) continue;
      SqliteStatement distinct(
          connection_, "SELECT count(DISTINCT " + quoted_name(column.name) + ") FROM " + quoted_name(table.name));
      if (distinct.step() && distinct.integer(0) == table.rows) table.seen_unique.push_back(column.name);
    }
  }

  /// Foreign keys name tables and columns in any case, and may leave out the columns: then it is the primary key.
  void name_targets(Table& table) {
    for (ForeignKey& key : table.foreign_keys) {
      const auto target = std::find_if(catalog_.tables.begin(), catalog_.tables.end(),
                                       [&key](const Table& other) { return is_same_name(other.name, key.table); });
      if (target == catalog_.tables.end()) continue;
      key.table = target->name;
      if (key.target_columns.empty()) key.target_columns = target->primary_key;
      for (std::string& name : key.target_columns) name = name_in(*target, name);
      for (std::string& name : key.columns) name = name_in(table, name);
    }
  }

  static std::string name_in(const Table& table, const std::string& name) {
    for (const Column& column : table.columns) {
      if (is_same_name(column.name, name)) return column.name;
    }
    return name;
  }

  SqliteConnection connection_;
  std::filesystem::path file_;
  Catalog catalog_;
  std::vector<std::string> with_rowid_;
};

}  // namespace

const Column* Table::find_column(std::string_view column) const {
  const auto found =
      std::find_if(columns.begin(), columns.end(), [&](const Column& other) { return other.name == column; });
  return found == columns.end() ? nullptr : &*found;
}

const Table* Catalog::find_table(std::string_view schema, std::string_view table) const {
  const auto found = std::find_if(tables.begin(), tables.end(),
                                  [&](const Table& other) { return other.schema == schema && other.name == table; });
  return found == tables.end() ? nullptr : &*found;
}

Catalog introspect_sqlite(const std::filesystem::path& file) {
  if (std::filesystem::is_directory(file)) {
    throw IntrospectionError(file.string() + ": is a directory; --from takes the database's file: sqlite:" +
                             (file / "production.db").string());
  }
  if (!std::filesystem::exists(file)) throw IntrospectionError(file.string() + ": there is no such file");
  return Introspection(file).read();
}

}  // namespace portico::store
