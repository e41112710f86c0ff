#include "plan/sql_filter.hpp"

#include <array>
#include <utility>

#include "base/time.hpp"

namespace portico::plan {
namespace {

using base::Value;
using model::Leaf;
using model::Lookup;

/// A column, or a function of it, as one side of a comparison.
struct Operand {
  const Leaf& leaf;
  std::string_view function = {};  ///< empty: the column itself
};

void write(const Operand& operand, SqlWriter& sql) {
  if (operand.function.empty()) {
    sql.name(operand.leaf.column);
  } else {
    sql.text(operand.function).text("(").name(operand.leaf.column).text(")");
  }
}

void write_comparison(const Operand& operand, std::string_view symbol, const Value& value, SqlWriter& sql) {
  write(operand, sql);
  sql.text(symbol).bind(value);
}

void write_any(const Operand& operand, const std::vector<Value>& values, SqlWriter& sql) {
  if (values.size() == 1) return write_comparison(operand, " = ", values.front(), sql);
  write(operand, sql);
  sql.text(" IN (");
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) sql.text(", ");
    sql.bind(values[i]);
  }
  sql.text(")");
}

/// The least text, in byte order, that is behind every text that begins with `prefix`; empty where there is none.
std::string behind_prefix(std::string prefix) {
  while (!prefix.empty() && prefix.back() == '\xff') prefix.pop_back();
  if (!prefix.empty()) prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1U);
  return prefix;
}

/// A prefix as a range, so that an index on the operand serves.
void write_prefix(const Operand& operand, const Value& value, SqlWriter& sql) {
  const auto& prefix = std::get<std::string>(value);
  write_comparison(operand, " >= ", prefix, sql);
  if (std::string end = behind_prefix(prefix); !end.empty()) {
    write_comparison(operand, " < ", std::move(end), sql.text(" AND "));
  }
}

/// function(column, value …)
void write_call(std::string_view function, const Operand& operand, const std::vector<Value>& values, SqlWriter& sql) {
  sql.text(function).text("(");
  write(operand, sql);
  for (const Value& value : values) sql.text(", ").bind(value);
  sql.text(")");
}

void write_regex(std::string_view function, const Leaf& leaf, const Value& pattern, SqlWriter& sql) {
  sql.text(function).text("(").bind(pattern).text(", ").name(leaf.column).text(")");
}

void write_date_part(base::DatePart part, const Leaf& leaf, const Value& value, SqlWriter& sql) {
  sql.text("portico_date_part(").bind(static_cast<std::int64_t>(part)).text(", ").name(leaf.column).text(") = ");
  sql.bind(value);
}

void write_range(const Leaf& leaf, const std::vector<Value>& half_open, SqlWriter& sql) {
  write_comparison({leaf}, " >= ", half_open.at(0), sql);
  write_comparison({leaf}, " < ", half_open.at(1), sql.text(" AND "));
}

void write_null_test(const Leaf& leaf, const Value& wanted, SqlWriter& sql) {
  sql.name(leaf.column).text(std::get<std::int64_t>(wanted) != 0 ? " IS NULL" : " IS NOT NULL");
}

constexpr std::string_view fold = "portico_fold";

void write_leaf(const Leaf& leaf, Lookup lookup, const std::vector<Value>& values, SqlWriter& sql) {
  switch (lookup) {
    case Lookup::Exact:
    case Lookup::In:
      return write_any({leaf}, values, sql);
    case Lookup::Gt:
      return write_comparison({leaf}, " > ", values.at(0), sql);
    case Lookup::Gte:
      return write_comparison({leaf}, " >= ", values.at(0), sql);
    case Lookup::Lt:
      return write_comparison({leaf}, " < ", values.at(0), sql);
    case Lookup::Lte:
      return write_comparison({leaf}, " <= ", values.at(0), sql);
    case Lookup::IExact:
      return write_comparison({leaf, fold}, " = ", values.at(0), sql);
    case Lookup::StartsWith:
      return write_prefix({leaf}, values.at(0), sql);
    case Lookup::IStartsWith:
      return write_prefix({leaf, fold}, values.at(0), sql);
    case Lookup::Contains:
      write_call("instr", {leaf}, values, sql);
      sql.text(" > 0");
      return;
    case Lookup::IContains:
      return write_call("portico_contains_folded", {leaf}, values, sql);
    case Lookup::EndsWith:
      return write_call("portico_ends_with", {leaf}, values, sql);
    case Lookup::IEndsWith:
      return write_call("portico_ends_with", {leaf, fold}, values, sql);
    case Lookup::Search:
      return write_call("portico_search", {leaf}, values, sql);
    case Lookup::Regex:
      return write_regex("portico_regex", leaf, values.at(0), sql);
    case Lookup::IRegex:
      return write_regex("portico_iregex", leaf, values.at(0), sql);
    case Lookup::Year:
      return write_range(leaf, values, sql);
    case Lookup::Month:
      return write_date_part(base::DatePart::Month, leaf, values.at(0), sql);
    case Lookup::WeekDay:
      return write_date_part(base::DatePart::WeekDay, leaf, values.at(0), sql);
    case Lookup::Day:
      return write_date_part(base::DatePart::Day, leaf, values.at(0), sql);
    case Lookup::Hour:
      return write_date_part(base::DatePart::Hour, leaf, values.at(0), sql);
    case Lookup::IsNull:
      return write_null_test(leaf, values.at(0), sql);
  }
}

}  // namespace

void write_term(const model::Resource& resource, const BoundTerm& term, SqlWriter& sql) {
  sql.text("(");
  for (std::size_t i = 0; i < term.leaves.size(); ++i) {
    if (i > 0) sql.text(" OR ");
    write_leaf(resource.leaves[term.leaves[i]], term.lookup, term.values, sql);
  }
  sql.text(")");
}

}  // namespace portico::plan
