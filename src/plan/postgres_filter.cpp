#include "plan/postgres_filter.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "base/calendar.hpp"
#include "base/fold_sources.hpp"

namespace portico::plan {
namespace {

using base::Value;
using model::Lookup;

bool has_zero_byte(std::string_view text) {
  return text.find('\0') != std::string_view::npos;
}

/// As PostgreSQL reads it. Text order has ":" behind every date of year 9999 (bind_value).
std::string day_of(const Value& value) {
  const auto& day = std::get<std::string>(value);
  return day == ":" ? "infinity" : day;
}

std::string text_of(const Value& value) {
  const auto* integer = std::get_if<std::int64_t>(&value);
  return integer != nullptr ? std::to_string(*integer) : std::get<std::string>(value);
}

/// Whether the value is a text that the column's text is searched for.
bool looks_into_text(Lookup lookup) {
  constexpr std::array<Lookup, 7> lookups = {Lookup::IExact,     Lookup::Contains,    Lookup::IContains,
                                             Lookup::StartsWith, Lookup::IStartsWith, Lookup::EndsWith,
                                             Lookup::IEndsWith};
  return std::find(lookups.begin(), lookups.end(), lookup) != lookups.end();
}

/// Kinds whose values compare by a simple operator with what the array or the bind holds.
bool is_plain(ColumnKind kind) {
  return kind == ColumnKind::Text || kind == ColumnKind::CastText || kind == ColumnKind::Integer ||
         kind == ColumnKind::WholeNumber;
}

}  // namespace

std::string_view postgres_type(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::Text:
    case ColumnKind::CastText:
    case ColumnKind::Json:
      return "text";
    case ColumnKind::Integer:
      return "bigint";
    case ColumnKind::WholeNumber:
    case ColumnKind::Hundredths:
    case ColumnKind::BooleanNumber:
    case ColumnKind::Seconds:
      return "numeric";
    case ColumnKind::Boolean:
      return "boolean";
    case ColumnKind::Instant:
      return "timestamptz";
    case ColumnKind::LocalInstant:
    case ColumnKind::DayOfTimestamp:
      return "timestamp";
    case ColumnKind::Day:
      return "date";
  }
  return "text";
}

std::string postgres_instant(base::Microseconds instant) {
  const std::int64_t days = base::floor_divide(instant, base::microseconds_per_day);
  const base::CalendarDay day = base::calendar_day(days);
  // The time of day, from an instant of that time in a year that can be written.
  std::string text = base::format_timestamp(instant - days * base::microseconds_per_day);
  const bool before_christ = day.year < 1;
  const auto number = [](std::int32_t value, std::size_t width) {
    const std::string digits = std::to_string(value);
    return std::string(width - std::min(width, digits.size()), '0') + digits;
  };
  std::string out = number(before_christ ? 1 - day.year : day.year, 4) + "-" + number(day.month, 2) + "-" +
                    number(day.day, 2) + " " + text.substr(11, 15) + "+00";
  return before_christ ? out + " BC" : out;
}

std::string postgres_array(const std::vector<std::string>& texts) {
  std::string array = "{";
  for (const std::string& text : texts) {
    array += array.size() > 1 ? ",\"" : "\"";
    for (const char letter : text) {
      if (letter == '"' || letter == '\\') array += '\\';
      array += letter;
    }
    array += '"';
  }
  return array + "}";
}

void PostgresFilter::write_false() {
  sql_.text(false_of(SqlFlavor::Postgres));
}

/// The column's text, byte by byte.
void PostgresFilter::write_text(const SqlColumn& column, std::string_view function) {
  sql_.text(function).text("(").text(column.text);
  if (column.kind != ColumnKind::Text) sql_.text("::text");
  sql_.text(R"( COLLATE "C"))");
}

void PostgresFilter::write_text_comparison(const SqlColumn& column, Comparison comparison, const std::string& text) {
  if (has_zero_byte(text)) return write_false();
  // Equality is of bytes in every collation that is deterministic: the column's own, so that its index serves.
  if (comparison == Comparison::Equal && column.kind == ColumnKind::Text) {
    sql_.text(column.text);
  } else {
    write_text(column);
  }
  sql_.text(symbol_of(comparison)).bind(text, "text");
}

void PostgresFilter::write_units(const SqlColumn& column, Comparison comparison, std::int64_t hundredths) {
  const auto write_edge = [&](Comparison side) {
    UnitEdge edge = unit_edge(side, hundredths);
    sql_.text(column.text).text(symbol_of(edge.comparison)).bind(std::move(edge.units), "numeric");
  };
  if (comparison != Comparison::Equal) return write_edge(comparison);
  write_edge(Comparison::GreaterOrEqual);
  sql_.text(" AND ");
  write_edge(Comparison::LessOrEqual);
}

