#include "plan/sqlite_filter.hpp"

#include <algorithm>
#include <charconv>

#include "base/calendar.hpp"

namespace portico::plan {
namespace {

using base::Value;
using model::Lookup;

double real_of(std::string_view decimal) {
  double real = 0;
  std::from_chars(decimal.data(), decimal.data() + decimal.size(), real);
  return real;
}

/// `2005-05-24`, that many days behind the instant's; empty beyond the years that can be written.
std::string written_day(base::Microseconds instant, std::int64_t days) {
  const base::Microseconds moved = instant + days * base::microseconds_per_day;
  if (moved < base::microseconds_min || moved > base::microseconds_max) return {};
  return base::format_timestamp(moved).substr(0, 10);
}

bool is_plain(ColumnKind kind) {
  return kind == ColumnKind::Text || kind == ColumnKind::CastText || kind == ColumnKind::Integer ||
         kind == ColumnKind::Boolean || kind == ColumnKind::Instant || kind == ColumnKind::Day;
}

}  // namespace

/// The column as a column of Portico's own would hold it.
void SqliteFilter::write_shown(const SqlColumn& column) {
  switch (column.kind) {
    case ColumnKind::Text:
    case ColumnKind::Integer:
    case ColumnKind::WholeNumber:
    case ColumnKind::Boolean:
    case ColumnKind::BooleanNumber:
    case ColumnKind::Instant:
    case ColumnKind::Day:
    case ColumnKind::Json:
      sql_.text(column.text);
      return;
    case ColumnKind::CastText:
      sql_.text("CAST(").text(column.text).text(" AS TEXT)");
      return;
    case ColumnKind::Hundredths:
      sql_.text("portico_hundredths(").text(column.text).text(")");
      return;
    case ColumnKind::LocalInstant:
      sql_.text("portico_instant(").text(column.text).text(")");
      return;
    case ColumnKind::Seconds:
      sql_.text("portico_seconds(").text(column.text).text(")");
      return;
    case ColumnKind::DayOfTimestamp:
      sql_.text("substr(").text(column.text).text(", 1, 10)");
      return;
  }
}

void SqliteFilter::write_folded(const SqlColumn& column) {
  sql_.text("portico_fold(");
  write_shown(column);
  sql_.text(")");
}

/// The tables of others may declare columns that compare without regard to case.
void SqliteFilter::write_collation() {
  if (rules_.existing) sql_.text(" COLLATE BINARY");
}

void SqliteFilter::write_text_comparison(const SqlColumn& column, Comparison comparison, const Value& value) {
  write_shown(column);
  sql_.text(symbol_of(comparison)).bind(value);
  write_collation();
}

/// CAST gives the value the affinity of a number, and so the column too, should it be one for text; an index on a
/// column for numbers serves.
void SqliteFilter::write_unit_edge(const SqlColumn& column, const UnitEdge& edge) {
  sql_.text(column.text).text(symbol_of(edge.comparison)).text("CAST(").bind(real_of(edge.units)).text(" AS REAL)");
  // Texts, which are no numbers, stand behind all numbers.
  const bool upwards = edge.comparison == Comparison::Greater || edge.comparison == Comparison::GreaterOrEqual;
  if (upwards) sql_.text(" AND ").text(column.text).text(" < 9e999");
}

void SqliteFilter::write_units(const SqlColumn& column, Comparison comparison, std::int64_t hundredths) {
  if (comparison != Comparison::Equal) return write_unit_edge(column, unit_edge(comparison, hundredths));
  write_unit_edge(column, unit_edge(Comparison::GreaterOrEqual, hundredths));
  sql_.text(" AND ");
  write_unit_edge(column, unit_edge(Comparison::LessOrEqual, hundredths));
}

/// An index on the text serves for the days: the instant's is the day that is written, or one beside it, as no
/// offset reaches 24 hours. The exact comparison follows.
void SqliteFilter::write_written_instant(const SqlColumn& column, Comparison comparison, base::Microseconds instant) {
  const std::string first = written_day(instant, -1);
  const std::string behind = written_day(instant, 2);
  if (comparison >= Comparison::Equal && !first.empty()) {
    sql_.text(column.text).text(" >= ").bind(first);
    write_collation();
    sql_.text(" AND ");
  }
  if (comparison <= Comparison::Equal && !behind.empty()) {
    sql_.text(column.text).text(" < ").bind(behind);
    write_collation();
    sql_.text(" AND ");
  }
  write_shown(column);
  sql_.text(symbol_of(comparison)).bind(instant);
}

/// A timestamp's text begins with its day, so a day is a range of texts.
void SqliteFilter::write_written_day(const SqlColumn& column, Comparison comparison, std::string_view day) {
  const auto write_edge = [&](Comparison edge, std::string text) {
    sql_.text(column.text).text(symbol_of(edge)).bind(std::move(text));
    write_collation();
  };
  switch (comparison) {
    case Comparison::Less:
      return write_edge(Comparison::Less, std::string(day));
    case Comparison::LessOrEqual:
      return write_edge(Comparison::Less, behind_prefix(day));
    case Comparison::Equal:
      write_edge(Comparison::GreaterOrEqual, std::string(day));
      sql_.text(" AND ");
      return write_edge(Comparison::Less, behind_prefix(day));
    case Comparison::GreaterOrEqual:
      return write_edge(Comparison::GreaterOrEqual, std::string(day));
    case Comparison::Greater:
      return write_edge(Comparison::GreaterOrEqual, behind_prefix(day));
  }
}

void SqliteFilter::write_comparison(const SqlColumn& column, Comparison comparison, const Value& value) {
  switch (column.kind) {
    case ColumnKind::Text:
    case ColumnKind::CastText:
    case ColumnKind::Day:
    case ColumnKind::Json:
      return write_text_comparison(column, comparison, value);
    case ColumnKind::Integer:
    case ColumnKind::Boolean:
    case ColumnKind::Instant:
      sql_.text(column.text).text(symbol_of(comparison)).bind(value);
      return;
    case ColumnKind::WholeNumber:
      sql_.text(column.text).text(symbol_of(comparison)).text("CAST(").bind(value).text(" AS INTEGER)");
      return;
    case ColumnKind::Hundredths:
      return write_units(column, comparison, std::get<std::int64_t>(value));
    case ColumnKind::BooleanNumber:
      sql_.text(column.text).text(std::get<std::int64_t>(value) != 0 ? " <> 0" : " = 0");
      return;
    case ColumnKind::LocalInstant:
      return write_written_instant(column, comparison, std::get<std::int64_t>(value));
    case ColumnKind::Seconds:
      sql_.text(column.text).text(symbol_of(comparison)).text("CAST(");
      sql_.bind(real_of(seconds_text(std::get<std::int64_t>(value)))).text(" AS REAL)");
      return;
    case ColumnKind::DayOfTimestamp:
      return write_written_day(column, comparison, std::get<std::string>(value));
  }
}

void SqliteFilter::write_any(const SqlColumn& column, const std::vector<Value>& values) {
  if (values.size() == 1) return write_comparison(column, Comparison::Equal, values.front());
  if (!is_plain(column.kind)) {
    sql_.text("(");
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) sql_.text(" OR ");
      write_comparison(column, Comparison::Equal, values[i]);
    }
    sql_.text(")");
    return;
  }
  write_shown(column);
  write_collation();  // IN takes its left side's
  sql_.text(" IN (");
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) sql_.text(", ");
    sql_.bind(values[i]);
  }
  sql_.text(")");
}

