#include "store/sqlite_schema.hpp"

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "store/sqlite_conversion.hpp"

namespace portico::store {
namespace {

/// The name of a table while it is made anew.
constexpr std::string_view beside_suffix = "__made_anew";

std::string_view words_for(ColumnType type) {
  switch (type) {
    case ColumnType::Integer:
      return "INTEGER";
    case ColumnType::Boolean:
      return "INTEGER of 0 and 1";
    case ColumnType::Json:
      return "TEXT of JSON";
    case ColumnType::Bytes:
      return "BLOB";
    case ColumnType::Timestamp:
      return "INTEGER of timestamps";
    case ColumnType::Date:
      return "TEXT of dates";
    case ColumnType::Text:
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
    if (!of_type) convert(column, *own, *definition);
    if (!column.changes_nullability()) return;
    words_.push_back("column " + column.present.name +
                     (column.wanted.nullable ? " may be null" : " may no longer be null"));
    if (column.is_left_over) advise(advice_on_left_over(column.present.name));
    if (column.nulls == 0) return;
    worsen(Effect::Impossible);
    advise(advice_on({quoted_name(table_.name), column.present.name, column.nulls}));
  }

  Change take() {
    if (copies_) advise("it stops, and changes nothing, where a value does not fit the new column");
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

  void convert(const ColumnChange& column, const OwnDefinition& own, SqliteDefinition& definition) {
    const std::string from(words_for(own.type));
    const std::string to(words_for(column.wanted.type));
    words_.push_back("column " + column.present.name + " becomes " + to + " (it is " + from + ")");
    const SqliteConversion* conversion = sqlite_conversion(own.type, column.wanted.type);
    if (conversion == nullptr) {
      worsen(Effect::Impossible);
      advise("no way is known from " + from + " to " + to + ": give the field another column (`column:`)");
    } else if (conversion->expression.empty()) {
      worsen(conversion->effect);
      copies_ = true;
      if (own.type == ColumnType::Integer && column.wanted.type == ColumnType::Text) advise_on_digits(column);
    } else {
      definition.rest = sqlite_definition(column.wanted);
      calculate(column, *conversion);
      if (own.default_clause.empty()) return;
      advise("the column's `" + own.default_clause.substr(1) + "` goes, which is none of the new type");
    }
  }

  void calculate(const ColumnChange& column, const SqliteConversion& conversion) {
    const std::string expression = sqlite_converted(conversion.expression, quoted_name(column.present.name));
    const bool are_dates =  // which nothing is lost of
        conversion.from == ColumnType::Text && catalogue_.no_dates(table_.name, column.present).rows == 0;
    worsen(are_dates ? Effect::Harmless : conversion.effect);
    expressions_[column.present.name] = expression;
    const Catalogue::Strays strays = catalogue_.without_equal(table_.name, column.present, expression);
    if (strays.rows == 0) return;
    worsen(Effect::Impossible);
    advise(advice_on(strays) + (conversion.to == ColumnType::Timestamp
                                    ? "; make them timestamps (`2026-01-31T12:00:00Z`) or null first, or let the "
                                      "field be no timestamp"
                                    : "; make them timestamps of the years 1 to 9999, or null, first"));
  }

  /// What may be a timestamp is not guessed at.
  void advise_on_digits(const ColumnChange& column) {
    const std::string name = quoted_name(column.present.name);
    const SqliteConversion* as_timestamp = sqlite_conversion(ColumnType::Timestamp, ColumnType::Text);
    advise(
        "the numbers become their digits; where they are timestamps, which columns that earlier versions made do "
        "not say, this makes their texts of them afterwards: `UPDATE " +
        quoted_name(table_.name) + " SET " + name + " = " +
        sqlite_converted(as_timestamp->expression, "CAST(" + name + " AS INTEGER)") + "`");
  }

  [[nodiscard]] std::vector<std::string> statements() {
    const std::string beside = table_.name + std::string(beside_suffix);
    std::string columns;
    std::string values;
    for (const std::string& column : catalogue_.stored_columns(table_.name)) {
      const std::string_view separator = columns.empty() ? "" : ", ";
      const auto converted = expressions_.find(column);
      columns.append(separator).append(quoted_name(column));
      values.append(separator).append(converted == expressions_.end() ? quoted_name(column) : converted->second);
    }
    std::vector<std::string> sql = {text_.create(beside),
                                    "INSERT INTO " + quoted_name(beside) + " (" + columns + ") SELECT " + values +
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
  bool copies_ = false;                             // into a column of another type
  std::map<std::string, std::string> expressions_;  // by column: what is put there instead of the value
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
  // What is not marked may be timestamps: earlier versions marked none.
  return column.type == type || (column.type && column.type != ColumnType::Timestamp &&
                                 *column.type == stored_type(type, plan::SqlFlavor::Sqlite));
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

std::string advice_on(const Catalogue::Strays& strays) {
  const bool has_more = static_cast<std::int64_t>(strays.examples.size()) < strays.rows;
  return std::to_string(strays.rows) + (strays.rows == 1 ? " row has" : " rows have") +
         " something else there: " + base::joined(strays.examples, ", ") + (has_more ? ", …" : "");
}

std::string advice_on_left_over(const std::string& column) {
  return "the description does not have " + column + ", so that rows that are made have no value there";
}

}  // namespace portico::store
