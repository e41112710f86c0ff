#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/text.hpp"
#include "store/introspect.hpp"
#include "store/postgres_connection.hpp"

namespace portico::store {
namespace {

/// A view that takes longer than that is looked at no further.
constexpr const char* begin_sql =
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = '20s'; SET LOCAL search_path = "
    "pg_catalog";

// Relations of extensions and partitions of tables are left to those that have them.
constexpr const char* relations_sql = R"(
SELECT c.oid, n.nspname, c.relname, c.relkind IN ('v', 'm'), c.reltuples::bigint, obj_description(c.oid, 'pg_class'),
       has_table_privilege(c.oid, 'SELECT') OR has_any_column_privilege(c.oid, 'SELECT'),
       CASE c.relkind WHEN 'v' THEN 'view' WHEN 'f' THEN 'foreign table' ELSE '' END
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY($1::text[]) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
  AND has_schema_privilege(n.oid, 'USAGE')
ORDER BY array_position($1::text[], n.nspname::text), c.relname)";

// A domain is what it is made of; its own length and labels count. A text is made by a cast where there is one, else
// by the type's output.
constexpr const char* columns_sql = R"(
WITH RECURSIVE based AS (
  SELECT t.oid AS type, t.oid AS base, t.typtype, NULL::int AS typmod, t.typnotnull AS is_not_null FROM pg_type t
  UNION ALL
  SELECT b.type, t.oid, t.typtype, CASE WHEN d.typtypmod >= 0 THEN d.typtypmod ELSE b.typmod END,
         b.is_not_null OR t.typnotnull
  FROM based b JOIN pg_type d ON d.oid = b.base JOIN pg_type t ON t.oid = d.typbasetype WHERE b.typtype = 'd')
SELECT a.attrelid, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), t.typname, t.typtype, t.typcategory,
       coalesce(nullif(a.atttypmod, -1), b.typmod, -1), a.attnotnull OR b.is_not_null,
       pg_get_expr(f.adbin, f.adrelid), col_description(a.attrelid, a.attnum), b.base,
       has_column_privilege(a.attrelid, a.attnum, 'SELECT'), coalesce(l.collisdeterministic, true),
       b.base = 'text'::regtype OR coalesce(
         (SELECT c.castmethod = 'b' OR p.provolatile = 'i' FROM pg_cast c LEFT JOIN pg_proc p ON p.oid = c.castfunc
          WHERE c.castsource = b.base AND c.casttarget = 'text'::regtype AND c.castmethod <> 'i'),
         (SELECT p.provolatile = 'i' FROM pg_proc p WHERE p.oid = t.typoutput)),
       b.base = 'date'::regtype OR coalesce(
         (SELECT p.provolatile = 'i' FROM pg_cast c JOIN pg_proc p ON p.oid = c.castfunc
          WHERE c.castsource = b.base AND c.casttarget = 'date'::regtype), false)
FROM pg_attribute a
JOIN based b ON b.type = a.atttypid AND b.typtype <> 'd'
JOIN pg_type t ON t.oid = b.base
LEFT JOIN pg_collation l ON l.oid = a.attcollation
LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
WHERE a.attrelid = ANY($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum)";

constexpr const char* labels_sql = "SELECT enumtypid, enumlabel FROM pg_enum ORDER BY enumtypid, enumsortorder";

constexpr const char* constraints_sql = R"(
SELECT conrelid, contype, array_to_string(conkey, ' '), confrelid, array_to_string(confkey, ' '),
       pg_get_constraintdef(oid), convalidated
FROM pg_constraint
WHERE conrelid = ANY($1::oid[]) AND contype IN ('p', 'f', 'c') AND conparentid = 0
ORDER BY conrelid, conname)";

constexpr const char* domain_checks_sql = R"(
SELECT a.attrelid, a.attnum, pg_get_constraintdef(k.oid)
FROM pg_attribute a JOIN pg_constraint k ON k.contypid = a.atttypid
WHERE a.attrelid = ANY($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped AND k.contype = 'c')";