/// A prefix as a range, so that an index on the column serves.
void SqliteFilter::write_prefix(const SqlColumn& column, const Value& value) {
  write_text_comparison(column, Comparison::GreaterOrEqual, value);
  if (std::string end = behind_prefix(std::get<std::string>(value)); !end.empty()) {
    sql_.text(" AND ");
    write_text_comparison(column, Comparison::Less, std::move(end));
  }
}

void SqliteFilter::write_folded_prefix(const SqlColumn& column, const Value& value) {
  write_folded(column);
  sql_.text(" >= ").bind(value);
  if (std::string end = behind_prefix(std::get<std::string>(value)); !end.empty()) {
    sql_.text(" AND ");
    write_folded(column);
    sql_.text(" < ").bind(std::move(end));
  }
}

/// function(column, value …)
void SqliteFilter::write_call(std::string_view function, const SqlColumn& column, const std::vector<Value>& values) {
  sql_.text(function).text("(");
  write_shown(column);
  for (const Value& value : values) sql_.text(", ").bind(value);
  sql_.text(")");
}

void SqliteFilter::write_regex(std::string_view function, const SqlColumn& column, const Value& pattern) {
  sql_.text(function).text("(").bind(pattern).text(", ");
  write_shown(column);
  sql_.text(")");
}

void SqliteFilter::write_date_part(base::DatePart part, const SqlColumn& column, const Value& value) {
  sql_.text("portico_date_part(").bind(static_cast<std::int64_t>(part)).text(", ");
  write_shown(column);
  sql_.text(") = ").bind(value);
}

void SqliteFilter::write(const SqlColumn& column, Lookup lookup, const std::vector<Value>& values) {
  switch (lookup) {
    case Lookup::Exact:
    case Lookup::In:
      return write_any(column, values);
    case Lookup::Gt:
    case Lookup::Gte:
    case Lookup::Lt:
    case Lookup::Lte:
      return write_comparison(column, comparison_of(lookup), values.at(0));
    case Lookup::IExact:
      write_folded(column);
      sql_.text(" = ").bind(values.at(0));
      return;
    case Lookup::StartsWith:
      return write_prefix(column, values.at(0));
    case Lookup::IStartsWith:
      return write_folded_prefix(column, values.at(0));
    case Lookup::Contains:
      write_call("instr", column, values);
      sql_.text(" > 0");
      return;
    case Lookup::IContains:
      return write_call("portico_contains_folded", column, values);
    case Lookup::EndsWith:
      return write_call("portico_ends_with", column, values);
    case Lookup::IEndsWith:
      sql_.text("portico_ends_with(");
      write_folded(column);
      sql_.text(", ").bind(values.at(0)).text(")");
      return;
    case Lookup::Search:
      return write_call("portico_search", column, values);
    case Lookup::Regex:
      return write_regex("portico_regex", column, values.at(0));
    case Lookup::IRegex:
      return write_regex("portico_iregex", column, values.at(0));
    case Lookup::Year:
      write_comparison(column, Comparison::GreaterOrEqual, values.at(0));
      sql_.text(" AND ");
      return write_comparison(column, Comparison::Less, values.at(1));
    case Lookup::Month:
      return write_date_part(base::DatePart::Month, column, values.at(0));
    case Lookup::WeekDay:
      return write_date_part(base::DatePart::WeekDay, column, values.at(0));
    case Lookup::Day:
      return write_date_part(base::DatePart::Day, column, values.at(0));
    case Lookup::Hour:
      return write_date_part(base::DatePart::Hour, column, values.at(0));
    case Lookup::IsNull:
      write_shown(column);
      sql_.text(std::get<std::int64_t>(values.at(0)) != 0 ? " IS NULL" : " IS NOT NULL");
      return;
  }
}

}  // namespace portico::plan
