#include "model/load_answer.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "model/load_expression.hpp"
#include "model/name_rules.hpp"

namespace portico::model {
namespace {

/// How an answer shows the values of a type.
struct AnswerType {
  std::string_view name;
  FieldType shown;
  ExpressionType value;
};
constexpr std::array<AnswerType, 4> answer_types = {{
    {"integer", FieldType::Integer, ExpressionType::Integer},
    {"boolean", FieldType::Boolean, ExpressionType::Boolean},
    {"string", FieldType::String, ExpressionType::Text},
    {"timestamp", FieldType::Timestamp, ExpressionType::Instant},
}};

std::optional<AnswerField> answer_field(const Entry& entry, const YamlNode& text, const ExpressionScope& scope,
                                        MistakeList& mistakes) {
  auto value = load_expression(text, scope, mistakes);
  if (!value) return std::nullopt;
  AnswerField field{.name = entry.name, .type = FieldType::String, .value = *std::move(value)};
  for (const AnswerType& row : answer_types) {
    if (row.value == field.value.type) field.type = row.shown;
  }
  if (field.value.type == ExpressionType::List) {
    mistakes.add(text.position, "an answer cannot hold a list", "a number, a text, a timestamp, true or false");
  }
  return field;
}

std::optional<AnswerField> load_answer_field(const Entry& entry, const ExpressionScope& scope,
                                             MistakeList& mistakes) {
  if (entry.value->kind == YamlNode::Kind::Scalar) return answer_field(entry, *entry.value, scope, mistakes);
  const auto keys = read_keys({.node = *entry.value,
                               .position = entry.position,
                               .what = "a field of an answer",
                               .keys = answer_keys(),
                               .shape_hint = "an expression, or {type: boolean, value: …}"},
                              mistakes);
  const Entry* value = keys ? keys->find("value") : nullptr;
  if (value == nullptr) return std::nullopt;
  auto field = answer_field(entry, *value->value, scope, mistakes);
  const Entry* type = keys->find("type");
  if (type == nullptr) return field;
  const auto known = std::find_if(answer_types.begin(), answer_types.end(),
                                  [type](const AnswerType& row) { return row.name == type->value->text; });
  if (known == answer_types.end()) {
    std::vector<std::string> names;
    for (const AnswerType& row : answer_types) names.emplace_back(row.name);
    mistakes.add_unknown({.position = type->value->position, .what = "type", .name = type->value->text}, names);
  } else if (field && field->value.type != ExpressionType::Null && field->value.type != known->value) {
    mistakes.add(
        type->value->position,
        "the value is " + std::string(words_for(field->value.type)) + ", and not of the type " + quoted(known->name),
        "leave 'type' out");
  } else if (field) {
    field->type = known->shown;
  }
  return field;
}

}  // namespace

std::vector<AnswerField> load_answer(const Entry& map, const ExpressionScope& scope, MistakeList& mistakes) {
  std::vector<AnswerField> fields;
  for (const Entry& entry : read_entries(*map.value, mistakes)) {
    check_field_name({.name = entry.name, .position = entry.position, .what = "field"}, mistakes);
    if (auto field = load_answer_field(entry, scope, mistakes)) fields.push_back(*std::move(field));
  }
  return fields;
}

}  // namespace portico::model
