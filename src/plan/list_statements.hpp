#pragma once

#include <memory>
#include <span>
#include <string>

#include "base/limits.hpp"
#include "plan/bound_filter.hpp"
#include "plan/plan.hpp"
#include "plan/resolve.hpp"
#include "plan/sql_rows.hpp"
#include "plan/sql_source.hpp"

namespace portico::plan {

/// What every statement of one request is written from.
struct StatementNames {
  const Planner::Names& all;
  const model::Api& api;
  const ResourceName& resource;
  const ViewName& view;
  const SqlRules& rules;
  const Scope& scope;
};

/// Writes the statements of one list. Refers to its arguments.
class ListStatements {
 public:
  /// `parents`: what the path says for each of Resource::parents. `page_cost`: of the page, as the plan says it.
  ListStatements(const StatementNames& names, const BoundList& list, std::span<const std::string> parents,
                 Cost page_cost)
      : names_(names), list_(list), parents_(parents), page_cost_(page_cost) {}

  [[nodiscard]] Statement page() const { return page_statement(Counting::Apart); }
  [[nodiscard]] Statement count() const;
  [[nodiscard]] Statement page_with_count() const { return page_statement(Counting::Within); }

  /// Those of Screening: `judged` are the terms that the list's filter does not have, as the database cannot judge
  /// them.
  [[nodiscard]] Statement screened_page() const;
  [[nodiscard]] std::shared_ptr<const Screening> screening(const std::vector<BoundTerm>& judged,
                                                           const base::Limits& limits) const;

  /// The summary of all rows; no row where there are none. Precondition: the view is ResourceName::summary.
  [[nodiscard]] Statement summary() const;
  [[nodiscard]] std::shared_ptr<const Screening> summary_screening(const std::vector<BoundTerm>& judged) const;

 private:
  /// What a RowCheck is made from, and the leaves whose columns it looks at.
  struct Judging {
    std::vector<RowCheck::Term> terms;
    std::vector<RowsLeaf> places;
  };
  [[nodiscard]] static Judging judging(const std::vector<BoundTerm>& judged, SqlSource& from);
  static void write_judged(const Judging& check, const SqlSource& from, SqlWriter& sql);

  enum class Counting : bool { Apart, Within };
  [[nodiscard]] Statement page_statement(Counting counting) const;
  [[nodiscard]] SqlSource source() const { return {names_.resource, names_.rules, names_.scope}; }
  [[nodiscard]] bool is_walk() const;
  [[nodiscard]] bool is_far() const;
  [[nodiscard]] bool has_usual_size() const;
  [[nodiscard]] bool is_planned_once() const;
  void write_terms(const SqlSource& source, SqlWriter& sql) const;
  void write_whole_range(const SqlSource& source, SqlWriter& sql) const;
  void write_window(SqlWriter& sql) const;
  void write_count(SqlWriter& sql) const;
  void write_far_keys(const SqlSource& from, SqlWriter& sql) const;
  void write_screened_keys(const SqlSource& source, SqlWriter& sql) const;
  void write_screened_by_place(SqlWriter& sql) const;

  const StatementNames& names_;
  const BoundList& list_;
  std::span<const std::string> parents_;
  const Cost page_cost_;
};

/// Where a page begins, in rows; the largest number where there can be no such page.
[[nodiscard]] std::int64_t offset_of(const BoundList& list);

/// `SELECT …`, with PostgreSQL the snapshot as its last column: what any answer begins with.
void write_select(const StatementNames& names, const SqlSource& source, SqlWriter& sql);

/// PostgreSQL: `, ` and the snapshot that the rows are read in.
void write_snapshot(SqlWriter& sql);

}  // namespace portico::plan
