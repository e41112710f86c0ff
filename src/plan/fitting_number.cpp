#include "plan/fitting_number.hpp"

namespace portico::plan {

std::string fitting_number(const std::string& column, ColumnKind kind) {
  const std::string number = column + "::text::numeric";
  const std::string shown = kind == ColumnKind::Hundredths ? "round(" + number + " * 100)" : number;
  const std::string kept = kind == ColumnKind::Seconds ? "round(" + number + " * 1000000)" : shown;
  const std::string is_whole = kind == ColumnKind::WholeNumber ? " AND trunc(" + number + ") = " + number : "";
  // What is no number is asked for first: not every PostgreSQL has infinities among its numerics.
  return "CASE WHEN " + column + "::text NOT IN ('NaN', 'Infinity', '-Infinity') THEN CASE WHEN " + kept +
         " BETWEEN -9223372036854775808 AND 9223372036854775807" + is_whole + " THEN " + shown + " END END";
}

}  // namespace portico::plan
