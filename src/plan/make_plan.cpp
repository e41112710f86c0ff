#include "plan/make_plan.hpp"

#include <algorithm>

#include "plan/judged_terms.hpp"
#include "plan/list_statements.hpp"
#include "plan/resolve.hpp"
#include "plan/retrieve_statement.hpp"
#include "plan/sql_names.hpp"

namespace portico::plan {
namespace {

using base::Error;
using base::ErrorCode;
using base::Result;
using model::Lookup;
using model::OrderTerm;
using model::Resource;
using model::View;

/// A page behind this many rows counts as growing work.
constexpr std::int64_t bounded_offset = 5'000;

/// Whether the terms name one row at most, by its key.
bool names_one_row(const Resource& resource, const BoundFilter& filter) {
  const auto is_named = [&](std::size_t leaf) {
    return std::any_of(filter.terms.begin(), filter.terms.end(), [leaf](const BoundTerm& term) {
      return term.relation == 0 && term.lookup == Lookup::Exact && term.leaves.size() == 1 &&
             term.leaves.front() == leaf && term.values.size() == 1;
    });
  };
  return !resource.is_keyless && std::all_of(resource.key.begin(), resource.key.end(), is_named);
}

/// Whether an index of the managed schema leads to few rows.
bool narrows_by_index(const Resource& resource, const BoundTerm& term) {
  if (term.relation != 0 || term.lookup != Lookup::Exact || term.leaves.size() != 1 || term.values.size() != 1)
    return false;
  const model::Field& field = *resource.leaves[term.leaves.front()].field;
  return field.unique || !field.refers.empty() || (field.indexed && field.type != model::FieldType::Choice);
}

/// Whether an index of the managed schema gives the page in its order without a sort: the order is one allowed
/// ordering and the key behind it in the same direction, or the key alone.
bool order_has_index(const Resource& resource, const std::vector<OrderTerm>& order) {
  const auto& orderable = resource.orderable;
  const auto& usual = resource.default_order;
  const auto same_direction = [&](const OrderTerm& term) { return term.direction == order.front().direction; };
  if (!std::all_of(order.begin(), order.end(), same_direction)) return false;
  if (order.front().leaf == resource.key.front()) return order.size() == resource.key.size();
  const bool indexed =
      std::find(orderable.begin(), orderable.end(), order.front().leaf) != orderable.end() ||
      std::any_of(usual.begin(), usual.end(), [&](const OrderTerm& term) { return term.leaf == order.front().leaf; });
  return indexed && order.size() == 1 + resource.key.size();
}

/// Whether the rows asked for are all of the account, or those under certain rows of another resource.
enum class Lying : bool { Anywhere, UnderParents };

/// Which indexes a database of others has, nobody has said: there only the key is known to have one.
Cost page_cost(const model::Api& api, const Resource& resource, const BoundList& list, Lying lying) {
  if (names_one_row(resource, list.filter)) return Cost::Bounded;
  if (api.database.existing) return Cost::Growing;
  if (lying == Lying::UnderParents) return Cost::Bounded;  // each leaf that refers has its index
  const auto& terms = list.filter.terms;
  if (std::any_of(terms.begin(), terms.end(), [&](const BoundTerm& t) { return narrows_by_index(resource, t); })) {
    return Cost::Bounded;
  }
  const bool near = offset_of(list) <= bounded_offset;
  return terms.empty() && near && order_has_index(resource, list.order) ? Cost::Bounded : Cost::Growing;
}

Error invalid(std::vector<base::Fault> faults) {
  return Error{.code = ErrorCode::InvalidData, .faults = std::move(faults)};
}

/// What a plan is made from.
struct Groundwork {
  const model::Api& api;
  const View& view;
  StatementNames names;
};

Result<Plan> plan_list(const Groundwork& ground, operation::List list) {
  std::vector<base::Fault> faults = std::move(list.faults);
  BoundList bound = resolve(ground.api, ground.view, list, faults);
  if (!faults.empty()) return invalid(std::move(faults));
  const bool postgres = ground.names.rules.flavor == SqlFlavor::Postgres;
  ListPlan plan{.view = &ground.view,
                .page = {},
                .count = {},
                .page_with_count = {},
                .number = bound.page,
                .size = bound.page_size,
                .page_cost = page_cost(ground.api, *ground.view.resource, bound,
                                       list.parents.empty() ? Lying::Anywhere : Lying::UnderParents)};
  std::vector<BoundTerm> judged;
  if (postgres) {
    plan.readings = ground.names.view.readings;
    judged = take_judged_terms(bound.filter);
  }
  const ListStatements statements(ground.names, bound, list.parents, plan.page_cost);
  if (!judged.empty()) {
    plan.page = statements.screened_page();
    plan.screening = statements.screening(judged, ground.api.limits);
    return Plan(std::move(plan));
  }
  plan.page = statements.page();
  plan.count = statements.count();
  if (postgres) plan.page_with_count = statements.page_with_count();
  return Plan(std::move(plan));
}

/// `ground.view` is the resource's, by which filters are looked up, and `ground.names.view` the summary's.
Result<Plan> plan_summary(const Groundwork& ground, operation::Summarize summarize) {
  std::vector<base::Fault> faults = std::move(summarize.rows.faults);
  BoundList bound = resolve(ground.api, ground.view, summarize.rows, faults);
  if (!faults.empty()) return invalid(std::move(faults));
  const model::Summary& summary = *ground.view.resource->summary;
  RetrievePlan plan{.view = &ground.api.view(*summary.shape, ground.view.version),
                    .row = {},
                    .summary = &summary,
                    .cost = Cost::Growing};
  std::vector<BoundTerm> judged;
  if (ground.names.rules.flavor == SqlFlavor::Postgres) {
    plan.readings = ground.names.view.readings;
    judged = take_judged_terms(bound.filter);
  }
  const ListStatements statements(ground.names, bound, summarize.rows.parents, plan.cost);
  if (judged.empty()) {
    plan.row = statements.summary();
  } else {
    plan.screening = statements.summary_screening(judged);
  }
  return Plan(std::move(plan));
}

Result<Plan> plan_retrieve(const Groundwork& ground, operation::Retrieve retrieve) {
  if (!retrieve.faults.empty()) return invalid(std::move(retrieve.faults));
  if (retrieve.file) {
    return Plan(FilePlan{.rows = file_statement(ground.names, retrieve), .name = retrieve.name.value_or("me")});
  }
  RetrievePlan plan{.view = &ground.view, .row = row_statement(ground.names, retrieve)};
  if (ground.names.rules.flavor == SqlFlavor::Postgres) plan.readings = ground.names.view.readings;
  plan.name = retrieve.name.value_or("me");
  return Plan(std::move(plan));
}

}  // namespace

Planner::Planner(std::shared_ptr<const model::Api> api, SqlFlavor flavor)
    : api_(std::move(api)), flavor_(flavor), names_(std::make_unique<const Names>(*api_, flavor)) {}

Planner::~Planner() = default;

Result<Plan> Planner::make_plan(operation::Operation operation, const Scope& scope) const {
  const Resource& resource = operation::resource_of(operation);
  const View& view = api_->view(resource, scope.version);
  const ResourceName& names = names_->of(resource);
  auto* const summarize = std::get_if<operation::Summarize>(&operation);
  const ViewName& view_names =
      summarize != nullptr ? names.summary : names.views.at(static_cast<std::size_t>(&view - resource.views.data()));
  const Groundwork ground{*api_, view, {*names_, *api_, names, view_names, names_->rules(), scope}};
  if (summarize != nullptr) return plan_summary(ground, std::move(*summarize));
  if (auto* list = std::get_if<operation::List>(&operation)) return plan_list(ground, std::move(*list));
  return plan_retrieve(ground, std::get<operation::Retrieve>(std::move(operation)));
}

}  // namespace portico::plan
