#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "base/value.hpp"
#include "model/lookup.hpp"
#include "plan/comparison.hpp"
#include "plan/sql_filter.hpp"

namespace portico::plan {

/// Conditions in PostgreSQL's SQL (docs/decisions/0005-lookups-on-postgresql.md). Texts with a zero byte are never
/// bound: no text there holds one, so nothing matches them.
class PostgresFilter {
 public:
  PostgresFilter(const SqlRules& rules, SqlWriter& sql) : rules_(rules), sql_(sql) {}
  /// Precondition: not Regex, IRegex or Search.
  void write(const SqlColumn& column, model::Lookup lookup, const std::vector<base::Value>& values);

 private:
  void write_any(const SqlColumn& column, const std::vector<base::Value>& values);
  void write_comparison(const SqlColumn& column, Comparison comparison, const base::Value& value);
  void write_text_comparison(const SqlColumn& column, Comparison comparison, const std::string& text);
  void write_units(const SqlColumn& column, Comparison comparison, std::int64_t hundredths);
  void write_seconds(const SqlColumn& column, Comparison comparison, base::Microseconds instant);
  void write_day_of_timestamp(const SqlColumn& column, Comparison comparison, std::string day);
  void write_prefix(const SqlColumn& column, const std::string& prefix);
  /// Behind `function`, which is what comes before, up to its opening parenthesis.
  void write_text(const SqlColumn& column, std::string_view function = {});
  void write_folded(const SqlColumn& column, const base::Value& needle, std::string_view function = {});
  void write_end(const base::Value& end);
  void write_date_part(std::string_view part, const SqlColumn& column, const base::Value& value);
  void write_local_time(const SqlColumn& column);
  void write_false();

  const SqlRules& rules_;
  SqlWriter& sql_;
};

/// The type whose literals compare with a column of that kind.
[[nodiscard]] std::string_view postgres_type(ColumnKind kind);

/// `2015-10-02 18:15:45.101838+00`, with ` BC` behind it before year 1. Precondition: years 0 to 32,000.
[[nodiscard]] std::string postgres_instant(base::Microseconds instant);

/// `{"a","b"}`, whatever is in the texts.
[[nodiscard]] std::string postgres_array(const std::vector<std::string>& texts);

}  // namespace portico::plan
