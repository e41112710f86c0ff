#include "store/postgres_catalogue.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "store/postgres_schema.hpp"
#include "store/sqlite_connection.hpp"

namespace portico::store {
namespace {

constexpr std::string_view schema_query =
    "SELECT has_schema_privilege(oid, 'USAGE') FROM pg_catalog.pg_namespace WHERE nspname = $1";

constexpr std::string_view tables_query =
    "SELECT c.relname, CASE WHEN c.relispartition THEN 'partition' WHEN c.relkind = 'v' THEN 'view' "
    "WHEN c.relkind = 'm' THEN 'materialized view' WHEN c.relkind = 'f' THEN 'foreign table' ELSE 'table' "
    "END FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY c.oid";

// A collation is named where it is not the one that a migration gives.
constexpr std::string_view columns_query =
    "SELECT c.relname, a.attname, pg_catalog.format_type(a.atttypid, NULL) || CASE WHEN o.collname IS NULL OR "
    "o.collname = 'C' THEN '' ELSE ' COLLATE ' || pg_catalog.quote_ident(o.collname) END, NOT a.attnotnull, "
    "has_column_privilege(c.oid, a.attnum, 'SELECT'), "
    "a.atthasdef OR a.attidentity <> '' OR t.typdefault IS NOT NULL "
    "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
    "JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
    "JOIN pg_catalog.pg_type t ON t.oid = a.atttypid "
    "LEFT JOIN pg_catalog.pg_collation o ON o.oid = a.attcollation "
    "WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'f') "
    "ORDER BY c.oid, a.attnum";

// One row for each column of each index. `plain` is whether the column is one of the table's, in the order that an
// index has by default: its own collation and operators, nulls as the largest value.
constexpr std::string_view indexes_query =
    "SELECT t.relname, i.relname, x.indisunique, x.indisvalid, coalesce(k.conname, ''), a.attname, "
    "x.indoption[p.n] & 1 = 1, "
    "x.indpred IS NULL AND a.attname IS NOT NULL AND m.amname = 'btree' AND x.indoption[p.n] IN (0, 3) AND "
    "x.indcollation[p.n] = a.attcollation AND o.opcdefault, x.indisprimary "
    "FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid "
    "JOIN pg_catalog.pg_class t ON t.oid = x.indrelid JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace "
    "JOIN pg_catalog.pg_am m ON m.oid = i.relam "
    "LEFT JOIN pg_catalog.pg_constraint k ON k.conindid = i.oid AND k.contype IN ('p', 'u', 'x') "
    "CROSS JOIN LATERAL pg_catalog.generate_series(0, x.indnkeyatts - 1) AS p(n) "
    "LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[p.n] "
    "LEFT JOIN pg_catalog.pg_opclass o ON o.oid = x.indclass[p.n] "
    "WHERE n.nspname = $1 ORDER BY t.oid, i.oid, p.n";

std::optional<ColumnType> type_declared_as(std::string_view declared) {
  if (declared == "text") return ColumnType::Text;  // in byte order: any other is named
  for (const ColumnType type : {ColumnType::Integer, ColumnType::Boolean, ColumnType::Timestamp, ColumnType::Date,
                                ColumnType::Json, ColumnType::Bytes}) {
    if (declared == postgres_type(type)) return type;
  }
  return std::nullopt;
}

PresentTable* find_table(PresentSchema& schema, std::string_view name) {
  const auto found = std::find_if(schema.tables.begin(), schema.tables.end(),
                                  [name](const PresentTable& table) { return table.name == name; });
  return found == schema.tables.end() ? nullptr : &*found;
}

std::string listed(const std::vector<std::string>& columns, std::string_view before, std::string_view between) {
  std::string text;
  for (const std::string& column : columns) {
    text += (text.empty() ? "" : std::string(between)) + quoted_name(column) + std::string(before);
  }
  return text;
}

}  // namespace

PresentSchema PostgresCatalogue::read() {
  PresentSchema schema;
  const std::array<base::Value, 1> name = {schema_};
  schema.exists = connection_.run(std::string(schema_query), name).rows() > 0;
  const PostgresResult tables = connection_.run(std::string(tables_query), name);
  for (int row = 0; row < tables.rows(); ++row) {
    schema.tables.push_back({.name = std::string(tables.text(row, 0)),
                             .kind = std::string(tables.text(row, 1)),
                             .columns = {},
                             .indexes = {}});
  }
  read_columns(schema);
  read_indexes(schema);
  return schema;
}

void PostgresCatalogue::read_columns(PresentSchema& schema) {
  const std::array<base::Value, 1> name = {schema_};
  const PostgresResult usage = connection_.run(std::string(schema_query), name);
  const bool usable = usage.rows() > 0 && usage.text(0, 0) == "t";
  const PostgresResult columns = connection_.run(std::string(columns_query), name);
  for (int row = 0; row < columns.rows(); ++row) {
    PresentTable* table = find_table(schema, columns.text(row, 0));
    if (table == nullptr) continue;  // it was made since
    PresentColumn column{
        .name = std::string(columns.text(row, 1)), .declared = std::string(columns.text(row, 2)), .type = {}};
    column.type = type_declared_as(column.declared);
    column.nullable = columns.text(row, 3) == "t";
    column.readable = usable && columns.text(row, 4) == "t";
    column.given = columns.text(row, 5) == "t";
    table->columns.push_back(std::move(column));
  }
}

void PostgresCatalogue::read_indexes(PresentSchema& schema) {
  const std::array<base::Value, 1> name = {schema_};
  const PostgresResult parts = connection_.run(std::string(indexes_query), name);
  std::vector<std::pair<PresentTable*, std::size_t>> odd;
  for (int row = 0; row < parts.rows(); ++row) {
    PresentTable* table = find_table(schema, parts.text(row, 0));
    if (table == nullptr) continue;
    if (table->indexes.empty() || table->indexes.back().name != parts.text(row, 1)) {
      table->indexes.push_back({.name = std::string(parts.text(row, 1)),
                                .unique = parts.text(row, 2) == "t",
                                .usable = parts.text(row, 3) == "t",
                                .columns = {},
                                .constraint = std::string(parts.text(row, 4)),
                                .primary = parts.text(row, 8) == "t"});
    }
    table->indexes.back().columns.push_back({std::string(parts.text(row, 5)), parts.text(row, 6) == "t"
                                                                                  ? model::Direction::Descending
                                                                                  : model::Direction::Ascending});
    if (parts.text(row, 7) != "t") odd.emplace_back(table, table->indexes.size() - 1);
  }
  for (const auto& [table, index] : odd) table->indexes[index].columns.clear();
}

bool PostgresCatalogue::has_rows(const std::string& table) {
  return number("SELECT EXISTS (SELECT 1 FROM " + postgres_name(schema_, table) + ")::int") != 0;
}

std::int64_t PostgresCatalogue::nulls(const Columns& columns) {
  return number("SELECT count(*) FROM " + postgres_name(schema_, columns.table) + " WHERE " +
                listed(columns.columns, " IS NULL", " OR "));
}

std::int64_t PostgresCatalogue::duplicates(const Columns& columns) {
  return number("SELECT count(*) FROM (SELECT 1 FROM " + postgres_name(schema_, columns.table) + " WHERE " +
                listed(columns.columns, " IS NOT NULL", " AND ") + " GROUP BY " + listed(columns.columns, "", ", ") +
                " HAVING count(*) > 1) AS several");
}

std::int64_t PostgresCatalogue::number(const std::string& sql) {
  return base::parse_integer(connection_.run(sql).text(0, 0)).value_or(0);
}

}  // namespace portico::store
