#include "store/postgres_schema.hpp"

#include <algorithm>
#include <array>

#include "store/sqlite_connection.hpp"

namespace portico::store {
namespace {

/// How values of one type become those of another; `%` is the column. Fails, and so changes nothing, where a value
/// has no equal.
struct Conversion {
  std::string_view from;  ///< as PostgreSQL writes the type
  ColumnType to;
  std::string_view expression;
  Effect effect = Effect::Harmless;
};

constexpr std::string_view instant_text = R"(to_char(% AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))";
constexpr std::string_view instant_of_integer =
    "timestamptz 'epoch' + % / 86400000000 * interval '1 day' + mod(%, 86400000000) * interval '1 microsecond'";
constexpr std::string_view integer_of_instant = "(extract(epoch from %) * 1000000)::bigint";

constexpr std::array<Conversion, 25> conversions = {{
    {"boolean", ColumnType::Text, "%::int::text"},
    {"timestamp with time zone", ColumnType::Text, instant_text},
    {"smallint", ColumnType::Integer, "%::bigint"},
    {"integer", ColumnType::Integer, "%::bigint"},
    {"numeric", ColumnType::Integer, "%::bigint", Effect::LosesData},
    {"double precision", ColumnType::Integer, "%::bigint", Effect::LosesData},
    {"text", ColumnType::Integer, "%::bigint", Effect::LosesData},
    {"character varying", ColumnType::Integer, "%::bigint", Effect::LosesData},
    {"json", ColumnType::Integer, "%::text::bigint", Effect::LosesData},
    {"boolean", ColumnType::Integer, "%::int::bigint"},
    {"timestamp with time zone", ColumnType::Integer, integer_of_instant},
    {"bigint", ColumnType::Boolean, "%::text::boolean"},
    {"integer", ColumnType::Boolean, "%::text::boolean"},
    {"smallint", ColumnType::Boolean, "%::text::boolean"},
    {"text", ColumnType::Boolean, "%::boolean", Effect::LosesData},
    {"bigint", ColumnType::Timestamp, instant_of_integer},
    {"date", ColumnType::Timestamp, "%::timestamp AT TIME ZONE 'UTC'"},
    {"timestamp without time zone", ColumnType::Timestamp, "% AT TIME ZONE 'UTC'"},
    {"text", ColumnType::Timestamp, "%::timestamptz", Effect::LosesData},
    {"text", ColumnType::Date, "%::date", Effect::LosesData},
    {"timestamp with time zone", ColumnType::Date, "(% AT TIME ZONE 'UTC')::date", Effect::LosesData},
    {"text", ColumnType::Json, "%::json"},
    {"jsonb", ColumnType::Json, "%::json"},
    {"bigint", ColumnType::Json, "to_json(%)"},
    {"boolean", ColumnType::Json, "to_json(%)"},
}};

// Every type has a text.
constexpr Conversion to_text = {"", ColumnType::Text, "%::text", Effect::Harmless};

const Conversion* conversion_of(std::string_view declared, ColumnType to) {
  // `text COLLATE "de_DE"` is text, too.
  const std::string_view from = declared.substr(0, declared.find(" COLLATE "));
  const auto* found = std::find_if(conversions.begin(), conversions.end(), [&](const Conversion& conversion) {
    return conversion.from == from && conversion.to == to;
  });
  if (found != conversions.end()) return found;
  return to == ColumnType::Text ? &to_text : nullptr;
}

/// `%` is the column.
std::string written(std::string_view expression, const std::string& column) {
  std::string sql;
  for (const char c : expression) {
    if (c == '%') {
      sql += column;
    } else {
      sql += c;
    }
  }
  return sql;
}

std::string column_sql(const WantedColumn& column) {
  return quoted_name(column.name) + " " + std::string(postgres_type(column.type)) +
         (column.nullable ? "" : " NOT NULL");
}

std::string column_list(const std::vector<IndexColumn>& columns) {
  std::string sql = "(";
  std::string_view separator;
  for (const IndexColumn& column : columns) {
    sql.append(separator).append(quoted_name(column.name));
    if (column.direction == model::Direction::Descending) sql += " DESC";
    separator = ", ";
  }
  return sql + ")";
}

}  // namespace

std::string postgres_schema(std::string_view production, model::Mode mode) {
  switch (mode) {
    case model::Mode::Production:
      return std::string(production);
    case model::Mode::Sandbox:
      return std::string(production) + "_sandbox";
  }
  return std::string(production);
}

std::string postgres_name(std::string_view schema, std::string_view name) {
  return quoted_name(schema) + "." + quoted_name(name);
}

std::string_view postgres_type(ColumnType type) {
  switch (type) {
    case ColumnType::Text:
      return "text COLLATE \"C\"";
    case ColumnType::Integer:
      return "bigint";
    case ColumnType::Boolean:
      return "boolean";
    case ColumnType::Timestamp:
      return "timestamp with time zone";
    case ColumnType::Date:
      return "date";
    case ColumnType::Json:
      return "json";
    case ColumnType::Bytes:
      return "bytea";
  }
  return "text COLLATE \"C\"";
}

std::string PostgresSchemaWriter::create_schema() const {
  return "CREATE SCHEMA " + quoted_name(schema_);
}

std::string PostgresSchemaWriter::create_table(const WantedTable& table) const {
  std::string sql = "CREATE TABLE " + quoted_table(table.name) + " (";
  std::string_view separator = "\n  ";
  for (const WantedColumn& column : table.columns) {
    sql.append(separator).append(column_sql(column));
    separator = ",\n  ";
  }
  return sql + "\n)";
}

std::string PostgresSchemaWriter::add_column(const std::string& table, const WantedColumn& column) const {
  return "ALTER TABLE " + quoted_table(table) + " ADD COLUMN " + column_sql(column);
}

std::string PostgresSchemaWriter::create_index(const WantedIndex& index) const {
  switch (index.uniqueness) {
    case Uniqueness::Key:
      return "ALTER TABLE " + quoted_table(index.table) + " ADD CONSTRAINT " + quoted_name(index.name) +
             " PRIMARY KEY " + column_list(index.columns);
    case Uniqueness::Unique:
      return "CREATE UNIQUE INDEX " + quoted_name(index.name) + " ON " + quoted_table(index.table) + " " +
             column_list(index.columns);
    case Uniqueness::Plain:
      return "CREATE INDEX " + quoted_name(index.name) + " ON " + quoted_table(index.table) + " " +
             column_list(index.columns);
  }
  return {};
}

std::string PostgresSchemaWriter::drop_index(const PresentTable& table, const PresentIndex& index) const {
  if (index.constraint.empty()) return "DROP INDEX " + postgres_name(schema_, index.name);
  return "ALTER TABLE " + quoted_table(table.name) + " DROP CONSTRAINT " + quoted_name(index.constraint);
}

std::string PostgresSchemaWriter::drop_column(const std::string& table, const std::string& column) const {
  return "ALTER TABLE " + quoted_table(table) + " DROP COLUMN " + quoted_name(column);
}

std::string PostgresSchemaWriter::drop_table(const std::string& table) const {
  return "DROP TABLE " + quoted_table(table);
}

std::string PostgresSchemaWriter::quoted_table(const std::string& table) const {
  return postgres_name(schema_, table);
}

bool PostgresSchemaWriter::is_of_type(const PresentColumn& column, ColumnType type) const {
  return column.type == type;
}

std::string PostgresSchemaWriter::alter_column(const std::string& table, const std::string& column) const {
  return "ALTER TABLE " + quoted_table(table) + " ALTER COLUMN " + quoted_name(column);
}

Change PostgresSchemaWriter::change_type(const std::string& table, const ColumnChange& column) const {
  const std::string type(postgres_type(column.wanted.type));
  const std::string name = quoted_name(column.present.name);
  Change change{.place = {},
                .what = "column " + table + "." + column.present.name + " becomes " + type + " (it is " +
                        column.present.declared + ")",
                .sql = {}};
  const Conversion* conversion = conversion_of(column.present.declared, column.wanted.type);
  if (conversion == nullptr) {
    change.effect = Effect::Impossible;
    change.advice = "no way is known from " + column.present.declared + " to " + type + ": make it one by hand (`" +
                    alter_column(table, column.present.name) + " TYPE " + type +
                    " USING …`), or give the field another column (`column:`)";
    return change;
  }
  change.effect = conversion->effect;
  change.sql = {alter_column(table, column.present.name) + " TYPE " + type + " USING " +
                written(conversion->expression, name)};
  change.advice = "nobody reads or writes " + table +
                  " while its rows are written anew; it stops, and changes nothing, where a value has no equal";
  return change;
}

Change PostgresSchemaWriter::change_nullability(const std::string& table, const ColumnChange& column) const {
  const bool nullable = column.wanted.nullable;
  Change change{
      .place = {},
      .what = "column " + table + "." + column.present.name + (nullable ? " may be null" : " may no longer be null"),
      .sql = {alter_column(table, column.present.name) + (nullable ? " DROP NOT NULL" : " SET NOT NULL")}};
  if (column.is_left_over) change.advice = advice_on_left_over(column.present.name);
  if (nullable || column.nulls == 0) return change;
  change.effect = Effect::Impossible;
  change.advice = advice_on({quoted_table(table), column.present.name, column.nulls});
  return change;
}

std::vector<Change> PostgresSchemaWriter::alter(const PresentTable& table, const std::vector<ColumnChange>& columns) {
  std::vector<Change> changes;
  for (const ColumnChange& column : columns) {
    if (!column.is_left_over && !is_of_type(column.present, column.wanted.type))
      changes.push_back(change_type(table.name, column));
    if (column.changes_nullability()) changes.push_back(change_nullability(table.name, column));
  }
  return changes;
}

std::string PostgresSchemaWriter::index_advice(const std::string& table) const {
  return "whoever writes to " + table + " waits while it is made";
}

}  // namespace portico::store