// Rows are ordered by COLLATE "C", for which no index of another collation serves, one that orders alike included.
constexpr const char* indexes_sql = R"(
SELECT i.indrelid, array_to_string(i.indkey::int2[], ' '), i.indnkeyatts, i.indisunique AND i.indimmediate, m.amname,
       coalesce(l.collname = 'C', true)
FROM pg_index i
JOIN pg_class x ON x.oid = i.indexrelid
JOIN pg_am m ON m.oid = x.relam
LEFT JOIN pg_collation l ON l.oid = (i.indcollation::oid[])[0]
WHERE i.indrelid = ANY($1::oid[]) AND i.indpred IS NULL AND i.indisvalid
ORDER BY i.indrelid, x.relname)";

struct TypeRow {
  std::string_view name;  ///< pg_type.typname
  ColumnKind kind;
};
constexpr std::array<TypeRow, 32> types = {{
    {"int2", ColumnKind::Integer},
    {"int4", ColumnKind::Integer},
    {"int8", ColumnKind::Integer},
    {"numeric", ColumnKind::Decimal},
    {"float4", ColumnKind::Number},
    {"float8", ColumnKind::Number},
    {"bool", ColumnKind::Boolean},
    {"timestamptz", ColumnKind::Instant},
    {"timestamp", ColumnKind::LocalTimestamp},
    {"date", ColumnKind::Date},
    {"text", ColumnKind::Text},
    {"varchar", ColumnKind::Text},
    {"bpchar", ColumnKind::TextLike},
    {"name", ColumnKind::TextLike},
    {"char", ColumnKind::TextLike},
    {"citext", ColumnKind::TextLike},
    {"uuid", ColumnKind::TextLike},
    {"json", ColumnKind::Json},
    {"jsonb", ColumnKind::Json},
    {"bytea", ColumnKind::Binary},
    {"tsvector", ColumnKind::Unreadable},
    {"tsquery", ColumnKind::Unreadable},
    {"geometry", ColumnKind::Unreadable},
    {"geography", ColumnKind::Unreadable},
    {"raster", ColumnKind::Unreadable},
    {"gtsvector", ColumnKind::Unreadable},
    {"pg_snapshot", ColumnKind::Unreadable},
    {"pg_node_tree", ColumnKind::Unreadable},
    {"pg_ndistinct", ColumnKind::Unreadable},
    {"pg_dependencies", ColumnKind::Unreadable},
    {"pg_mcv_list", ColumnKind::Unreadable},
    {"aclitem", ColumnKind::Unreadable},
}};

/// What pg_type says of a column's type, domains resolved.
struct TypeFacts {
  std::string_view name;
  std::string_view type;      ///< typtype: `e` an enum
  std::string_view category;  ///< `A` an array
  std::int64_t modifier = -1;
};

void set_kind(const TypeFacts& facts, Column& column) {
  constexpr std::int64_t header_bytes = 4;  // that each typmod of a text or a numeric counts in
  const auto row =
      std::find_if(types.begin(), types.end(), [&](const TypeRow& type) { return type.name == facts.name; });
  if (facts.type == "e") {
    column.kind = ColumnKind::Enum;
  } else if (facts.category == "A") {
    column.kind = ColumnKind::Array;
  } else {
    column.kind = row == types.end() ? ColumnKind::Opaque : row->kind;
  }
  const bool has_modifier = facts.modifier >= header_bytes;
  if (column.kind == ColumnKind::Decimal) {
    if (!has_modifier) {
      column.kind = ColumnKind::Number;
      return;
    }
    const std::int64_t modifier = facts.modifier - header_bytes;
    column.precision = modifier >> 16;
    column.scale = ((modifier & 0x7FF) ^ 0x400) - 0x400;  // eleven bits with a sign
  } else if (has_modifier && (facts.name == "varchar" || facts.name == "bpchar")) {
    column.length = facts.modifier - header_bytes;
  }
}

