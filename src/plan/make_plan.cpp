#include "plan/make_plan.hpp"

#include <algorithm>
#include <limits>

#include "base/ids.hpp"
#include "plan/resolve.hpp"
#include "plan/sql_filter.hpp"
#include "plan/sql_writer.hpp"

namespace portico::plan {
namespace {

using base::Error;
using base::ErrorCode;
using base::Result;
using model::Direction;
using model::Leaf;
using model::Lookup;
using model::OrderTerm;
using model::Resource;
using model::View;

/// Pages behind this many rows look up their keys in an index before they read whole rows.
constexpr std::int64_t late_lookup_offset = 200;
/// A page behind this many rows counts as growing work.
constexpr std::int64_t bounded_offset = 5'000;

/// The one place that keeps tenants apart: every FROM of every statement is followed by it.
void write_owner_condition(const Resource& resource, std::string_view account, SqlWriter& sql) {
  sql.text(" FROM ").name(resource.table).text(" WHERE ").name(resource.owner_column).text(" = ");
  sql.bind(std::string(account));
}

void write_columns(const View& view, SqlWriter& sql) {
  sql.text("SELECT ");
  for (std::size_t i = 0; i < view.leaves.size(); ++i) {
    if (i > 0) sql.text(", ");
    sql.name(view.resource->leaves[view.leaves[i]].column);
  }
}

void write_terms(const Resource& resource, const BoundFilter& filter, SqlWriter& sql) {
  for (const BoundTerm& term : filter.terms) write_term(resource, term, sql.text(" AND "));
}

/// Null is the largest value (P14): SQLite's own order has it smallest, and walks an index for either.
void write_order(const Resource& resource, const std::vector<OrderTerm>& order, SqlWriter& sql) {
  sql.text(" ORDER BY ");
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Leaf& leaf = resource.leaves[order[i].leaf];
    if (i > 0) sql.text(", ");
    sql.name(leaf.column);
    if (order[i].direction == Direction::Descending) sql.text(" DESC");
    if (leaf.nullable) sql.text(order[i].direction == Direction::Descending ? " NULLS FIRST" : " NULLS LAST");
  }
}

bool narrows_by_index(const Resource& resource, const BoundTerm& term) {
  if (term.lookup != Lookup::Exact || term.leaves.size() != 1 || term.values.size() != 1) return false;
  const std::size_t leaf = term.leaves.front();
  const model::Field& field = *resource.leaves[leaf].field;
  return leaf == resource.key.front() || field.unique || (field.indexed && field.type != model::FieldType::Choice);
}

/// Whether an index of the managed schema gives the page in its order without a sort: the order is one allowed
/// ordering and the key behind it in the same direction, or the key alone.
bool order_has_index(const Resource& resource, const std::vector<OrderTerm>& order) {
  if (order.front().leaf == resource.key.front()) return true;
  const auto& orderable = resource.orderable;
  const auto& usual = resource.default_order;
  const bool indexed =
      std::find(orderable.begin(), orderable.end(), order.front().leaf) != orderable.end() ||
      std::any_of(usual.begin(), usual.end(), [&](const OrderTerm& term) { return term.leaf == order.front().leaf; });
  return indexed && order.size() == 2 && order[0].direction == order[1].direction;
}

struct PageWindow {
  std::int64_t limit = 0;
  std::int64_t offset = 0;
};

PageWindow window_of(const BoundList& list) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  const bool beyond = list.page - 1 > most / list.page_size;
  return {.limit = list.page_size, .offset = beyond ? most : (list.page - 1) * list.page_size};
}

Cost page_cost(const Resource& resource, const BoundList& list) {
  const auto& terms = list.filter.terms;
  if (std::any_of(terms.begin(), terms.end(), [&](const BoundTerm& t) { return narrows_by_index(resource, t); })) {
    return Cost::Bounded;
  }
  const bool near = window_of(list).offset <= bounded_offset;
  return terms.empty() && near && order_has_index(resource, list.order) ? Cost::Bounded : Cost::Growing;
}

void write_window(const PageWindow& window, SqlWriter& sql) {
  sql.text(" LIMIT ").bind(window.limit).text(" OFFSET ").bind(window.offset);
}

