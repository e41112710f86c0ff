#include "model/load_action.hpp"

#include <algorithm>

#include "model/check_resource.hpp"
#include "model/fit_value.hpp"
#include "model/load_answer.hpp"
#include "model/load_versions.hpp"
#include "model/name_rules.hpp"

namespace portico::model {
namespace {

bool looks_at(const Expression& expression, std::size_t leaf) {
  if (expression.kind == Expression::Kind::Leaf && expression.index == leaf) return true;
  return std::any_of(expression.operands.begin(), expression.operands.end(),
                     [leaf](const Expression& operand) { return looks_at(operand, leaf); });
}

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
    auto input = load_input(*keys, entry);
    load_rules(*keys, *input, *action);
    load_answer(*keys, *input, *action);
    action->input = std::move(input);
    return action;
  }

 private:
  std::unique_ptr<Resource> load_input(const KeyValues& keys, const Entry& entry) {
    auto input = std::make_unique<Resource>();
    input->name = entry.name;
    input->singular = entry.name;
    input->position = entry.position;
    input->ignores_unknown = setting_.resource.ignores_unknown;
    input->rules.resize(setting_.resource.rules.size());
    if (const Entry* list = keys.find("fields")) input->fields = fields_.load_fields(*list->value);
    index_leaves(*input);
    check_input(input->fields);
    check_names(input->fields, setting_.versions, mistakes_);
    load_defaults(
        *input,
        {.resources = setting_.resources,
         .fields = fields_,
         .why_no_names = "a default of a body's field looks at no other; where it is used, coalesce(amount, "
                         "total_amount) does"},
        mistakes_);
    if (!mistakes_.empty()) return input;
    for (const int version : setting_.versions) input->views.push_back(make_view(*input, version));
    return input;
  }

  /// A body's fields are in no table.
  void check_input(const std::vector<Field>& fields) {
    for (const Field& field : fields) {
      const bool has_column = !field.column.empty() || field.unique || field.indexed || field.lookups.any();
      const bool is_kept = field.read_only || field.hidden || !field.refers.empty() || field.reference;
      if (has_column || is_kept) {
        mistakes_.add(field.position, "a field of a body is in no table",
                      "take away what it says of a column, an index, filters, other rows, and read_only and hidden");
      }
      if (field.type == FieldType::File) {
        mistakes_.add(field.position, "a file in a body",
                      "a file is a field of a resource, and has a path of its own");
      }
      if (!field.reference) check_input(field.fields);
    }
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

/// Sets the defaults of fields that may lie in objects.
class DefaultsLoader {
 public:
  DefaultsLoader(Resource& resource, const ExpressionScope& scope, MistakeList& mistakes)
      : resource_(resource), scope_(scope), mistakes_(mistakes) {}

  void load(std::vector<Field>& fields) {
    for (Field& field : fields) {
      if (field.reference) continue;
      load(field.fields);
      const FieldPromise* promised = scope_.fields.promise(field);
      if (promised == nullptr || promised->initial == nullptr || !field.is_leaf()) continue;
      if (!scope_.fields.is_untyped(field)) load_one(field, *promised);
    }
  }

 private:
  void load_one(Field& field, const FieldPromise& promised) {
    const auto leaf = std::find_if(resource_.leaves.begin(), resource_.leaves.end(),
                                   [&field](const Leaf& candidate) { return candidate.field == &field; });
    const YamlNode& text = *promised.initial;
    auto value = load_expression(text, scope_, mistakes_);
    if (!value || leaf == resource_.leaves.end()) return;
    check_value(*value, {.leaf = *leaf, .text = text}, scope_, mistakes_);
    if (scope_.row != nullptr && looks_at(*value, static_cast<std::size_t>(leaf - resource_.leaves.begin()))) {
      mistakes_.add(text.position, "a default that looks at its own field", "it has no value yet");
    }
    field.initial = *std::move(value);
  }

  Resource& resource_;
  const ExpressionScope& scope_;
  MistakeList& mistakes_;
};

}  // namespace

std::unique_ptr<const Action> load_action(const Entry& entry, const ActionSetting& setting, FieldLoader& fields,
                                          MistakeList& mistakes) {
  return ActionLoader(setting, fields, mistakes).load(entry);
}

void load_defaults(Resource& resource, const ExpressionScope& scope, MistakeList& mistakes) {
  DefaultsLoader(resource, scope, mistakes).load(resource.fields);
}

}  // namespace portico::model
