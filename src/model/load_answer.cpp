#include "model/load_answer.hpp"

#include <algorithm>
#include <array>

#include "model/load_expression.hpp"
#include "model/name_rules.hpp"

namespace portico::model {
namespace {

constexpr std::size_t depth_max = 24;       // of objects and lists in each other, as of fields
constexpr std::size_t values_max = 10'000;  // in one answer, those of every item counted

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

bool has_key(const YamlNode& map, std::string_view key) {
  for (std::size_t i = 0; i + 1 < map.items.size(); i += 2) {
    if (map.items[i]->kind == YamlNode::Kind::Scalar && map.items[i]->text == key) return true;
  }
  return false;
}

class AnswerLoader {
 public:
  AnswerLoader(const ExpressionScope& scope, MistakeList& mistakes)
      : scope_(scope), mistakes_(mistakes), values_of_items_(scope.items.begin(), scope.items.end()) {
    scope_.items = values_of_items_;
  }

  std::vector<AnswerField> load_fields(const YamlNode& map) {
    std::vector<AnswerField> loaded;
    for (const Entry& entry : read_entries(map, mistakes_)) {
      check_field_name({.name = entry.name, .position = entry.position, .what = "field"}, mistakes_);
      auto field = load_field(entry);
      if (!field) continue;
      field->name = entry.name;
      loaded.push_back(*std::move(field));
    }
    return loaded;
  }

 private:
  std::optional<AnswerField> load_field(const Entry& entry) {
    const YamlNode& node = *entry.value;
    if (node.kind == YamlNode::Kind::Scalar) return load_value(node);
    if (node.kind == YamlNode::Kind::Map && (has_key(node, "fields") || has_key(node, "each"))) {
      return load_inner(entry);
    }
    const auto keys =
        read_keys({.node = node,
                   .position = entry.position,
                   .what = "a field of an answer",
                   .keys = answer_keys(),
                   .shape_hint = "an expression, {type: boolean, value: …}, or an object: {fields: {…}}"},
                  mistakes_);
    const Entry* value = keys ? keys->find("value") : nullptr;
    if (value == nullptr) return std::nullopt;
    auto field = load_value(*value->value);
    if (const Entry* type = keys->find("type")) apply_type(*type, field);
    return field;
  }

  void apply_type(const Entry& type, std::optional<AnswerField>& field) {
    const auto known = std::find_if(answer_types.begin(), answer_types.end(),
                                    [&type](const AnswerType& row) { return row.name == type.value->text; });
    if (known == answer_types.end()) {
      std::vector<std::string> names;
      for (const AnswerType& row : answer_types) names.emplace_back(row.name);
      mistakes_.add_unknown({.position = type.value->position, .what = "type", .name = type.value->text}, names);
    } else if (field && field->value.type != ExpressionType::Null && field->value.type != known->value) {
      mistakes_.add(type.value->position,
                    "the value is " + std::string(words_for(field->value.type)) + ", and not of the type " +
                        quoted(known->name),
                    "leave 'type' out");
    } else if (field) {
      field->type = known->shown;
    }
  }

  std::optional<AnswerField> load_value(const YamlNode& text) {
    if (++values_ > values_max) {
      if (values_ == values_max + 1) {
        mistakes_.add(text.position, "an answer of more than " + std::to_string(values_max) + " values",
                      "fewer values under 'each'");
      }
      return std::nullopt;
    }
    auto value = load_expression(text, scope_, mistakes_);
    if (!value) return std::nullopt;
    AnswerField field{.name = {}, .type = FieldType::String, .value = *std::move(value)};
    for (const AnswerType& row : answer_types) {
      if (row.value == field.value.type) field.type = row.shown;
    }
    if (field.value.type == ExpressionType::List) {
      mistakes_.add(text.position, "an answer cannot hold a list", "a number, a text, a timestamp, true or false");
    }
    return field;
  }

