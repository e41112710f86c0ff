#include "model/load_computed.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "model/load_answer.hpp"
#include "model/load_expression.hpp"
#include "model/load_input.hpp"
#include "model/load_path.hpp"
#include "model/load_versions.hpp"
#include "model/name_rules.hpp"

namespace portico::model {
namespace {

using Kind = Expression::Kind;

bool asks_public_key(const Expression& expression) {
  return expression.kind == Kind::PublicKey ||
         std::any_of(expression.operands.begin(), expression.operands.end(), asks_public_key);
}

bool asks_public_key(const AnswerField& field) {
  return asks_public_key(field.value) ||
         std::any_of(field.members.begin(), field.members.end(),
                     [](const AnswerField& member) { return asks_public_key(member); });
}

class ComputedLoader {
 public:
  ComputedLoader(const ResourceSetting& setting, FieldLoader& fields, MistakeList& mistakes)
      : setting_(setting), fields_(fields), mistakes_(mistakes) {}

  ResourceDraft load(const Entry& entry) {
    ResourceDraft draft{.resource = std::make_unique<Resource>(), .keys = std::nullopt};
    Resource& resource = *draft.resource;
    resource.name = entry.name;
    resource.singular = entry.name;
    resource.position = entry.position;
    resource.operations = operation_bit(OperationKind::Retrieve);
    draft.keys = read_keys(
        {.node = *entry.value, .position = entry.position, .what = "a computed resource", .keys = computed_keys()},
        mistakes_);
    auto computation = std::make_unique<Computation>();
    if (draft.keys) load_all(*draft.keys, resource, *computation);
    resource.computation = std::move(computation);
    load_fixed_path(draft);
    return draft;
  }

 private:
  void load_all(const KeyValues& keys, Resource& resource, Computation& computation) {
    resource.description = keys.text("description").value_or("");
    resource.versions = load_versions(keys, setting_.versions, mistakes_);
    if (const Entry* public_key = keys.find("public_key")) load_public_key(*public_key, resource);
    load_parameters(keys.find("parameters"), resource);
    const ExpressionScope scope{.input = &resource,
                                .fields = fields_,
                                .why_no_names = "a computed resource knows its parameters and formulas, and has none",
                                .place = ExpressionPlace::Computed};
    if (const Entry* formulas = keys.find("formulas")) load_formulas(*formulas, scope, resource);
    const Entry* answer = keys.find("answer");
    if (answer == nullptr) return;
    computation.answer = load_answer(*answer, scope, mistakes_);
    computation.asks_public_key = std::any_of(computation.answer.begin(), computation.answer.end(),
                                              [](const AnswerField& field) { return asks_public_key(field); });
    if (answer->value->items.empty()) {
      mistakes_.add(answer->value->position, "an answer without fields", "answer: {amount: amount}");
    }
  }

  void load_public_key(const Entry& list, Resource& resource) {
    for (const TextItem& item : read_texts(list, mistakes_)) {
      if (item.text == "retrieve") {
        resource.public_operations = operation_bit(OperationKind::Retrieve);
      } else {
        mistakes_.add(item.position, quoted(item.text) + " of a computed resource", "public_key: [retrieve]");
      }
    }
  }

  void load_parameters(const Entry* list, Resource& resource) {
    load_input(
        resource, list,
        {.versions = setting_.versions,
         .resources = {},
         .what = "a parameter",
         .why_no_names = "a parameter's default looks at no other; where it is used, coalesce(amount, limit) does"},
        fields_, mistakes_);
    for (const Field& field : resource.fields) {
      if (fields_.is_untyped(field) || contains(scalar_types, field.type)) continue;
      mistakes_.add(field.position,
                    "the parameter " + quoted(field.name) + " is of type " + std::string(name_of(field.type)),
                    "a query string has plain values: " + base::enumerated(names_of(scalar_types)));
    }
  }

  void load_formulas(const Entry& formulas, const ExpressionScope& scope, Resource& resource) {
    for (const Entry& entry : read_entries(*formulas.value, mistakes_)) {
      check_field_name({.name = entry.name, .position = entry.position, .what = "formula"}, mistakes_);
      if (find_leaf(resource, entry.name)) {
        mistakes_.add(entry.position, "there is a parameter " + quoted(entry.name) + " too",
                      "an expression could mean either; give the formula another name");
      }
      if (auto value = load_expression(*entry.value, scope, mistakes_)) {
        resource.formulas.push_back({.name = entry.name, .value = *std::move(value)});
      }
    }
  }

  void load_fixed_path(ResourceDraft& draft) {
    const Entry* path = draft.keys ? draft.keys->find("path") : nullptr;
    if (path != nullptr && path->value->text.find('{') != std::string::npos) {
      mistakes_.add(position_within(*path->value, path->value->text.find('{')),
                    "a computed resource lies under no row",
                    "fixed steps only: /merchants/api-keys; what a request says stands in its query");
      return;
    }
    load_path(draft, {}, setting_, mistakes_);
  }

  const ResourceSetting& setting_;
  FieldLoader& fields_;
  MistakeList& mistakes_;
};

}  // namespace

bool is_computed(const Entry& entry) {
  if (entry.value->kind != YamlNode::Kind::Map) return false;
  const auto& items = entry.value->items;
  for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
    if (items[i]->text == "computed") return boolean_of(*items[i + 1]).value_or(false);
  }
  return false;
}

ResourceDraft load_computed(const Entry& entry, const ResourceSetting& setting, FieldLoader& fields,
                            MistakeList& mistakes) {
  return ComputedLoader(setting, fields, mistakes).load(entry);
}

}  // namespace portico::model
