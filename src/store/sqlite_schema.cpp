#include "store/sqlite_schema.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace portico::store {
namespace {

/// The name of a table while it is made anew.
constexpr std::string_view beside_suffix = "__made_anew";

struct Conversion {
  ColumnType from;
  ColumnType to;
  Effect effect;
};

// Values are copied as they are, into a column that takes no others; so nothing is lost silently, but for what a
// text has beyond the number that it is: `007`.
constexpr std::array<Conversion, 12> conversions = {{
    {ColumnType::Text, ColumnType::Integer, Effect::LosesData},
    {ColumnType::Text, ColumnType::Boolean, Effect::LosesData},
    {ColumnType::Text, ColumnType::Json, Effect::Harmless},
    {ColumnType::Integer, ColumnType::Text, Effect::Harmless},
    {ColumnType::Integer, ColumnType::Boolean, Effect::Harmless},
    {ColumnType::Integer, ColumnType::Json, Effect::Harmless},
    {ColumnType::Boolean, ColumnType::Text, Effect::Harmless},
    {ColumnType::Boolean, ColumnType::Integer, Effect::Harmless},
    {ColumnType::Boolean, ColumnType::Json, Effect::Harmless},
    {ColumnType::Json, ColumnType::Text, Effect::Harmless},
    {ColumnType::Json, ColumnType::Integer, Effect::LosesData},
    {ColumnType::Json, ColumnType::Boolean, Effect::LosesData},
}};

/// Of a type that no migration makes, anything may become of the values.
Effect effect_of(const PresentColumn& column, ColumnType to) {
  const auto found = std::find_if(conversions.begin(), conversions.end(), [&](const Conversion& conversion) {
    return column.type == conversion.from && conversion.to == to;
  });
  return found == conversions.end() ? Effect::LosesData : found->effect;
}

std::string_view words_for(ColumnType type) {
  switch (stored_type(type, plan::SqlFlavor::Sqlite)) {
    case ColumnType::Integer:
      return "INTEGER";
    case ColumnType::Boolean:
      return "INTEGER of 0 and 1";
    case ColumnType::Json:
      return "TEXT of JSON";
    case ColumnType::Bytes:
      return "BLOB";
    case ColumnType::Text:
    case ColumnType::Date:
    case ColumnType::Timestamp:
      return "TEXT";
  }
  return "TEXT";
}

/// One table made anew, and all that is said about it.
class Remaking {
 public:
  Remaking(SqliteCatalogue& catalogue, const PresentTable& table)
      : catalogue_(catalogue), table_(table), text_(catalogue.text_of(table.name)) {}

  void add(const ColumnChange& column, bool of_type) {
    SqliteDefinition* definition = text_.find(column.present.name);
    const auto own = definition == nullptr ? std::nullopt : own_definition(*definition);
    if (!own) {
      worsen(Effect::Impossible);
      advise("column " + column.present.name + " was not defined by a migration" +
             (definition == nullptr ? "" : " (`" + definition->rest + "`)") +
             ": what else its definition says would be lost; make the table anew by hand");
      return;
    }
    definition->rest = sqlite_definition(column.wanted) + own->default_clause;
    if (!of_type) {
      worsen(effect_of(column.present, stored_type(column.wanted.type, plan::SqlFlavor::Sqlite)));
      words_.push_back("column " + column.present.name + " becomes " + std::string(words_for(column.wanted.type)) +
                       " (it is " + std::string(words_for(own->type)) + ")");
      converts_ = true;
    }
    if (!column.changes_nullability()) return;
    words_.push_back("column " + column.present.name +
                     (column.wanted.nullable ? " may be null" : " may no longer be null"));
    if (column.is_left_over) advise(advice_on_left_over(column.present.name));
    if (column.nulls == 0) return;
    worsen(Effect::Impossible);
    advise(advice_on({quoted_name(table_.name), column.present.name, column.nulls}));
  }

  Change take() {
    if (converts_) advise("it stops, and changes nothing, where a value does not fit the new column");
    return {.place = {},
            .what = "table " + table_.name + " is made anew with its rows" +
                    (words_.empty() ? "" : ": " + base::joined(words_, "; ")),
            .sql = effect_ == Effect::Impossible ? std::vector<std::string>{} : statements(),
            .effect = effect_,
            .advice = advice_};
  }

