#include "model/load_webhook.hpp"

#include <algorithm>

#include "model/load_answer.hpp"
#include "model/load_expression.hpp"
#include "model/load_rules.hpp"
#include "model/name_rules.hpp"

namespace portico::model {
namespace {

/// The operations that change a row.
std::span<const std::string> writing_names() {
  const auto first = static_cast<std::size_t>(OperationKind::Create);
  const auto last = static_cast<std::size_t>(OperationKind::Delete);
  return operation_names().subspan(first, last - first + 1);
}

bool same_table(const Resource& a, const Resource& b) {
  return a.table == b.table && a.schema == b.schema;
}

/// The webhooks of one resource.
class WebhooksLoader {
 public:
  WebhooksLoader(Resource& resource, std::span<ResourceDraft> drafts, FieldLoader& fields, MistakeList& mistakes)
      : resource_(resource),
        drafts_(drafts),
        mistakes_(mistakes),
        scope_{.row = &resource, .resources = drafts, .fields = fields} {}

  void load(const Entry& section) {
    if (resource_.is_keyless || resource_.key.size() > 1) {
      mistakes_.add(section.position, "webhooks about rows that one field does not name", "key: id");
    }
    for (const Entry& entry : read_entries(*section.value, mistakes_)) load_one(entry);
    if (section.value->items.empty()) mistakes_.add(section.value->position, "no webhook", "leave 'webhooks' out");
  }

 private:
  void load_one(const Entry& entry) {
    check_dashed_name({.name = entry.name, .position = entry.position, .what = "webhook"}, mistakes_);
    const auto keys = read_keys(
        {.node = *entry.value, .position = entry.position, .what = "a webhook", .keys = webhook_keys()}, mistakes_);
    if (!keys) return;
    auto webhook = std::make_unique<Webhook>();
    webhook->name = entry.name;
    webhook->position = entry.position;
    webhook->resource = &resource_;
    if (const Entry* when = keys->find("when")) webhook->when = load_condition(*when->value, scope_, mistakes_);
    if (const Entry* target = keys->find("to")) load_target(*target, *webhook);
    if (const Entry* body = keys->find("body")) {
      webhook->body = load_answer(*body, scope_, mistakes_);
      if (body->value->items.empty()) mistakes_.add(body->value->position, "a message without fields", "{id: id}");
    }
    if (const Entry* answers = keys->find("answers")) load_answers(*answers, *webhook);
    if (const Entry* given_up = keys->find("given_up")) webhook->given_up = load_transition(*given_up);
    if (const Entry* on = keys->find("on")) load_triggers(*on, *webhook);
    resource_.webhooks.push_back(std::move(webhook));
  }

  void load_target(const Entry& entry, Webhook& webhook) {
    auto target = load_expression(*entry.value, scope_, mistakes_);
    if (!target) return;
    if (target->type != ExpressionType::Text) {
      mistakes_.add(entry.value->position, "a target is a text, and not " + std::string(words_for(target->type)),
                    "the URL that it is sent to: notification_url");
    }
    webhook.target = *std::move(target);
  }

  void load_answers(const Entry& section, Webhook& webhook) {
    for (const Entry& entry : read_entries(*section.value, mistakes_)) {
      if (auto transition = load_transition(entry)) webhook.answers.push_back(std::move(transition));
    }
    if (section.value->items.empty()) {
      mistakes_.add(section.value->position, "no answer", "leave 'answers' out, and any 2xx will do");
    }
  }

  std::unique_ptr<const Action> load_transition(const Entry& entry) {
    const auto keys = read_keys({.node = *entry.value,
                                 .position = entry.position,
                                 .what = "what becomes of the row",
                                 .keys = rules_keys(),
                                 .shape_hint = "{set: {confirmed: now()}}"},
                                mistakes_);
    if (!keys) return nullptr;
    auto transition = std::make_unique<Action>();
    transition->name = entry.name;
    transition->position = entry.position;
    RulesLoader rules(scope_, mistakes_);
    if (const Entry* guard = keys->find("guard")) transition->rules.guards = rules.load_guards(*guard);
    if (const Entry* set = keys->find("set")) {
      transition->rules.effects = rules.load_effects(*set, EffectTime::RowStays);
    }
    return transition;
  }

  void load_triggers(const Entry& list, const Webhook& webhook) {
    for (const TextItem& item : read_texts(list, mistakes_)) {
      const std::size_t dot = item.text.find('.');
      Resource* const of = dot == std::string::npos ? &resource_ : find_other(item, item.text.substr(0, dot));
      if (of == nullptr) continue;
      const std::string operation = dot == std::string::npos ? item.text : item.text.substr(dot + 1);
      load_trigger({.text = operation, .position = item.position}, *of, webhook);
    }
    if (list.value->items.empty()) {
      mistakes_.add(list.value->position, "it is never sent", "operations and actions: on: [create, update]");
    }
  }

  Resource* find_other(const TextItem& item, const std::string& name) {
    std::vector<std::string> known;
    for (const ResourceDraft& draft : drafts_) {
      if (draft.resource->name == name && same_table(*draft.resource, resource_)) return draft.resource.get();
      if (draft.resource->name == name) {
        mistakes_.add(item.position, quoted(name) + " is kept in another table",
                      "a message is about a row that the operation changes: table: " + resource_.table);
        return nullptr;
      }
      if (same_table(*draft.resource, resource_)) known.push_back(draft.resource->name);
    }
    mistakes_.add_unknown({.position = item.position, .what = "resource", .name = name}, known);
    return nullptr;
  }

  void load_trigger(const TextItem& operation, Resource& of, const Webhook& webhook) {
    const std::span<const std::string> names = writing_names();
    const auto found = std::find(names.begin(), names.end(), operation.text);
    WebhookTrigger trigger{.kind = OperationKind::Act, .action = {}, .webhook = &webhook};
    if (found != names.end()) {
      trigger.kind = static_cast<OperationKind>(static_cast<std::size_t>(OperationKind::Create) +
                                                static_cast<std::size_t>(found - names.begin()));
      if (!contains(of.operations, trigger.kind)) {
        mistakes_.add(operation.position,
                      "an operation that there is not: " + quoted(operation.text) + " of " + of.name,
                      "operations: [" + operation.text + "]");
        return;
      }
    } else if (of.find_action(operation.text) != nullptr) {
      trigger.action = operation.text;
    } else {
      std::vector<std::string> known;
      for (std::size_t i = 0; i < names.size(); ++i) {
        const auto kind = static_cast<OperationKind>(static_cast<std::size_t>(OperationKind::Create) + i);
        if (contains(of.operations, kind)) known.push_back(names[i]);
      }
      for (const auto& action : of.actions) known.push_back(action->name);
      mistakes_.add_unknown({.position = operation.position, .what = "operation", .name = operation.text}, known);
      return;
    }
    of.triggers.push_back(std::move(trigger));
  }

  Resource& resource_;
  std::span<ResourceDraft> drafts_;
  MistakeList& mistakes_;
  ExpressionScope scope_;
};

}  // namespace

void load_webhooks(std::span<ResourceDraft> drafts, FieldLoader& fields, MistakeList& mistakes) {
  for (ResourceDraft& draft : drafts) {
    const Entry* webhooks = draft.keys ? draft.keys->find("webhooks") : nullptr;
    if (webhooks == nullptr || draft.resource->fields.empty()) continue;
    WebhooksLoader(*draft.resource, drafts, fields, mistakes).load(*webhooks);
  }
}

}  // namespace portico::model
