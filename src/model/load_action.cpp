#include "model/load_action.hpp"

#include "model/load_answer.hpp"
#include "model/load_input.hpp"
#include "model/load_versions.hpp"
#include "model/name_rules.hpp"

namespace portico::model {
namespace {

class ActionLoader {
 public:
  ActionLoader(const ActionSetting& setting, FieldLoader& fields, MistakeList& mistakes)
      : setting_(setting), fields_(fields), mistakes_(mistakes) {}

  std::unique_ptr<const Action> load(const Entry& entry) {
    check_dashed_name({.name = entry.name, .position = entry.position, .what = "action"}, mistakes_);
    const auto keys = read_keys(
        {.node = *entry.value, .position = entry.position, .what = "an action", .keys = action_keys()}, mistakes_);
    if (!keys) return nullptr;
    auto action = std::make_unique<Action>();
    action->name = entry.name;
    action->position = entry.position;
    action->description = keys->text("description").value_or("");
    action->is_public = keys->boolean("public_key").value_or(false);
    action->shows_state = keys->boolean("get").value_or(false);
    action->versions = load_versions(*keys, setting_.versions, mistakes_);
    auto input = load_body(*keys, entry);
    load_rules(*keys, *input, *action);
    load_answer(*keys, *input, *action);
    action->input = std::move(input);
    return action;
  }

 private:
  std::unique_ptr<Resource> load_body(const KeyValues& keys, const Entry& entry) {
    auto input = std::make_unique<Resource>();
    input->name = entry.name;
    input->singular = entry.name;
    input->position = entry.position;
    input->ignores_unknown = setting_.resource.ignores_unknown;
    input->rules.resize(setting_.resource.rules.size());
    load_input(*input, keys.find("fields"),
               {.versions = setting_.versions,
                .resources = setting_.resources,
                .what = "a field of a body",
                .why_no_names = "a default of a body's field looks at no other; where it is used, coalesce(amount, "
                                "total_amount) does"},
               fields_, mistakes_);
    return input;
  }

  void load_rules(const KeyValues& keys, const Resource& input, Action& action) {
    const ExpressionScope scope{.row = &setting_.resource,
                                .input = input.fields.empty() ? nullptr : &input,
                                .resources = setting_.resources,
                                .fields = fields_};
    RulesLoader rules(scope, mistakes_);
    if (const Entry* checks = keys.find("checks")) {
      if (keys.names("fields")) {
        action.checks = rules.load_checks(*checks, input);
      } else {
        mistakes_.add(checks->position, "checks of a body that has no fields",
                      "a condition on the row is a guard: guard: [{that: …, message: …}]");
      }
    }
    if (const Entry* guard = keys.find("guard")) action.rules.guards = rules.load_guards(*guard);
    if (const Entry* set = keys.find("set")) action.rules.effects = rules.load_effects(*set, EffectTime::RowStays);
  }

  void load_answer(const KeyValues& keys, const Resource& input, Action& action) {
    const Entry* answer = keys.find("answer");
    if (answer == nullptr) {
      if (!action.shows_state || keys.names("answer")) return;
      mistakes_.add(keys.find("get")->position, "GET has nothing to answer", "add answer: {remaining_amount: …}");
      return;
    }
    // What GET answers too cannot come from a body.
    const bool sees_input = !action.shows_state && !input.fields.empty();
    const ExpressionScope scope{.row = &setting_.resource,
                                .input = sees_input ? &input : nullptr,
                                .resources = setting_.resources,
                                .fields = fields_};
    action.answer = model::load_answer(*answer, scope, mistakes_);
    if (answer->value->items.empty()) {
      mistakes_.add(answer->value->position, "an answer without fields", "leave it out for 204");
    }
  }

  const ActionSetting& setting_;
  FieldLoader& fields_;
  MistakeList& mistakes_;
};

}  // namespace

std::unique_ptr<const Action> load_action(const Entry& entry, const ActionSetting& setting, FieldLoader& fields,
                                          MistakeList& mistakes) {
  return ActionLoader(setting, fields, mistakes).load(entry);
}

}  // namespace portico::model
