#pragma once

#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "base/value.hpp"
#include "model/lookup.hpp"
#include "plan/comparison.hpp"
#include "plan/sql_filter.hpp"

namespace portico::plan {

/// Conditions in SQLite's SQL.
class SqliteFilter {
 public:
  SqliteFilter(const SqlRules& rules, SqlWriter& sql) : rules_(rules), sql_(sql) {}
  void write(const SqlColumn& column, model::Lookup lookup, const std::vector<base::Value>& values);

 private:
  void write_any(const SqlColumn& column, const std::vector<base::Value>& values);
  void write_comparison(const SqlColumn& column, Comparison comparison, const base::Value& value);
  void write_text_comparison(const SqlColumn& column, Comparison comparison, const base::Value& value);
  void write_units(const SqlColumn& column, Comparison comparison, std::int64_t hundredths);
  void write_unit_edge(const SqlColumn& column, const UnitEdge& edge);
  void write_written_instant(const SqlColumn& column, Comparison comparison, base::Microseconds instant);
  void write_written_day(const SqlColumn& column, Comparison comparison, std::string_view day);
  void write_prefix(const SqlColumn& column, const base::Value& value);
  void write_folded_prefix(const SqlColumn& column, const base::Value& value);
  void write_call(std::string_view function, const SqlColumn& column, const std::vector<base::Value>& values);
  void write_regex(std::string_view function, const SqlColumn& column, const base::Value& pattern);
  void write_date_part(base::DatePart part, const SqlColumn& column, const base::Value& value);
  void write_shown(const SqlColumn& column);
  void write_folded(const SqlColumn& column);
  void write_collation();

  const SqlRules& rules_;
  SqlWriter& sql_;
};

}  // namespace portico::plan
