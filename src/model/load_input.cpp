#include "model/load_input.hpp"

#include <algorithm>

#include "model/check_resource.hpp"
#include "model/fit_value.hpp"

namespace portico::model {
namespace {

bool looks_at(const Expression& expression, std::size_t leaf) {
  if (expression.kind == Expression::Kind::Leaf && expression.index == leaf) return true;
  return std::any_of(expression.operands.begin(), expression.operands.end(),
                     [leaf](const Expression& operand) { return looks_at(operand, leaf); });
}

/// What is read is in no table.
void check_input(const std::vector<Field>& fields, std::string_view what, MistakeList& mistakes) {
  for (const Field& field : fields) {
    const bool has_column = !field.column.empty() || field.unique || field.indexed || field.lookups.any();
    const bool is_kept = field.read_only || field.hidden || !field.refers.empty() || field.reference;
    if (has_column || is_kept) {
      mistakes.add(field.position, std::string(what) + " is in no table",
                   "take away what it says of a column, an index, filters, other rows, and read_only and hidden");
    }
    if (field.type == FieldType::File) {
      mistakes.add(field.position, "a file in a body", "a file is a field of a resource, and has a path of its own");
    }
    if (!field.reference) check_input(field.fields, what, mistakes);
  }
}

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

void load_input(Resource& input, const Entry* list, const InputSetting& setting, FieldLoader& fields,
                MistakeList& mistakes) {
  if (list != nullptr) input.fields = fields.load_fields(*list->value);
  index_leaves(input);
  check_input(input.fields, setting.what, mistakes);
  check_names(input.fields, setting.versions, mistakes);
  load_defaults(input, {.resources = setting.resources, .fields = fields, .why_no_names = setting.why_no_names},
                mistakes);
  if (!mistakes.empty()) return;
  for (const int version : setting.versions) input.views.push_back(make_view(input, version));
}

void load_defaults(Resource& resource, const ExpressionScope& scope, MistakeList& mistakes) {
  DefaultsLoader(resource, scope, mistakes).load(resource.fields);
}

}  // namespace portico::model