std::string array_literal(const std::vector<std::string>& items) {
  std::string literal = "{";
  for (const std::string& item : items) {
    if (literal.size() > 1) literal += ',';
    literal += '"';
    for (const char c : item) {
      if (c == '"' || c == '\\') literal += '\\';
      literal += c;
    }
    literal += '"';
  }
  return literal + "}";
}

class Introspection {
 public:
  explicit Introspection(const PostgresCatalogQuery& query)
      : connection_(query.address, SessionAccess::ReadOnly), schemas_(query.schemas) {
    if (schemas_.empty()) schemas_ = {"public"};
  }

  Catalog read() {
    connection_.run_script(begin_sql);
    catalog_.database = connection_.run("SELECT current_database()").text(0, 0);
    catalog_.schemas = schemas_;
    check_schemas();
    read_relations();
    if (entries_.empty() && catalog_.left_out.empty()) {
      throw IntrospectionError("there are no tables in the schema " + base::enumerated(schemas_) + "; " +
                               schemas_with_tables());
    }
    read_columns();
    read_labels();
    read_constraints();
    read_domain_checks();
    read_indexes();
    for (Entry& entry : entries_) look_at_rows(entry.table);
    for (Entry& entry : entries_) catalog_.tables.push_back(std::move(entry.table));
    connection_.run_script("ROLLBACK");
    return std::move(catalog_);
  }

 private:
  struct Entry {
    Table table;
    std::unordered_map<std::string, std::string> names;  ///< attnum -> column, those that may not be read too
    std::unordered_map<std::string, std::string> enums;  ///< column -> oid of its enum
  };

  PostgresResult run(const char* sql) { return connection_.run(sql, std::vector<base::Value>{oids_}); }

  std::string schemas_with_tables() {
    const PostgresResult found = connection_.run(
        "SELECT DISTINCT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN "
        "('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE "
        "'pg\\_%' ORDER BY 1");
    std::vector<std::string> names;
    for (int row = 0; row < found.rows(); ++row) names.emplace_back(found.text(row, 0));
    return names.empty() ? "no schema of this database has tables" : "those with tables: " + base::enumerated(names);
  }

  void check_schemas() {
    for (const std::string& schema : schemas_) {
      const std::vector<base::Value> binds = {schema};
      const PostgresResult found =
          connection_.run("SELECT has_schema_privilege(oid, 'USAGE') FROM pg_namespace WHERE nspname = $1", binds);
      if (found.rows() == 0) {
        throw IntrospectionError("there is no schema `" + schema + "`; " + schemas_with_tables());
      }
      if (found.text(0, 0) == "t") continue;
      throw IntrospectionError("this role may not use the schema `" + schema + "`: GRANT USAGE ON SCHEMA " + schema +
                               " TO …, and SELECT on its tables");
    }
  }

  void read_relations() {
    const std::vector<base::Value> binds = {array_literal(schemas_)};
    const PostgresResult found = connection_.run(relations_sql, binds);
    std::vector<std::string> oids;
    for (int row = 0; row < found.rows(); ++row) {
      std::string schema(found.text(row, 1));
      std::string name(found.text(row, 2));
      if (found.text(row, 6) != "t") {
        catalog_.left_out.push_back(
            {.schema = std::move(schema), .name = std::move(name), .reason = "this role may not SELECT from it"});
        continue;
      }
      Table table{.kind = found.text(row, 3) == "t" ? Table::Kind::View : Table::Kind::Table,
                  .unindexable = std::string(found.text(row, 7)),
                  .schema = std::move(schema),
                  .name = std::move(name),
                  .comment = std::string(found.text(row, 5)),
                  .rows = base::parse_integer(found.text(row, 4)).value_or(-1)};
      oids.emplace_back(found.text(row, 0));
      entry_by_oid_.emplace(oids.back(), entries_.size());
      entries_.push_back({.table = std::move(table), .names = {}, .enums = {}});
    }
    oids_ = array_literal(oids);
  }

  Entry& entry_of(std::string_view oid) { return entries_[entry_by_oid_.at(std::string(oid))]; }

