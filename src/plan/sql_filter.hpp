#pragma once

#include "model/resource.hpp"
#include "plan/bound_filter.hpp"
#include "plan/sql_writer.hpp"

namespace portico::plan {

/// Writes `term` as a condition. A null never matches, except with IsNull.
///
/// In SQLite what SQL itself cannot say is said by functions of ours, which the store defines
/// (store/sqlite_functions):
///   portico_fold(text)                    base::folded
///   portico_contains_folded(text, needle) base::contains_folded
///   portico_ends_with(text, end)          byte-wise
///   portico_regex(pattern, text)          base::Regex, case-sensitive;  portico_iregex the other way
///   portico_search(text, word, …)         base::starts_word_parts
///   portico_date_part(part, value)        part = base::DatePart as an integer; value = an instant, or a date's text
void write_term(const model::Resource& resource, const BoundTerm& term, SqlWriter& sql);

}  // namespace portico::plan
