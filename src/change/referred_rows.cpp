#include "change/referred_rows.hpp"

#include <algorithm>

#include "plan/answer.hpp"

namespace portico::change {
namespace {

using base::is_null;
using model::Guard;
using model::OperationKind;
using model::Resource;
using plan::Lock;
using plan::TableRow;

class Looking {
 public:
  explicit Looking(const Ground& ground)
      : resource_(ground.resource), operation_(ground.operation), looks_(ground.resource.leaves.size()) {}

  Looks look() && {
    switch (operation_.kind) {
      case OperationKind::List:
        break;
      case OperationKind::Retrieve:
        add_answer(Lock::None);
        break;
      case OperationKind::Create:
        for (const model::Parent& parent : resource_.parents) add(parent.leaf, Lock::Share);
        add_row();
        add_rules(resource_.rules_of(operation_.kind));
        break;
      case OperationKind::Replace:
      case OperationKind::Update:
        add_row();
        add_rules(resource_.rules_of(operation_.kind));
        break;
      case OperationKind::Delete:
      case OperationKind::Clear:
        add_rules(resource_.rules_of(OperationKind::Delete));
        break;
      case OperationKind::Act:
        add_rules(operation_.action->rules);
        add_guards(operation_.action->checks);
        add_answer(Lock::Hold);
        break;
    }
    return std::move(looks_);
  }

 private:
  void add(std::size_t leaf, Lock lock) { looks_[leaf] = looks_[leaf] ? std::max(*looks_[leaf], lock) : lock; }
  void add(const model::Expression& expression, Lock lock) {
    std::vector<std::size_t> leaves;
    plan::collect_referred(expression, leaves);
    for (const std::size_t leaf : leaves) add(leaf, lock);
  }
  void add_guards(const std::vector<Guard>& guards) {
    for (const Guard& guard : guards) add(guard.condition, Lock::Hold);
  }
  void add_rules(const model::OperationRules& rules) {
    add_guards(rules.guards);
    for (const model::Effect& effect : rules.effects) {
      add(effect.value, Lock::Hold);
      if (effect.through) add(*effect.through, Lock::Change);
    }
  }
  void add_answer(Lock lock) {
    std::vector<std::size_t> leaves;
    plan::collect_referred(operation_.action->answer, leaves);
    for (const std::size_t leaf : leaves) add(leaf, lock);
  }
  /// What a row that clients write refers to, and looks at.
  void add_row() {
    add_guards(resource_.checks);
    for (std::size_t i = 0; i < resource_.leaves.size(); ++i) {
      const model::Field& field = *resource_.leaves[i].field;
      if (!field.refers.empty() && resource_.leaves[i].join == 0 &&
          resource_.leaves[i].column != resource_.owner_column) {
        add(i, Lock::Share);
      }
      if (field.initial) add(*field.initial, Lock::Hold);
    }
  }

  const Resource& resource_;
  const operation::Change& operation_;
  Looks looks_;
};

}  // namespace

Looks looks_of(const Ground& ground) {
  return Looking(ground).look();
}

std::size_t ReferredRows::number_of(const Resource& resource) const {
  const auto& all = ground_.api.resources;
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.get() == &resource; });
  return static_cast<std::size_t>(found - all.begin());
}

std::optional<ReferredRows::Place> ReferredRows::place_of(const TableRow& row, std::size_t leaf) const {
  if (is_null(row[leaf])) return std::nullopt;
  const Resource* resource = ground_.api.find_resource(ground_.resource.leaves[leaf].field->refers);
  if (resource == nullptr) return std::nullopt;
  return Place(number_of(*resource), row[leaf]);
}

void ReferredRows::remember(const Resource& resource, TableRow row) {
  Place place(number_of(resource), row[resource.key.front()]);
  entries_.insert_or_assign(std::move(place),
                            Entry{.resource = &resource, .exists = true, .before = row, .now = row});
}

Part<base::Status> ReferredRows::read(const TableRow& row, const TableRow* before) {
  std::map<Place, Lock> wanted;
  for (std::size_t leaf = 0; leaf < looks_.size(); ++leaf) {
    if (!looks_[leaf]) continue;
    if (*looks_[leaf] == Lock::Share && before != nullptr && (*before)[leaf] == row[leaf]) continue;
    const auto place = place_of(row, leaf);
    if (!place || entries_.contains(*place)) continue;
    Lock& lock = wanted.try_emplace(*place, *looks_[leaf]).first->second;
    lock = std::max(lock, *looks_[leaf]);
  }
  for (const auto& [place, lock] : wanted) {
    const Resource& resource = *ground_.api.resources[place.first];
    plan::RowQuery query = ground_.rows_of(resource).read_keyed(place.second, lock);
    const store::Given given = co_await dialogue_.ask(std::move(query));
    Entry entry;
    entry.resource = &resource;
    entry.exists = given.rows.size() != 0;
    if (entry.exists) entry.before = table_row(given.rows.row(0));
    entry.now = entry.before;
    entries_.insert_or_assign(place, std::move(entry));
  }
  co_return base::ok();
}

const ReferredRows::Entry* ReferredRows::entry_of(const TableRow& row, std::size_t leaf) const {
  const auto place = place_of(row, leaf);
  if (!place) return nullptr;
  const auto found = entries_.find(*place);
  return found == entries_.end() ? nullptr : &found->second;
}

void ReferredRows::add_faults(const TableRow& row, const TableRow* before, const Path& within,
                              Refusal& refusal) const {
  for (std::size_t leaf = 0; leaf < looks_.size(); ++leaf) {
    if (before != nullptr && (*before)[leaf] == row[leaf]) continue;
    const Entry* entry = entry_of(row, leaf);
    if (entry == nullptr || entry->exists || ground_.resource.leaves[leaf].column == ground_.resource.owner_column) {
      continue;
    }
    Path path = within;
    for (std::string& step : path_of(ground_.view, leaf)) path.push_back(std::move(step));
    refusal.add_missing(path, *entry->resource);
  }
}

const TableRow* ReferredRows::find(const TableRow& row, std::size_t leaf) const {
  const Entry* entry = entry_of(row, leaf);
  return entry == nullptr || !entry->exists ? nullptr : &entry->now;
}

TableRow* ReferredRows::find_to_alter(const TableRow& row, std::size_t leaf) {
  const auto place = place_of(row, leaf);
  const auto found = place ? entries_.find(*place) : entries_.end();
  return found == entries_.end() || !found->second.exists ? nullptr : &found->second.now;
}

bool ReferredRows::are_altered() const {
  return std::any_of(entries_.begin(), entries_.end(), [&](const auto& placed) {
    const Entry& entry = placed.second;
    return entry.exists && ground_.rows_of(*entry.resource).differ(entry.before, entry.now);
  });
}

Part<base::Status> ReferredRows::write() {
  for (auto& [place, entry] : entries_) {
    if (!entry.exists) continue;
    const plan::WriteStatements rows = ground_.rows_of(*entry.resource);
    if (!rows.differ(entry.before, entry.now)) continue;
    plan::Statement update = rows.update(entry.before, entry.now);
    const store::Given given = co_await dialogue_.ask(std::move(update));
    if (given.changed != 1) co_return conflict("What this " + ground_.resource.singular + " refers to has gone.");
    entry.before = entry.now;
  }
  co_return base::ok();
}

}  // namespace portico::change