/// Whole seconds are compared as integers, so that an index on an integer column serves; the exact comparison of a
/// fraction follows.
void PostgresFilter::write_seconds(const SqlColumn& column, Comparison comparison, base::Microseconds instant) {
  const std::int64_t floor = base::floor_divide(instant, base::microseconds_per_second);
  if (floor * base::microseconds_per_second == instant) {
    sql_.text(column.text).text(symbol_of(comparison)).bind(floor, "bigint");
    return;
  }
  if (comparison >= Comparison::Equal) sql_.text(column.text).text(" >= ").bind(floor, "bigint").text(" AND ");
  if (comparison <= Comparison::Equal) sql_.text(column.text).text(" <= ").bind(floor + 1, "bigint").text(" AND ");
  sql_.text(column.text).text(symbol_of(comparison)).bind(seconds_text(instant), "numeric");
}

/// A day is a range of timestamps.
void PostgresFilter::write_day_of_timestamp(const SqlColumn& column, Comparison comparison, std::string day) {
  switch (comparison) {
    case Comparison::Less:
    case Comparison::GreaterOrEqual:
      sql_.text(column.text).text(symbol_of(comparison)).bind(std::move(day), "date");
      return;
    case Comparison::LessOrEqual:
      sql_.text(column.text).text(" < (").bind(std::move(day), "date").text(" + 1)");
      return;
    case Comparison::Equal:
      sql_.text(column.text).text(" >= ").bind(std::move(day), "date");
      sql_.text(" AND ").text(column.text).text(" < (").last_bind("date").text(" + 1)");
      return;
    case Comparison::Greater:
      sql_.text(column.text).text(" >= (").bind(std::move(day), "date").text(" + 1)");
      return;
  }
}

void PostgresFilter::write_comparison(const SqlColumn& column, Comparison comparison, const Value& value) {
  const auto write_simply = [&](Value bound) {
    sql_.text(column.text).text(symbol_of(comparison)).bind(std::move(bound), postgres_type(column.kind));
  };
  switch (column.kind) {
    case ColumnKind::Text:
    case ColumnKind::CastText:
    case ColumnKind::Json:
      return write_text_comparison(column, comparison, text_of(value));
    case ColumnKind::Integer:
    case ColumnKind::WholeNumber:
    case ColumnKind::Boolean:
      return write_simply(value);
    case ColumnKind::Hundredths:
      return write_units(column, comparison, std::get<std::int64_t>(value));
    case ColumnKind::BooleanNumber:
      sql_.text(column.text).text(std::get<std::int64_t>(value) != 0 ? " <> 0" : " = 0");
      return;
    case ColumnKind::Instant:
    case ColumnKind::LocalInstant:  // reads the same text, and takes no notice of its zone
      return write_simply(postgres_instant(std::get<std::int64_t>(value)));
    case ColumnKind::Seconds:
      return write_seconds(column, comparison, std::get<std::int64_t>(value));
    case ColumnKind::Day:
      return write_simply(day_of(value));
    case ColumnKind::DayOfTimestamp:
      return write_day_of_timestamp(column, comparison, day_of(value));
  }
}

/// Several values are one array: the statement's text is the same for any number of them.
void PostgresFilter::write_any(const SqlColumn& column, const std::vector<Value>& values) {
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
  std::vector<std::string> texts;
  for (const Value& value : values) {
    std::string text = text_of(value);
    if (!has_zero_byte(text)) texts.push_back(std::move(text));
  }
  if (texts.empty()) return write_false();
  if (column.kind == ColumnKind::CastText) {
    write_text(column);
  } else {
    sql_.text(column.text);
  }
  sql_.text(" = ANY(").bind(postgres_array(texts), std::string(postgres_type(column.kind)) + "[]").text(")");
}

/// A prefix as a range, so that an index on the column serves.
void PostgresFilter::write_prefix(const SqlColumn& column, const std::string& prefix) {
  write_text_comparison(column, Comparison::GreaterOrEqual, prefix);
  if (const std::string end = behind_prefix(prefix); !end.empty()) {
    sql_.text(" AND ");
    write_text_comparison(column, Comparison::Less, end);
  }
}

