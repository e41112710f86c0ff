#pragma once

#include <string_view>

#include "model/resource.hpp"
#include "plan/bound_filter.hpp"
#include "plan/make_plan.hpp"
#include "plan/sql_names.hpp"
#include "plan/sql_writer.hpp"

namespace portico::plan {

/// What a statement reads: a resource's rows of one account, with as many of its joins as were asked for. Columns are
/// qualified as soon as there is a join or a list of rows, so all is asked for before anything is written. Refers to
/// its arguments.
class SqlSource {
 public:
  SqlSource(const ResourceName& names, const SqlRules& rules, const Scope& scope)
      : names_(names), rules_(rules), scope_(scope) {}

  SqlSource& need(const ViewName& view);
  SqlSource& need(const BoundFilter& filter);
  SqlSource& need(const std::vector<model::OrderTerm>& order);
  SqlSource& need(const BoundTerm& term);
  SqlSource& need_leaf(std::size_t leaf);
  /// No plan of PostgreSQL's could be better for knowing whose rows they are: the account is hidden from the planner,
  /// `(SELECT $1)`, or it would plan the statement anew each time.
  SqlSource& plan_once() {
    plans_once_ = rules_.flavor == SqlFlavor::Postgres;
    return *this;
  }

  [[nodiscard]] std::string_view column(std::size_t leaf) const { return pick(names_.leaves[leaf].column); }
  [[nodiscard]] std::string_view shown(std::size_t leaf) const { return pick(names_.leaves[leaf].shown); }
  [[nodiscard]] std::string_view order(std::size_t leaf) const { return pick(names_.leaves[leaf].order); }
  [[nodiscard]] std::string_view columns(const ViewName& view) const { return pick(view.columns); }
  [[nodiscard]] ColumnKind kind(std::size_t leaf) const { return names_.leaves[leaf].kind; }
  /// Of one of Resource::relations, by index.
  [[nodiscard]] const RelationName& relation(std::size_t index) const { return names_.relations[index]; }
  /// Its rows, within a statement on ours.
  [[nodiscard]] SqlSource rows_of(std::size_t index) const;
  [[nodiscard]] const SqlRules& rules() const noexcept { return rules_; }
  [[nodiscard]] const model::Resource& resource() const noexcept { return *names_.resource; }

  [[nodiscard]] bool joins_tables() const noexcept { return joins_.any(); }

  /// ` FROM … WHERE ` and the owner's condition: more conditions follow with AND.
  void write_from(SqlWriter& sql) const;

  // Writing changes. There is no join.
  /// `"s"."orders"`: behind INSERT INTO or UPDATE.
  void write_table(SqlWriter& sql) const { sql.text(names_.table.at(static_cast<std::size_t>(scope_.mode))); }
  /// ` WHERE ` and the owner's condition, behind SET.
  void write_where(SqlWriter& sql) const { write_owner_condition(names_.owner, sql.text(" WHERE ")); }
  /// What the owner's column of a new row holds. Precondition: there is one.
  [[nodiscard]] base::Value owner_value() const;
  /// As write_from, but of all accounts' rows: only to find out whether what all accounts see is referred to still.
  void write_from_all_accounts(SqlWriter& sql) const;

 private:
  [[nodiscard]] bool is_alone() const { return joins_.none() && !meets_others_; }
  [[nodiscard]] const std::string& pick(const ColumnName& name) const {
    return is_alone() ? name.bare : name.qualified;
  }
  void write_owner_condition(const OwnerName& owner, SqlWriter& sql) const;
  void write_account(base::Value account, std::string_view type, SqlWriter& sql) const;

  const ResourceName& names_;
  const SqlRules& rules_;
  const Scope& scope_;
  JoinSet joins_;
  bool plans_once_ = false;
  bool meets_others_ = false;  // other tables are read within the statement, or around it
};

/// What is true of no row, where a condition stands.
[[nodiscard]] std::string_view false_of(SqlFlavor flavor);

}  // namespace portico::plan
