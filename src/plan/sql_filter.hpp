#pragma once

#include "plan/bound_filter.hpp"
#include "plan/sql_source.hpp"
#include "plan/sql_writer.hpp"

namespace portico::plan {

/// A leaf's column within one statement.
struct SqlColumn {
  std::string_view text;
  ColumnKind kind = ColumnKind::Text;
};

/// Writes `term` as a condition, in parentheses. A null never matches, except with IsNull. The source has all columns
/// that the term needs.
///
/// In SQLite what SQL itself cannot say is said by functions of ours, which the store defines
/// (store/sqlite_functions):
///   portico_fold(text)                    base::folded
///   portico_contains_folded(text, needle) base::contains_folded
///   portico_ends_with(text, end)          byte-wise
///   portico_regex(pattern, text)          base::Regex, case-sensitive;  portico_iregex the other way
///   portico_search(text, word, …)         base::starts_word_parts
///   portico_date_part(part, value)        part = base::DatePart as an integer; value = an instant, or a date's text
///   portico_instant(text)                 base::parse_timestamp, UTC; null where it is none
///   portico_hundredths(number)            base::scaled_decimal with 2 places, of a number or a text; null where none
///   portico_seconds(number)               the same with 6 places: microseconds
/// In PostgreSQL nothing of ours is needed (docs/decisions/0005-lookups-on-postgresql.md), but Regex, IRegex and
/// Search cannot be said: precondition: `term` is none of them.
void write_term(const SqlSource& source, const BoundTerm& term, SqlWriter& sql);

/// The same for one leaf, without parentheses: one condition, or several joined by AND.
void write_leaf(const SqlSource& source, std::size_t leaf, const BoundTerm& term, SqlWriter& sql);

}  // namespace portico::plan
