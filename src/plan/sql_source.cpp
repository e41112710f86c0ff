#include "plan/sql_source.hpp"

#include <optional>
#include <utility>

#include "base/text.hpp"
#include "plan/comparison.hpp"

namespace portico::plan {
namespace {

std::string_view true_of(SqlFlavor flavor) {
  switch (flavor) {
    case SqlFlavor::Sqlite:
      return "1";
    case SqlFlavor::Postgres:
      return "TRUE";
  }
  return {};
}

/// The integer that `account` is the one usual writing of: what an integer column would be shown as.
std::optional<std::int64_t> account_number(std::string_view account) {
  const auto number = base::parse_integer(account);
  if (!number || std::to_string(*number) != account) return std::nullopt;
  return number;
}

}  // namespace

std::string_view false_of(SqlFlavor flavor) {
  switch (flavor) {
    case SqlFlavor::Sqlite:
      return "0";
    case SqlFlavor::Postgres:
      return "FALSE";
  }
  return {};
}

SqlSource& SqlSource::need_leaf(std::size_t leaf) {
  if (const model::Leaf& found = resource().leaves[leaf]; found.is_joined()) joins_.set(found.join - 1);
  return *this;
}

SqlSource& SqlSource::need(const ViewName& view) {
  joins_ |= view.joins;
  meets_others_ = meets_others_ || !view.rows.empty();
  return *this;
}

SqlSource& SqlSource::need(const BoundFilter& filter) {
  for (const BoundTerm& term : filter.terms) need(term);
  return *this;
}

SqlSource& SqlSource::need(const BoundTerm& term) {
  if (term.relation != 0) {
    meets_others_ = true;
    return *this;
  }
  for (const std::size_t leaf : term.leaves) need_leaf(leaf);
  return *this;
}

SqlSource SqlSource::rows_of(std::size_t index) const {
  SqlSource rows(names_.relations[index].rows, rules_, scope_);
  rows.meets_others_ = true;
  rows.plans_once_ = plans_once_;
  return rows;
}

SqlSource& SqlSource::need(const std::vector<model::OrderTerm>& order) {
  for (const model::OrderTerm& term : order) need_leaf(term.leaf);
  return *this;
}

void SqlSource::write_account(base::Value account, std::string_view type, SqlWriter& sql) const {
  sql.text(plans_once_ ? "(SELECT " : "").bind(std::move(account), type).text(plans_once_ ? ")" : "");
}

/// The one place that keeps tenants apart: behind every FROM of every statement, and in every join.
void SqlSource::write_owner_condition(const OwnerName& owner, SqlWriter& sql) const {
  const std::string& column = pick(owner.column);
  const bool postgres = rules_.flavor == SqlFlavor::Postgres;
  if (owner.kind != OwnerKind::None && postgres && scope_.account.find('\0') != std::string_view::npos) {
    sql.text(false_of(rules_.flavor));  // no text of PostgreSQL's holds a zero byte
    return;
  }
  switch (owner.kind) {
    case OwnerKind::None:
      sql.text(true_of(rules_.flavor));
      return;
    case OwnerKind::Text:
      write_account(std::string(scope_.account), {}, sql.text(column).text(" = "));
      if (!postgres && rules_.existing) sql.text(" COLLATE BINARY");
      return;
    case OwnerKind::CastText:
    case OwnerKind::Unknown: {
      // The first comparison is for an index, of uuid or whatever type the column has, and in SQLite may find `5` by
      // `05`; the second is exact. PostgreSQL would refuse a text that is none of the type.
      const bool by_type = !postgres || (owner.kind == OwnerKind::CastText && is_uuid(scope_.account));
      if (by_type) sql.text(column).text(" = ").bind(std::string(scope_.account)).text(" AND ");
      sql.text("CAST(").text(column).text(" AS TEXT) = ").bind(std::string(scope_.account), "text");
      if (!postgres) sql.text(" COLLATE BINARY");
      return;
    }
    case OwnerKind::Integer:
      if (const auto number = account_number(scope_.account)) {
        write_account(*number, "bigint", sql.text(column).text(" = "));
      } else {
        sql.text(false_of(rules_.flavor));
      }
      return;
  }
}

base::Value SqlSource::owner_value() const {
  if (names_.owner.kind != OwnerKind::Integer) return std::string(scope_.account);
  if (const auto number = account_number(scope_.account)) return *number;
  return {};  // no column takes it
}

void SqlSource::write_from_all_accounts(SqlWriter& sql) const {
  sql.text(names_.from.at(static_cast<std::size_t>(scope_.mode))).text(" WHERE ").text(true_of(rules_.flavor));
}

void SqlSource::write_from(SqlWriter& sql) const {
  const auto mode = static_cast<std::size_t>(scope_.mode);
  sql.text(is_alone() ? names_.from.at(mode) : names_.from_qualified.at(mode));
  for (std::size_t i = 0; i < names_.joins.size(); ++i) {
    if (!joins_.test(i)) continue;
    const JoinName& join = names_.joins[i];
    sql.text(join.from.at(mode));
    if (join.owner.kind != OwnerKind::None) write_owner_condition(join.owner, sql.text(" AND "));
  }
  write_owner_condition(names_.owner, sql.text(" WHERE "));
}

}  // namespace portico::plan
