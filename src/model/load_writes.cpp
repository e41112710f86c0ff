#include "model/load_writes.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "model/load_action.hpp"
#include "model/load_expression.hpp"
#include "model/load_filter_names.hpp"
#include "model/load_input.hpp"
#include "model/load_path.hpp"
#include "model/load_relations.hpp"
#include "model/load_summary.hpp"
#include "model/load_webhook.hpp"
#include "model/name_rules.hpp"

namespace portico::model {
namespace {

constexpr OperationSet body_operations = operation_bit(OperationKind::Create) |
                                         operation_bit(OperationKind::Replace) | operation_bit(OperationKind::Update);

/// The writes of one resource.
class WritesLoader {
 public:
  WritesLoader(Resource& resource, const KeyValues& keys, std::span<const ResourceDraft> drafts,
               const ResourceSetting& setting, FieldLoader& fields, MistakeList& mistakes)
      : resource_(resource),
        keys_(keys),
        setting_(setting),
        fields_(fields),
        mistakes_(mistakes),
        scope_{.row = &resource, .resources = drafts, .fields = fields} {}

  void load() {
    load_body_keys();
    if (const Entry* formulas = keys_.find("formulas")) load_formulas(*formulas);
    load_defaults(resource_, scope_, mistakes_);
    RulesLoader rules(scope_, mistakes_);
    if (const Entry* checks = keys_.find("checks")) {
      resource_.checks = rules.load_checks(*checks, resource_);
      require_body(*checks);
    }
    if (const Entry* on = keys_.find("on")) load_on(*on, rules);
    if (const Entry* summary = keys_.find("summary")) {
      resource_.summary = load_summary(
          *summary, {.resource = resource_, .versions = setting_.versions, .fields = fields_}, mistakes_);
    }
    const Entry* actions = keys_.find("actions");
    if (actions == nullptr) return;
    for (const Entry& entry : read_entries(*actions->value, mistakes_)) {
      auto action =
          load_action(entry, {.resource = resource_, .versions = setting_.versions, .resources = scope_.resources},
                      fields_, mistakes_);
      if (action) resource_.actions.push_back(std::move(action));
    }
  }

 private:
  void load_body_keys() {
    if (const Entry* wrapped = keys_.find("wrapped_in")) {
      resource_.wrapped_in = wrapped->value->text;
      require_body(*wrapped);
      check_field_name({.name = resource_.wrapped_in, .position = wrapped->value->position, .what = "wrapping"},
                       mistakes_);
      for (const Field& field : resource_.fields) {
        if (field.hidden || field.name != resource_.wrapped_in) continue;
        mistakes_.add(wrapped->value->position, "there is a field " + quoted(field.name) + " too",
                      "a body could be meant either way; wrap it in another name");
      }
    }
    if (const Entry* bulk = keys_.find("bulk")) {
      resource_.is_bulk = keys_.boolean("bulk").value_or(false);
      if (resource_.is_bulk && !contains(resource_.operations, OperationKind::Create)) {
        mistakes_.add(bulk->position, "bulk without create", "operations: [create]");
      }
    }
    const Entry* unknown = keys_.find("unknown_fields");
    if (unknown == nullptr) return;
    static const std::array<std::string, 2> ways = {"refuse", "ignore"};
    resource_.ignores_unknown = unknown->value->text == ways[1];
    if (unknown->value->text == ways[0] || resource_.ignores_unknown) return;
    mistakes_.add_unknown({.position = unknown->value->position, .what = "way", .name = unknown->value->text}, ways);
  }

  void load_formulas(const Entry& formulas) {
    for (const Entry& entry : read_entries(*formulas.value, mistakes_)) {
      check_field_name({.name = entry.name, .position = entry.position, .what = "formula"}, mistakes_);
      if (find_leaf(resource_, entry.name)) {
        mistakes_.add(entry.position, "there is a field " + quoted(entry.name) + " too",
                      "an expression could mean either; give the formula another name");
      }
      if (auto value = load_expression(*entry.value, scope_, mistakes_)) {
        resource_.formulas.push_back({.name = entry.name, .value = *std::move(value)});
      }
    }
  }

  void require_body(const Entry& entry) {
    if ((resource_.operations & body_operations) != 0) return;
    mistakes_.add(entry.position, quoted(entry.name) + " where clients write no rows",
                  "it goes with the operations create, replace and update");
  }