  /// An object, or with `each` a list of them.
  std::optional<AnswerField> load_inner(const Entry& entry) {
    const auto keys = read_keys({.node = *entry.value,
                                 .position = entry.position,
                                 .what = "an object or list of an answer",
                                 .keys = answer_object_keys()},
                                mistakes_);
    const Entry* fields = keys ? keys->find("fields") : nullptr;
    if (fields == nullptr) return std::nullopt;
    if (fields->value->items.empty()) {
      mistakes_.add(fields->value->position, "an object without fields", "fields: {amount: amount}");
    }
    if (depth_ == depth_max) {
      mistakes_.add(entry.position, "too deep", "at most " + std::to_string(depth_max) + " levels");
      return std::nullopt;
    }
    ++depth_;
    const Entry* each = keys->find("each");
    AnswerField field = each != nullptr ? load_list(*each, *fields->value) : load_object(*fields->value);
    --depth_;
    return field;
  }

  AnswerField load_object(const YamlNode& fields) {
    return {.name = {}, .type = FieldType::Object, .members = load_fields(fields)};
  }

  AnswerField load_list(const Entry& each, const YamlNode& fields) {
    AnswerField list{.name = {}, .type = FieldType::List};
    const auto entries = read_entries(*each.value, mistakes_);
    if (entries.size() != 1) {
      mistakes_.add(each.value->position, "a list over " + std::to_string(entries.size()) + " names",
                    "one name with its values: each: {number: [2, 3, 6]}");
      return list;
    }
    const Entry& entry = entries.front();
    check_item_name(entry);
    for (base::Value& value : load_item_values(*entry.value)) {
      values_of_items_.push_back({.name = entry.name, .value = std::move(value)});
      scope_.items = values_of_items_;
      list.members.push_back(load_object(fields));
      values_of_items_.pop_back();
      scope_.items = values_of_items_;
      if (!mistakes_.empty()) break;  // the other items would have them again
    }
    return list;
  }

  void check_item_name(const Entry& entry) {
    check_field_name({.name = entry.name, .position = entry.position, .what = "name of items"}, mistakes_);
    const auto same = [&entry](const auto& other) { return other.name == entry.name; };
    const bool is_outer = std::any_of(values_of_items_.begin(), values_of_items_.end(), same);
    bool is_known = is_outer;
    for (const Resource* resource : {scope_.input, scope_.row}) {
      if (resource == nullptr) continue;
      const auto& formulas = resource->formulas;
      is_known = is_known || find_leaf(*resource, entry.name) || std::any_of(formulas.begin(), formulas.end(), same);
    }
    if (is_known) {
      mistakes_.add(entry.position, quoted(entry.name) + " has a meaning here already",
                    "give the items another name");
    }
  }

  /// All integers, or all texts.
  std::vector<base::Value> load_item_values(const YamlNode& list) {
    constexpr std::string_view expected = "a list of integers, or of texts";
    std::vector<base::Value> values;
    if (list.kind != YamlNode::Kind::Sequence || list.items.empty()) {
      add_shape_mistake(list, expected, mistakes_, "each: {number: [2, 3, 6]}");
      return values;
    }
    for (const YamlNode* item : list.items) {
      if (item->kind != YamlNode::Kind::Scalar) {
        add_shape_mistake(*item, "an integer or a text", mistakes_);
        return {};
      }
      const auto integer = integer_of(*item);
      values.emplace_back(integer ? base::Value(*integer) : base::Value(item->text));
      if (values.back().index() == values.front().index()) continue;
      mistakes_.add(item->position, quoted(item->text) + " beside values of another type", std::string(expected));
      return {};
    }
    return values;
  }

  ExpressionScope scope_;
  MistakeList& mistakes_;
  std::vector<ItemValue> values_of_items_;  // of the lists around what is being read
  std::size_t depth_ = 0;
  std::size_t values_ = 0;
};

}  // namespace

std::vector<AnswerField> load_answer(const Entry& answer, const ExpressionScope& scope, MistakeList& mistakes) {
  return AnswerLoader(scope, mistakes).load_fields(*answer.value);
}

}  // namespace portico::model