  /// Without the schema, where that is one of those read.
  [[nodiscard]] std::string short_type(std::string_view type) const {
    for (const std::string& schema : schemas_) {
      if (type.starts_with(schema + ".")) return std::string(type.substr(schema.size() + 1));
    }
    return std::string(type);
  }

  void read_columns() {
    const PostgresResult found = run(columns_sql);
    for (int row = 0; row < found.rows(); ++row) {
      Entry& entry = entry_of(found.text(row, 0));
      std::string name(found.text(row, 2));
      entry.names.emplace(found.text(row, 1), name);
      if (found.text(row, 12) != "t") continue;
      Column column{.name = name,
                    .declared_type = short_type(found.text(row, 3)),
                    .nullable = found.text(row, 8) != "t",
                    .default_expression = std::string(found.text(row, 9)),
                    .comment = std::string(found.text(row, 10)),
                    .has_immutable_text = found.text(row, 14) == "t",
                    .has_immutable_day = found.text(row, 15) == "t"};
      set_kind({.name = found.text(row, 4),
                .type = found.text(row, 5),
                .category = found.text(row, 6),
                .modifier = base::parse_integer(found.text(row, 7)).value_or(-1)},
               column);
      // Equality of such a collation is not that of bytes.
      if (found.text(row, 13) != "t" && column.kind == ColumnKind::Text) column.kind = ColumnKind::TextLike;
      if (column.kind == ColumnKind::Enum) entry.enums.emplace(name, found.text(row, 11));
      entry.table.columns.push_back(std::move(column));
    }
  }

  void read_labels() {
    const PostgresResult found = connection_.run(labels_sql);
    std::unordered_map<std::string, std::vector<std::string>> labels;
    for (int row = 0; row < found.rows(); ++row) {
      labels[std::string(found.text(row, 0))].emplace_back(found.text(row, 1));
    }
    for (Entry& entry : entries_) {
      for (Column& column : entry.table.columns) {
        const auto type = entry.enums.find(column.name);
        if (type != entry.enums.end()) column.labels = labels[type->second];
      }
    }
  }

  static std::vector<std::string> columns_of(const Entry& entry, std::string_view numbers) {
    std::vector<std::string> columns;
    while (!numbers.empty()) {
      const std::string_view number = numbers.substr(0, numbers.find(' '));
      const auto name = entry.names.find(std::string(number));
      if (name == entry.names.end()) break;  // 0: an expression
      columns.push_back(name->second);
      numbers.remove_prefix(std::min(numbers.size(), number.size() + 1));
    }
    return columns;
  }

  static void set_labels(Entry& entry, const std::string& name, std::vector<std::string> labels) {
    for (Column& column : entry.table.columns) {
      if (column.name == name && column.labels.empty()) column.labels = std::move(labels);
    }
  }

  void read_constraints() {
    const PostgresResult found = run(constraints_sql);
    for (int row = 0; row < found.rows(); ++row) {
      Entry& entry = entry_of(found.text(row, 0));
      const std::string_view type = found.text(row, 1);
      std::vector<std::string> columns = columns_of(entry, found.text(row, 2));
      if (type == "p") {
        entry.table.primary_key = std::move(columns);
      } else if (type == "c") {
        entry.table.checks.emplace_back(found.text(row, 5));
        auto listed = listed_values(found.text(row, 5));
        if (listed && found.text(row, 6) == "t") set_labels(entry, listed->column, std::move(listed->values));
      } else if (const auto target = entry_by_oid_.find(std::string(found.text(row, 3)));
                 target != entry_by_oid_.end()) {
        const Entry& other = entries_[target->second];
        entry.table.foreign_keys.push_back({.columns = std::move(columns),
                                            .schema = other.table.schema,
                                            .table = other.table.name,
                                            .target_columns = columns_of(other, found.text(row, 4))});
      }
    }
  }

  void read_domain_checks() {
    const PostgresResult found = run(domain_checks_sql);
    for (int row = 0; row < found.rows(); ++row) {
      auto listed = listed_values(found.text(row, 2));
      if (!listed || listed->column != "value") continue;
      Entry& entry = entry_of(found.text(row, 0));
      set_labels(entry, entry.names[std::string(found.text(row, 1))], std::move(listed->values));
    }
  }