  void load_on(const Entry& on, RulesLoader& rules) {
    const std::span<const std::string> names = operation_names().subspan(std::size_t{2}, resource_.rules.size());
    for (const Entry& entry : read_entries(*on.value, mistakes_)) {
      const auto found = std::find(names.begin(), names.end(), entry.name);
      if (found == names.end()) {
        mistakes_.add_unknown({.position = entry.position, .what = "operation", .name = entry.name}, names);
        continue;
      }
      const auto index = static_cast<std::size_t>(found - names.begin());
      const auto kind = static_cast<OperationKind>(static_cast<std::size_t>(OperationKind::Create) + index);
      const bool is_cleared = kind == OperationKind::Delete && contains(resource_.operations, OperationKind::Clear);
      if (!contains(resource_.operations, kind) && !is_cleared) {
        mistakes_.add(entry.position, "rules of an operation that there is not", "operations: [" + entry.name + "]");
      }
      const auto keys =
          read_keys({.node = *entry.value, .position = entry.position, .what = "an operation", .keys = rules_keys()},
                    mistakes_);
      if (!keys) continue;
      OperationRules& loaded = resource_.rules[index];
      if (const Entry* guard = keys->find("guard")) loaded.guards = rules.load_guards(*guard);
      const EffectTime time = kind == OperationKind::Delete ? EffectTime::RowGoes : EffectTime::RowStays;
      if (const Entry* set = keys->find("set")) loaded.effects = rules.load_effects(*set, time);
      if (const Entry* answer = keys->find("answer")) load_answer(*answer, kind, loaded);
      if (const Entry* status = keys->find("status")) load_status(*status, kind, loaded);
    }
  }

  void load_status(const Entry& status, OperationKind kind, OperationRules& loaded) {
    constexpr std::int64_t ok = 200;
    constexpr std::int64_t created = 201;
    const std::int64_t value = integer_of(*status.value).value_or(ok);
    if (kind != OperationKind::Create || loaded.answer != ChangeAnswer::Row) {
      mistakes_.add(status.position, "a status of no new row that is shown",
                    "on: {create: {status: 200}}, with answer: row; elsewhere leave 'status' out");
    } else if (value != ok && value != created) {
      mistakes_.add(status.value->position, "a new row is answered with " + std::to_string(value), "200 or 201");
    } else {
      loaded.status = value == ok ? static_cast<int>(value) : 0;
    }
  }

  void load_answer(const Entry& answer, OperationKind kind, OperationRules& loaded) {
    const std::span<const std::string> names = change_answer_names();
    const auto found = std::find(names.begin(), names.end(), answer.value->text);
    if (found == names.end()) {
      mistakes_.add_unknown({.position = answer.value->position, .what = "answer", .name = answer.value->text},
                            names);
    } else if (kind == OperationKind::Delete) {
      mistakes_.add(answer.position, "an answer of a row that is gone", "leave 'answer' out");
    } else {
      loaded.answer = static_cast<ChangeAnswer>(found - names.begin());
    }
  }

  Resource& resource_;
  const KeyValues& keys_;
  const ResourceSetting& setting_;
  FieldLoader& fields_;
  MistakeList& mistakes_;
  ExpressionScope scope_;
};

}  // namespace

void load_writes(std::span<ResourceDraft> drafts, const ResourceSetting& setting, FieldLoader& fields,
                 MistakeList& mistakes) {
  check_refers(drafts, fields, mistakes);
  load_relations(drafts, fields, mistakes);
  for (ResourceDraft& draft : drafts) {
    const Entry* names = draft.keys ? draft.keys->find("filter_names") : nullptr;
    if (names == nullptr) continue;
    load_filter_names(*names, {.versions = setting.versions, .fields = fields}, *draft.resource, mistakes);
  }
  for (ResourceDraft& draft : drafts) load_path(draft, drafts, setting, mistakes);
  for (ResourceDraft& draft : drafts) {
    if (!draft.keys || draft.resource->fields.empty()) continue;
    WritesLoader(*draft.resource, *draft.keys, drafts, setting, fields, mistakes).load();
  }
  load_webhooks(drafts, fields, mistakes);
  for (const ResourceDraft& draft : drafts) complete_views(*draft.resource);
  for (const ResourceDraft& draft : drafts) check_writes(draft, setting, mistakes);
  check_tables(drafts, setting, mistakes);
}

}  // namespace portico::model