/// A page far behind: its keys first, read off an index alone where one covers them, then the rows of those keys.
void write_late_page(const View& view, const BoundList& list, std::string_view account, const PageWindow& window,
                     SqlWriter& sql) {
  const Resource& resource = *view.resource;
  const std::string& key = resource.leaves[resource.key.front()].column;
  write_owner_condition(resource, account, sql);
  sql.text(" AND ").name(key).text(" IN (SELECT ").name(key);
  write_owner_condition(resource, account, sql);
  write_terms(resource, list.filter, sql);
  write_order(resource, list.order, sql);
  write_window(window, sql);
  sql.text(")");
  write_order(resource, list.order, sql);
}

Statement page_statement(const View& view, const BoundList& list, std::string_view account, SqlFlavor flavor) {
  const Resource& resource = *view.resource;
  const PageWindow window = window_of(list);
  SqlWriter sql(flavor);
  write_columns(view, sql);
  if (window.offset >= late_lookup_offset) {
    write_late_page(view, list, account, window, sql);
  } else {
    write_owner_condition(resource, account, sql);
    write_terms(resource, list.filter, sql);
    write_order(resource, list.order, sql);
    write_window(window, sql);
  }
  return std::move(sql).take();
}

Statement count_statement(const Resource& resource, const BoundFilter& filter, std::string_view account,
                          SqlFlavor flavor) {
  SqlWriter sql(flavor);
  sql.text("SELECT count(*)");
  write_owner_condition(resource, account, sql);
  write_terms(resource, filter, sql);
  return std::move(sql).take();
}

Error invalid(std::vector<base::Fault> faults) {
  return Error{.code = ErrorCode::InvalidData, .faults = std::move(faults)};
}

Result<Plan> plan_list(const model::Api& api, const View& view, operation::List list, const Scope& scope,
                       SqlFlavor flavor) {
  std::vector<base::Fault> faults = std::move(list.faults);
  const BoundList bound = resolve(api, view, list, faults);
  if (!faults.empty()) return invalid(std::move(faults));
  const Resource& resource = *view.resource;
  return Plan(ListPlan{.view = &view,
                       .page = page_statement(view, bound, scope.account, flavor),
                       .count = count_statement(resource, bound.filter, scope.account, flavor),
                       .page_with_count = {},
                       .number = bound.page,
                       .size = bound.page_size,
                       .page_cost = page_cost(resource, bound)});
}

/// Whether a column of this type could hold `name`; if not, it is not even asked.
bool may_be_named(const Leaf& leaf, std::string_view name) {
  return leaf.field->type != model::FieldType::Id || base::is_id(name);
}

/// The key of the row that `name` means: by the first of the resource's names that has it (P9). One index lookup a
/// name; those behind the first that is found are not made.
void write_named_key(const Resource& resource, std::string_view name, std::string_view account, SqlWriter& sql) {
  sql.text("coalesce(");
  for (const std::size_t leaf : resource.names) {
    if (!may_be_named(resource.leaves[leaf], name)) continue;
    sql.text("(SELECT ").name(resource.leaves[resource.key.front()].column);
    write_owner_condition(resource, account, sql);
    sql.text(" AND ").name(resource.leaves[leaf].column).text(" = ").bind(std::string(name)).text("), ");
  }
  sql.text("NULL, NULL)");  // coalesce takes two arguments at least
}

Result<Plan> plan_retrieve(const View& view, operation::Retrieve retrieve, const Scope& scope, SqlFlavor flavor) {
  if (!retrieve.faults.empty()) return invalid(std::move(retrieve.faults));
  const Resource& resource = *view.resource;
  SqlWriter sql(flavor);
  write_columns(view, sql);
  write_owner_condition(resource, scope.account, sql);
  if (retrieve.name) {
    sql.text(" AND ").name(resource.leaves[resource.key.front()].column).text(" = ");
    write_named_key(resource, *retrieve.name, scope.account, sql);
  }
  return Plan(RetrievePlan{.view = &view, .row = std::move(sql).take(), .name = retrieve.name.value_or("me")});
}

}  // namespace

class Planner::Names {};

Planner::Planner(std::shared_ptr<const model::Api> api, SqlFlavor flavor) : api_(std::move(api)), flavor_(flavor) {}

Planner::~Planner() = default;

Result<Plan> Planner::make_plan(operation::Operation operation, const Scope& scope) const {
  const View& view = api_->view(operation::resource_of(operation), scope.version);
  if (auto* list = std::get_if<operation::List>(&operation)) {
    return plan_list(*api_, view, std::move(*list), scope, flavor_);
  }
  return plan_retrieve(view, std::get<operation::Retrieve>(std::move(operation)), scope, flavor_);
}

}  // namespace portico::plan