/// The column's text, folded as far as a match of `needle` can tell. Most texts are ASCII, where it takes no table.
void PostgresFilter::write_folded(const SqlColumn& column, const Value& needle, std::string_view function) {
  const base::FoldSources sources = base::fold_sources(std::get<std::string>(needle));
  sql_.text(function);
  if (sources.changes_nothing()) return write_text(column);
  write_text(column, "CASE WHEN octet_length(");
  write_text(column, ") = char_length(");
  write_text(column, ") THEN lower(");
  sql_.text(") ELSE ");
  if (!sources.from.empty()) sql_.text("translate(");
  for (std::size_t i = 0; i < sources.expansions.size(); ++i) sql_.text("replace(");
  write_text(column);
  for (const base::FoldSources::Expansion& expansion : sources.expansions) {
    sql_.text(", ").bind(std::string(expansion.from), "text");
    sql_.text(", ").bind(std::string(expansion.to), "text").text(")");
  }
  if (!sources.from.empty()) {
    sql_.text(", ").bind(sources.from, "text").text(", ").bind(sources.to, "text").text(")");
  }
  sql_.text(" END");
}

/// What follows right(TEXT: as many characters as `end` has, and they are `end`.
void PostgresFilter::write_end(const Value& end) {
  sql_.text(", char_length(").bind(end, "text").text(")) = ").last_bind("text");
}

/// The wall time in the API's zone, or a date.
void PostgresFilter::write_local_time(const SqlColumn& column) {
  const std::string_view zone = rules_.zone_literal.empty() ? "'UTC'" : std::string_view(rules_.zone_literal);
  switch (column.kind) {
    case ColumnKind::LocalInstant:
      sql_.text(column.text);
      if (!rules_.zone_literal.empty()) sql_.text(" AT TIME ZONE 'UTC' AT TIME ZONE ").text(zone);
      return;
    case ColumnKind::Seconds:
      sql_.text("to_timestamp(").text(column.text).text(") AT TIME ZONE ").text(zone);
      return;
    case ColumnKind::Instant:
      sql_.text(column.text).text(" AT TIME ZONE ").text(zone);
      return;
    case ColumnKind::Text:
    case ColumnKind::CastText:
    case ColumnKind::Integer:
    case ColumnKind::WholeNumber:
    case ColumnKind::Hundredths:
    case ColumnKind::Boolean:
    case ColumnKind::BooleanNumber:
    case ColumnKind::Day:
    case ColumnKind::DayOfTimestamp:
    case ColumnKind::Json:
      sql_.text(column.text);
      return;
  }
}

void PostgresFilter::write_date_part(std::string_view part, const SqlColumn& column, const Value& value) {
  sql_.text("extract(").text(part).text(" FROM ");
  write_local_time(column);
  sql_.text(") = ").bind(value, "bigint");
}

void PostgresFilter::write(const SqlColumn& column, Lookup lookup, const std::vector<Value>& values) {
  const Value& value = values.at(0);
  if (looks_into_text(lookup) && has_zero_byte(std::get<std::string>(value))) return write_false();
  switch (lookup) {
    case Lookup::Exact:
    case Lookup::In:
      return write_any(column, values);
    case Lookup::Gt:
    case Lookup::Gte:
    case Lookup::Lt:
    case Lookup::Lte:
      return write_comparison(column, comparison_of(lookup), value);
    case Lookup::IExact:
      write_folded(column, value);
      sql_.text(" = ").bind(value, "text");
      return;
    case Lookup::StartsWith:
      return write_prefix(column, std::get<std::string>(value));
    case Lookup::IStartsWith:
      write_folded(column, value, "starts_with(");
      sql_.text(", ").bind(value, "text").text(")");
      return;
    case Lookup::Contains:
      write_text(column, "strpos(");
      sql_.text(", ").bind(value, "text").text(") > 0");
      return;
    case Lookup::IContains:
      write_folded(column, value, "strpos(");
      sql_.text(", ").bind(value, "text").text(") > 0");
      return;
    case Lookup::EndsWith:
      write_text(column, "right(");
      return write_end(value);
    case Lookup::IEndsWith:
      write_folded(column, value, "right(");
      return write_end(value);
    case Lookup::Year:
      write_comparison(column, Comparison::GreaterOrEqual, value);
      sql_.text(" AND ");
      return write_comparison(column, Comparison::Less, values.at(1));
    case Lookup::Month:
      return write_date_part("month", column, value);
    case Lookup::WeekDay:
      return write_date_part("isodow", column, value);
    case Lookup::Day:
      return write_date_part("day", column, value);
    case Lookup::Hour:
      return write_date_part("hour", column, value);
    case Lookup::IsNull:
      sql_.text(column.text).text(std::get<std::int64_t>(value) != 0 ? " IS NULL" : " IS NOT NULL");
      return;
    case Lookup::Regex:
    case Lookup::IRegex:
    case Lookup::Search:
      throw std::logic_error("PostgreSQL cannot judge a " + std::string(model::name_of(lookup)));
  }
}

}  // namespace portico::plan
