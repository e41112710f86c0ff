#include "change/messages.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/ids.hpp"
#include "base/web_address.hpp"
#include "plan/answer.hpp"
#include "plan/evaluate.hpp"
#include "plan/outbox_statements.hpp"

namespace portico::change {
namespace {

using plan::TableRow;

/// The leaves that refer to rows which a message looks at.
std::vector<std::size_t> referring_leaves(const model::Webhook& webhook) {
  std::vector<std::size_t> leaves;
  if (webhook.when) plan::collect_referred(*webhook.when, leaves);
  plan::collect_referred(webhook.target, leaves);
  plan::collect_referred(webhook.body, leaves);
  return leaves;
}

plan::OutboxEntry entry_of(const ChangeRequest& request, const model::Webhook& webhook, const TableRow& row) {
  const auto time = std::chrono::duration_cast<std::chrono::microseconds>(request.api->webhooks.give_up_after);
  plan::OutboxEntry entry;
  entry.id = base::make_id();
  entry.resource = webhook.resource->name;
  entry.row = name_of(*webhook.resource, row);
  entry.webhook = webhook.name;
  entry.created = request.now;
  entry.expires = request.now + time.count();
  return entry;
}

}  // namespace

bool Messages::is_due(const model::WebhookTrigger& trigger) const {
  if (trigger.kind != ground_.operation.kind) return false;
  return trigger.kind != model::OperationKind::Act || trigger.action == ground_.operation.action->name;
}

bool Messages::are_due() const {
  const auto& triggers = ground_.resource.triggers;
  return std::any_of(triggers.begin(), triggers.end(), [&](const auto& trigger) { return is_due(trigger); });
}

Part<base::Status> Messages::write(const TableRow& row) {
  for (const model::WebhookTrigger& trigger : ground_.resource.triggers) {
    if (!is_due(trigger)) continue;
    base::Status written = co_await write_one(*trigger.webhook, row);
    if (!written) co_return written;
  }
  co_return base::ok();
}

Part<base::Status> Messages::write_one(const model::Webhook& webhook, const TableRow& row) {
  const model::Resource& resource = *webhook.resource;
  plan::RowQuery query = ground_.rows_of(resource).read_keyed(row[ground_.resource.key.front()], plan::Lock::None);
  const store::Given given = co_await dialogue_.ask(std::move(query));
  if (given.rows.size() == 0) co_return base::ok();
  const TableRow now = table_row(given.rows.row(0));
  std::map<std::size_t, TableRow> referred;
  for (const std::size_t leaf : referring_leaves(webhook)) {
    const model::Resource* other = ground_.api.find_resource(resource.leaves[leaf].field->refers);
    if (other == nullptr || base::is_null(now[leaf]) || referred.contains(leaf)) continue;
    plan::RowQuery search = ground_.rows_of(*other).read_keyed(now[leaf], plan::Lock::None);
    const store::Given found = co_await dialogue_.ask(std::move(search));
    if (found.rows.size() != 0) referred.emplace(leaf, table_row(found.rows.row(0)));
  }
  plan::Surroundings around{.resource = resource, .row = now};
  around.referred = [&referred](std::size_t leaf) {
    const auto found = referred.find(leaf);
    return found == referred.end() ? nullptr : &found->second;
  };
  around.now = ground_.request.now;
  around.mode = ground_.request.mode;
  if (webhook.when) {
    auto holds = plan::holds(*webhook.when, around);
    if (!holds) co_return std::move(holds).error();
    if (!*holds) co_return base::ok();
  }
  auto target = plan::evaluate(webhook.target, around);
  if (!target) co_return std::move(target).error();
  if (!std::holds_alternative<std::string>(*target)) co_return base::ok();
  auto body = plan::answer_of(webhook.body, around);
  if (!body) co_return std::move(body).error();
  plan::OutboxEntry entry = entry_of(ground_.request, webhook, now);
  entry.target = std::get<std::string>(std::move(*target));
  if (const auto address = base::parse_web_address(entry.target)) entry.host = address->authority();
  base::append_json(*body, entry.body);
  plan::Statement add = plan::add_to_outbox(ground_.request.planner, ground_.scope, entry);
  const store::Given added = co_await dialogue_.ask(std::move(add));
  written_ += static_cast<std::size_t>(added.changed);
  co_return base::ok();
}

}  // namespace portico::change
