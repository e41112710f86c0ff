#include <algorithm>
#include <span>
#include <string>

#include "change/attempt.hpp"
#include "plan/resolve.hpp"

namespace portico::change {

using base::Error;
using plan::TableRow;

namespace {

/// How many rows one statement reads or deletes.
constexpr std::size_t rows_at_once = 100;

/// Statements for several rows are all for the same number, so that they are prepared once: the last row is named
/// again.
std::vector<plan::RowKey> filled_up(std::span<const plan::RowKey> keys) {
  std::vector<plan::RowKey> filled(keys.begin(), keys.end());
  if (filled.size() > 1) filled.resize(rows_at_once, filled.back());
  return filled;
}

/// Hidden ones, too.
bool has_files(const model::Resource& resource) {
  return std::any_of(resource.leaves.begin(), resource.leaves.end(),
                     [](const model::Leaf& leaf) { return leaf.field->type == model::FieldType::File; });
}

}  // namespace

/// Rows go first and are asked after then: those that go together may refer to each other.
Part<Attempt::Made> Attempt::clear(plan::BoundFilter filter) {
  if (!request_.if_none_match.empty()) co_return collection_is_there();
  auto chosen = co_await choose(std::move(filter));
  if (!chosen) co_return std::move(chosen).error();
  std::vector<Keys> batches;
  for (std::span<const plan::RowKey> rest = *chosen; !rest.empty();) {
    const auto some = rest.first(std::min(rest.size(), rows_at_once));
    batches.push_back(filled_up(some));
    rest = rest.subspan(some.size());
    base::Status done = co_await apply_rules(batches.back());
    if (done) done = co_await erase(batches.back(), static_cast<std::int64_t>(some.size()));
    if (!done) co_return std::move(done).error();
  }
  for (const Keys& keys : batches) {
    std::vector<base::Value> values;
    for (const plan::RowKey& key : keys) values.push_back(key.front());
    base::Status done = co_await check_unreferred(std::move(values));
    if (!done) co_return std::move(done).error();
  }
  base::Status written = co_await referred_.write();
  if (!written) co_return std::move(written).error();
  co_return request_.presenter->done();
}

/// Of operations that choose no rows: empty.
plan::BoundFilter Attempt::read_choice(std::vector<base::Fault>& faults) const {
  const auto& chosen = ground_.operation.chosen;
  if (!chosen) return {};
  faults.insert(faults.end(), chosen->faults.begin(), chosen->faults.end());
  return plan::resolve(ground_.api, ground_.view, *chosen, faults).filter;
}

/// The keys of the rows that are meant, in their order.
Part<base::Result<Attempt::Keys>> Attempt::choose(plan::BoundFilter filter) {
  const std::size_t most = ground_.api.limits.clear_rows;
  plan::RowChoice choice;
  choice.filter = std::move(filter);
  choice.parents = parent_keys_;
  choice.most = most + 1;
  plan::Candidates candidates = rows_.candidates(std::move(choice));
  const plan::RowCheck check = std::move(candidates.check);
  const store::Given given = co_await dialogue_.ask(std::move(candidates.query));
  if (given.rows.size() > most) {
    Error error = invalid({});
    error.message = "More than " + std::to_string(most) + " rows at once; choose fewer of them by filters.";
    co_return error;
  }
  const std::size_t columns = ground_.resource.key.size();
  Keys keys;
  for (std::size_t i = 0; i < given.rows.size(); ++i) {
    const auto cells = given.rows.row(i);
    if (check.matches(cells.subspan(columns))) keys.push_back(table_row(cells.first(columns)));
  }
  co_return keys;
}

/// Those of `on: {delete: …}`, for each row; and its files go.
Part<base::Status> Attempt::apply_rules(const Keys& keys) {
  const model::OperationRules& rules = ground_.resource.rules_of(model::OperationKind::Delete);
  if (rules.guards.empty() && rules.effects.empty() && !has_files(ground_.resource)) co_return base::ok();
  plan::RowQuery query = rows_.read_all(keys);
  const store::Given given = co_await dialogue_.ask(std::move(query));
  for (std::size_t i = 0; i < given.rows.size(); ++i) {
    TableRow row = table_row(given.rows.row(i));
    base::Status done = co_await referred_.read(row, nullptr);
    if (done) done = rules_.judge(rules.guards, rules_.around(row));
    if (done) done = rules_.apply(rules.effects, row);
    if (done) done = co_await erase_files(row);
    if (!done) co_return done;
  }
  co_return base::ok();
}

Part<base::Status> Attempt::erase(const Keys& keys, std::int64_t rows) {
  plan::Statement statement = rows_.erase_all(keys);
  const store::Given given = co_await dialogue_.ask(std::move(statement));
  if (given.changed != rows) co_return gone_meanwhile(ground_.resource);
  co_return base::ok();
}

}  // namespace portico::change
