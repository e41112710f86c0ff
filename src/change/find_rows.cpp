#include <algorithm>
#include <string>
#include <vector>

#include "change/attempt.hpp"
#include "change/entity_tags.hpp"

namespace portico::change {

using model::Resource;
using plan::Lock;
using plan::TableRow;

namespace {

/// How GET names the row in its 404.
std::string_view shown_name(const operation::Change& operation) {
  return operation.name ? std::string_view(*operation.name) : std::string_view("me");
}

/// Whether both are rows of one table.
bool same_table(const Resource& a, const Resource& b) {
  return a.table == b.table && a.schema == b.schema;
}

}  // namespace

/// Of what `parent` itself lies under, as far as our path names it: the same rows lie above.
std::vector<base::Value> Attempt::keys_above(const Resource& parent) const {
  std::vector<base::Value> keys;
  for (std::size_t i = 0; i < parent.parents.size() && i < parent_keys_.size(); ++i) {
    if (parent.parents[i].resource != ground_.resource.parents[i].resource) break;
    keys.push_back(parent_keys_[i]);
  }
  return keys;
}

Part<base::Status> Attempt::find_parents() {
  const auto& names = ground_.operation.parents;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const model::Parent& parent = ground_.resource.parents.at(i);
    plan::RowName name;
    name.name = names[i];
    name.parents = keys_above(*parent.resource);
    plan::RowQuery query =
        ground_.rows_of(*parent.resource).read_named(name, looks_[parent.leaf].value_or(Lock::None));
    const store::Given given = co_await dialogue_.ask(std::move(query));
    if (given.rows.size() == 0) co_return no_such_row(*parent.resource, names[i]);
    TableRow row = table_row(given.rows.row(0));
    parent_keys_.push_back(row[parent.resource->key.front()]);
    referred_.remember(*parent.resource, std::move(row));
  }
  co_return base::ok();
}

Part<Attempt::Found> Attempt::find_row(Lock lock) {
  plan::RowName name;
  name.name = ground_.operation.name;
  name.parents = parent_keys_;
  plan::RowQuery query = rows_.read_named(name, lock);
  const store::Given given = co_await dialogue_.ask(std::move(query));
  if (given.rows.size() == 0) co_return no_such_row(ground_.resource, shown_name(ground_.operation));
  co_return table_row(given.rows.row(0));
}

/// The row, if it is as the request's conditions want it.
Part<Attempt::Found> Attempt::find_unchanged_row(Lock lock) {
  Found row = co_await find_row(lock);
  if (!row) co_return row;
  base::Status unchanged = co_await check_conditions(*row);
  if (!unchanged) co_return std::move(unchanged).error();
  co_return row;
}

/// RFC 9110 §13.2.2. An action that shows a state is asked for by that state's tag, or by the tag of its row.
Part<base::Status> Attempt::check_conditions(const TableRow& row) {
  if (request_.if_match.empty() && request_.if_none_match.empty()) co_return base::ok();
  plan::RowQuery query = rows_.show(ground_.view, row);
  const store::Given shown = co_await dialogue_.ask(std::move(query));
  std::vector<std::string> tags = {request_.presenter->entity_tag(ground_.view, shown.rows)};
  const model::Action* const action = ground_.operation.action;
  if (action != nullptr && action->shows_state) {
    auto state = co_await state_of(row);
    if (!state) co_return std::move(state).error();
    tags.push_back(request_.presenter->entity_tag(*state));
  }
  const auto names_one = [&](std::string_view list, TagComparison comparison) {
    return std::any_of(tags.begin(), tags.end(),
                       [&](const std::string& tag) { return names_tag(list, tag, comparison); });
  };
  if (!request_.if_match.empty() && !names_one(request_.if_match, TagComparison::Strong)) co_return tag_is_another();
  if (!request_.if_none_match.empty() && names_one(request_.if_none_match, TagComparison::Weak)) {
    co_return tag_is_named(request_.if_none_match);
  }
  co_return base::ok();
}

/// A row that others still refer to stays: whatever resource its table is served as.
/// `keys`: of rows that are gone already, so that no reference of theirs counts.
Part<base::Status> Attempt::check_unreferred(std::vector<base::Value> keys) {
  for (const auto& other : ground_.api.resources) {
    for (std::size_t leaf = 0; leaf < other->leaves.size(); ++leaf) {
      const std::string& refers = other->leaves[leaf].field->refers;
      const Resource* referred = refers.empty() ? nullptr : ground_.api.find_resource(refers);
      if (referred == nullptr || other->leaves[leaf].join != 0 || !same_table(*referred, ground_.resource)) continue;
      plan::RowQuery query = ground_.rows_of(*other).any_with(leaf, keys);
      const store::Given given = co_await dialogue_.ask(std::move(query));
      if (given.rows.size() != 0) co_return still_referred_to(ground_.resource, *other);
    }
  }
  co_return base::ok();
}

}  // namespace portico::change