  void read_indexes() {
    const PostgresResult found = run(indexes_sql);
    for (int row = 0; row < found.rows(); ++row) {
      Entry& entry = entry_of(found.text(row, 0));
      std::vector<std::string> columns = columns_of(entry, found.text(row, 1));
      const auto keys = static_cast<std::size_t>(base::parse_integer(found.text(row, 2)).value_or(0));
      if (columns.empty() || found.text(row, 4) != "btree") continue;
      const bool is_whole = columns.size() >= keys;  // what INCLUDE adds is no part of the key
      columns.resize(std::min(columns.size(), keys));
      entry.table.indexes.push_back({.columns = std::move(columns),
                                     .is_unique = is_whole && found.text(row, 3) == "t",
                                     .is_bytewise = found.text(row, 5) == "t"});
    }
  }

  static std::string full_name(const Table& table) {
    std::string name;
    base::append_sql_quoted(name, table.schema);
    name += '.';
    base::append_sql_quoted(name, table.name);
    return name;
  }

  /// A view may fail, or take long: then nothing is known of its rows.
  std::optional<PostgresResult> attempt(const std::string& sql) {
    connection_.run_script("SAVEPOINT attempt");
    try {
      PostgresResult result = connection_.run(sql);
      connection_.run_script("RELEASE attempt");
      return result;
    } catch (const PostgresError&) {
      connection_.run_script("ROLLBACK TO attempt");
      return std::nullopt;
    }
  }

  void look_at_rows(Table& table) {
    read_examples(table);
    if (table.rows >= rows_looked_at && table.kind == Table::Kind::Table) return;
    const bool wants_key = table.primary_key.empty();
    std::string sql = "SELECT count(*)";
    std::vector<std::string> candidates;
    for (const Column& column : table.columns) {
      const bool is_key_like = column.kind == ColumnKind::Integer || column.kind == ColumnKind::Text ||
                               column.kind == ColumnKind::TextLike;
      if (!wants_key || !is_key_like) continue;
      candidates.push_back(column.name);
      sql += ", count(DISTINCT ";
      base::append_sql_quoted(sql, column.name);
      sql += ")";
    }
    sql += " FROM (SELECT * FROM " + full_name(table) + " LIMIT " + std::to_string(rows_looked_at + 1) + ") t";
    const auto counted = attempt(sql);
    if (!counted) {
      table.rows_are_more = true;
      return;
    }
    table.rows = base::parse_integer(counted->text(0, 0)).value_or(0);
    table.rows_are_more = table.rows > rows_looked_at;
    if (table.rows_are_more) return;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const bool is_unique = counted->text(0, static_cast<int>(i) + 1) == counted->text(0, 0);
      if (is_unique && table.rows > 0) table.seen_unique.push_back(candidates[i]);
    }
  }

  void read_examples(Table& table) {
    if (table.columns.empty()) return;
    std::string sql = "SELECT ";
    for (const Column& column : table.columns) {
      if (sql.size() > 7) sql += ", ";
      if (column.kind == ColumnKind::Binary || column.kind == ColumnKind::Unreadable) {
        sql += "NULL";
        continue;
      }
      sql += "left(";
      base::append_sql_quoted(sql, column.name);
      sql += "::text, " + std::to_string(example_bytes) + ")";
    }
    const auto row = attempt(sql + " FROM " + full_name(table) + " LIMIT 1");
    if (!row || row->rows() == 0) return;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const int column = static_cast<int>(i);
      if (!row->is_null(0, column)) table.columns[i].example = std::string(row->text(0, column));
    }
  }

  PostgresConnection connection_;
  std::vector<std::string> schemas_;
  Catalog catalog_;
  std::vector<Entry> entries_;
  std::unordered_map<std::string, std::size_t> entry_by_oid_;
  std::string oids_;
};

}  // namespace

Catalog introspect_postgres(const PostgresCatalogQuery& query) {
  return Introspection(query).read();
}

}  // namespace portico::store