 private:
  void worsen(Effect effect) { effect_ = std::max(effect_, effect); }
  void advise(const std::string& advice) { advice_ += (advice_.empty() ? "" : "; ") + advice; }

  [[nodiscard]] std::vector<std::string> statements() {
    const std::string beside = table_.name + std::string(beside_suffix);
    std::string columns;
    for (const std::string& column : catalogue_.stored_columns(table_.name)) {
      columns += (columns.empty() ? "" : ", ") + quoted_name(column);
    }
    std::vector<std::string> sql = {text_.create(beside),
                                    "INSERT INTO " + quoted_name(beside) + " (" + columns + ") SELECT " + columns +
                                        " FROM " + quoted_name(table_.name),
                                    "DROP TABLE " + quoted_name(table_.name),
                                    "ALTER TABLE " + quoted_name(beside) + " RENAME TO " + quoted_name(table_.name)};
    const auto companions = catalogue_.companions_of(table_);
    sql.insert(sql.end(), companions.begin(), companions.end());
    return sql;
  }

  SqliteCatalogue& catalogue_;
  const PresentTable& table_;
  SqliteTableText text_;
  Effect effect_ = Effect::Harmless;
  std::vector<std::string> words_;
  std::string advice_;
  bool converts_ = false;
};

}  // namespace

std::string sqlite_table_sql(const WantedTable& table) {
  SqliteTableText text{.definitions = {}, .options = "STRICT"};
  for (const WantedColumn& column : table.columns) {
    text.definitions.push_back({.name = column.name, .rest = sqlite_definition(column)});
  }
  return text.create(table.name);
}

std::string sqlite_index_sql(const WantedIndex& index) {
  std::string sql = index.uniqueness == Uniqueness::Plain ? "CREATE INDEX " : "CREATE UNIQUE INDEX ";
  sql += quoted_name(index.name) + " ON " + quoted_name(index.table) + " (";
  std::string_view separator;
  for (const IndexColumn& column : index.columns) {
    sql.append(separator).append(quoted_name(column.name));
    if (column.direction == model::Direction::Descending) sql += " DESC";
    separator = ", ";
  }
  return sql + ")";
}

std::string SqliteSchemaWriter::create_table(const WantedTable& table) const {
  return sqlite_table_sql(table);
}

std::string SqliteSchemaWriter::add_column(const std::string& table, const WantedColumn& column) const {
  return "ALTER TABLE " + quoted_name(table) + " ADD COLUMN " + quoted_name(column.name) + " " +
         sqlite_definition(column);
}

std::string SqliteSchemaWriter::create_index(const WantedIndex& index) const {
  return sqlite_index_sql(index);
}

std::string SqliteSchemaWriter::drop_index(const PresentTable& /*table*/, const PresentIndex& index) const {
  return "DROP INDEX " + quoted_name(index.name);
}

std::string SqliteSchemaWriter::drop_column(const std::string& table, const std::string& column) const {
  return "ALTER TABLE " + quoted_name(table) + " DROP COLUMN " + quoted_name(column);
}

std::string SqliteSchemaWriter::drop_table(const std::string& table) const {
  return "DROP TABLE " + quoted_name(table);
}

std::string SqliteSchemaWriter::quoted_table(const std::string& table) const {
  return quoted_name(table);
}

bool SqliteSchemaWriter::is_of_type(const PresentColumn& column, ColumnType type) const {
  return column.type == stored_type(type, plan::SqlFlavor::Sqlite);
}

std::vector<Change> SqliteSchemaWriter::alter(const PresentTable& table, const std::vector<ColumnChange>& columns) {
  Remaking remaking(catalogue_, table);
  for (const ColumnChange& column : columns) remaking.add(column, is_of_type(column.present, column.wanted.type));
  return {remaking.take()};
}

std::string SqliteSchemaWriter::index_advice(const std::string& /*table*/) const {
  return "whoever writes to the database waits while it is made";
}

std::string advice_on(const NullRows& nulls) {
  const std::string column = quoted_name(nulls.column);
  return std::to_string(nulls.rows) + (nulls.rows == 1 ? " row has" : " rows have") + " no value there: `UPDATE " +
         nulls.quoted_table + " SET " + column + " = … WHERE " + column +
         " IS NULL` first, or let the field be null (`\"null\": true`)";
}

std::string advice_on_left_over(const std::string& column) {
  return "the description does not have " + column + ", so that rows that are made have no value there";
}

}  // namespace portico::store
