#include "plan/column_name.hpp"

#include <string_view>

namespace portico::plan {
namespace {

std::string text_of(std::string_view before, const std::string& column, std::string_view behind) {
  std::string text(before);
  return text.append(column).append(behind);
}

/// A function, a cast or the like around a column.
ColumnName around(const ColumnName& column, std::string_view before, std::string_view behind) {
  return {text_of(before, column.bare, behind), text_of(before, column.qualified, behind)};
}

/// What is selected, in SQLite: a cell as a column of Portico's own would give it.
ColumnName shown_in_sqlite(const ColumnName& column, ColumnKind kind) {
  switch (kind) {
    case ColumnKind::Text:
    case ColumnKind::Integer:
    case ColumnKind::Boolean:
    case ColumnKind::Instant:
    case ColumnKind::Day:
    case ColumnKind::Json:
      return column;
    case ColumnKind::CastText:
      return around(column, "CAST(", " AS TEXT)");
    case ColumnKind::WholeNumber:
      return around(column, "portico_whole(", ")");
    case ColumnKind::Hundredths:
      return around(column, "portico_hundredths(", ")");
    case ColumnKind::BooleanNumber:
      return around(column, "(", " <> 0)");
    case ColumnKind::LocalInstant:
      return around(column, "portico_instant(", ")");
    case ColumnKind::Seconds:
      return around(column, "portico_seconds(", ")");
    case ColumnKind::DayOfTimestamp:
      return around(column, "substr(", ", 1, 10)");
  }
  return column;
}

/// What is selected, in PostgreSQL: text that Reading knows.
ColumnName shown_in_postgres(const ColumnName& column, ColumnKind kind) {
  switch (kind) {
    case ColumnKind::CastText:
      return around(column, "", "::text");
    case ColumnKind::BooleanNumber:
      return around(column, "(", " <> 0)");
    case ColumnKind::Text:
    case ColumnKind::Integer:
    case ColumnKind::Boolean:
    case ColumnKind::Instant:
    case ColumnKind::Day:
    case ColumnKind::Json:
    case ColumnKind::WholeNumber:
    case ColumnKind::Hundredths:
    case ColumnKind::LocalInstant:
    case ColumnKind::Seconds:
    case ColumnKind::DayOfTimestamp:
      return column;
  }
  return column;
}

}  // namespace

ColumnName shown_column(const ColumnName& column, ColumnKind kind, SqlFlavor flavor) {
  switch (flavor) {
    case SqlFlavor::Sqlite:
      return shown_in_sqlite(column, kind);
    case SqlFlavor::Postgres:
      return shown_in_postgres(column, kind);
  }
  return column;
}

ColumnName order_column(const ColumnName& column, ColumnKind kind, const SqlRules& rules) {
  const bool postgres = rules.flavor == SqlFlavor::Postgres;
  const std::string_view by_bytes = postgres ? R"( COLLATE "C")" : rules.existing ? " COLLATE BINARY" : "";
  switch (kind) {
    case ColumnKind::Text:
    case ColumnKind::Json:
      return around(column, "", by_bytes);
    case ColumnKind::CastText:
      return around(shown_column(column, kind, rules.flavor), "", by_bytes);
    case ColumnKind::BooleanNumber:
      return shown_column(column, kind, rules.flavor);
    case ColumnKind::LocalInstant:
      return postgres ? column : shown_column(column, kind, rules.flavor);
    case ColumnKind::DayOfTimestamp:
      return postgres ? around(column, "", "::date") : around(shown_column(column, kind, rules.flavor), "", by_bytes);
    case ColumnKind::Day:
      return postgres ? column : around(column, "", by_bytes);
    case ColumnKind::Integer:
    case ColumnKind::WholeNumber:
    case ColumnKind::Hundredths:
    case ColumnKind::Boolean:
    case ColumnKind::Instant:
    case ColumnKind::Seconds:
      return column;
  }
  return column;
}

}  // namespace portico::plan
