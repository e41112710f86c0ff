#include "model/expression_names.hpp"

#include <algorithm>
#include <array>

namespace portico::model {
namespace {

/// The field that a path with dots leads to, objects included, or null.
const Field* find_field(const std::vector<Field>& fields, std::string_view path) {
  const std::string_view step = path.substr(0, path.find('.'));
  for (const Field& field : fields) {
    if (field.name != step) continue;
    return step.size() == path.size() ? &field : find_field(field.fields, path.substr(step.size() + 1));
  }
  return nullptr;
}

/// The members of a list's items that one value each.
std::vector<const Field*> item_members(const Field& list) {
  std::vector<const Field*> members;
  if (list.item.empty()) return members;
  for (const Field& member : list.item.front().fields) {
    if (contains(scalar_types, member.type)) members.push_back(&member);
  }
  return members;
}

/// Words that other languages have for it.
struct OtherWord {
  std::string_view word;
  std::string_view hint;
};
constexpr std::array<OtherWord, 6> other_words = {{
    {"and", "'&&' is and"},
    {"or", "'||' is or"},
    {"not", "'!' is not"},
    {"now", "now() is a function"},
    {"yes", "true"},
    {"no", "false"},
}};

void append_names(const Resource& resource, std::vector<std::string>& names) {
  for (const Leaf& leaf : resource.leaves) {
    if (leaf.join == 0) names.push_back(dotted(leaf.path));
  }
}

}  // namespace

ExpressionType expression_type(const Field& field) {
  constexpr TypeSet lists =
      type_bit(FieldType::List) | type_bit(FieldType::Json) | type_bit(FieldType::Object) | type_bit(FieldType::File);
  if (contains(lists, field.type)) return ExpressionType::List;
  if (field.type == FieldType::Boolean) return ExpressionType::Boolean;
  if (field.type == FieldType::Timestamp) return ExpressionType::Instant;
  const bool is_number_choice = field.type == FieldType::Choice && !field.choices.empty() &&
                                std::holds_alternative<std::int64_t>(field.choices.front());
  return contains(number_types, field.type) || is_number_choice ? ExpressionType::Integer : ExpressionType::Text;
}

std::string dotted(std::string path) {
  std::replace(path.begin(), path.end(), '-', '.');
  return path;
}

const Resource* find_resource(std::span<const ResourceDraft> resources, std::string_view name) {
  for (const ResourceDraft& draft : resources) {
    if (draft.resource->name == name) return draft.resource.get();
  }
  return nullptr;
}

std::optional<std::size_t> find_leaf(const Resource& resource, std::string_view dotted_path) {
  for (std::size_t leaf = 0; leaf < resource.leaves.size(); ++leaf) {
    const std::string& path = resource.leaves[leaf].path;
    const auto same = [](char ours, char theirs) { return ours == (theirs == '.' ? '-' : theirs); };
    if (std::equal(path.begin(), path.end(), dotted_path.begin(), dotted_path.end(), same)) return leaf;
  }
  return std::nullopt;
}

bool leads_into_untyped(const FieldLoader& loader, const std::vector<Field>& fields, std::string_view dotted_path) {
  const std::string_view step = dotted_path.substr(0, dotted_path.find('.'));
  for (const Field& field : fields) {
    if (field.name != step) continue;
    if (loader.is_untyped(field)) return true;
    return step.size() < dotted_path.size() &&
           leads_into_untyped(loader, field.fields, dotted_path.substr(step.size() + 1));
  }
  return false;
}

std::optional<NamedValue> ExpressionNames::find(const std::string& name, SourcePosition position) {
  if (auto item = find_item(name)) return item;
  if (auto value = find_value(name)) return value;
  for (const Resource* resource : {scope_.input, scope_.row}) {
    if (resource != nullptr && leads_into_untyped(scope_.fields, resource->fields, name)) return std::nullopt;
  }
  if (auto input = find_input(name)) return input;
  const auto leaf = scope_.row != nullptr ? find_leaf(*scope_.row, name) : std::nullopt;
  if (leaf && scope_.row->leaves[*leaf].join == 0) {
    const Field& field = *scope_.row->leaves[*leaf].field;
    return NamedValue{.expression = {.kind = Expression::Kind::Leaf, .type = expression_type(field), .index = *leaf},
                      .field = &field};
  }
  if (auto formula = find_formula(name)) return formula;
  if (auto referred = find_referred(name)) return referred;
  if (is_told(name, position)) return std::nullopt;
  if (scope_.row == nullptr && scope_.input == nullptr) {
    mistakes_.add(position, quoted(name) + " names nothing here", std::string(scope_.why_no_names));
  } else {
    mistakes_.add_unknown({.position = position, .what = "name", .name = name}, known_names());
  }
  return std::nullopt;
}

std::string_view ExpressionNames::hint_for(std::string_view word) {
  for (const OtherWord& other : other_words) {
    if (other.word == word) return other.hint;
  }
  return {};
}

/// Whether some choice has that value, so that quotes were forgotten.
bool ExpressionNames::is_choice(std::string_view name) const {
  for (const Resource* resource : {scope_.input, scope_.row}) {
    if (resource == nullptr) continue;
    for (const Leaf& leaf : resource->leaves) {
      for (const base::Value& value : leaf.field->choices) {
        const auto* text = std::get_if<std::string>(&value);
        if (text != nullptr && *text == name) return true;
      }
    }
  }
  return false;
}

const Field* ExpressionNames::field_of(const Expression& expression, const ExpressionScope& scope) {
  if (expression.kind == Expression::Kind::Leaf) return scope.row->leaves[expression.index].field;
  if (expression.kind == Expression::Kind::Input) return scope.input->leaves[expression.index].field;
  if (expression.kind != Expression::Kind::Parent) return nullptr;
  const Field& reference = *scope.row->leaves[expression.index].field;
  const Resource* other = find_resource(scope.resources, reference.refers);
  return other == nullptr ? nullptr : other->leaves[expression.member].field;
}

std::optional<NamedValue> ExpressionNames::find_item(const std::string& name) const {
  if (list_ == nullptr) return std::nullopt;
  for (const Field* member : item_members(*list_)) {
    if (member->name != name) continue;
    return NamedValue{.expression = {.kind = Expression::Kind::Item, .type = expression_type(*member), .text = name},
                      .field = member};
  }
  return std::nullopt;
}

std::optional<NamedValue> ExpressionNames::find_value(const std::string& name) const {
  for (const ItemValue& item : scope_.items) {
    if (item.name != name) continue;
    const bool is_text = std::holds_alternative<std::string>(item.value);
    return NamedValue{.expression = {.kind = Expression::Kind::Literal,
                                     .type = is_text ? ExpressionType::Text : ExpressionType::Integer,
                                     .value = item.value},
                      .field = nullptr};
  }
  return std::nullopt;
}

std::optional<NamedValue> ExpressionNames::find_input(const std::string& name) const {
  if (scope_.input == nullptr) return std::nullopt;
  const auto leaf = find_leaf(*scope_.input, name);
  if (!leaf) return std::nullopt;
  const Field& field = *scope_.input->leaves[*leaf].field;
  return NamedValue{.expression = {.kind = Expression::Kind::Input, .type = expression_type(field), .index = *leaf},
                    .field = &field};
}

/// Outside of `sum` and `count`, which do not nest, and a formula may hold one.
std::optional<NamedValue> ExpressionNames::find_formula(const std::string& name) const {
  if (list_ != nullptr) return std::nullopt;
  for (const Resource* resource : {scope_.input, scope_.row}) {
    if (resource == nullptr) continue;
    for (const Formula& formula : resource->formulas) {
      if (formula.name == name) return NamedValue{.expression = formula.value, .field = nullptr};
    }
  }
  return std::nullopt;
}

std::optional<NamedValue> ExpressionNames::find_referred(const std::string& name) const {
  if (scope_.row == nullptr) return std::nullopt;
  for (std::size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', dot + 1)) {
    const auto leaf = find_leaf(*scope_.row, std::string_view(name).substr(0, dot));
    if (!leaf || scope_.row->leaves[*leaf].field->refers.empty()) continue;
    const Resource* other = find_resource(scope_.resources, scope_.row->leaves[*leaf].field->refers);
    if (other == nullptr) continue;
    const auto member = find_leaf(*other, std::string_view(name).substr(dot + 1));
    if (!member || other->leaves[*member].join != 0) continue;
    const Field& field = *other->leaves[*member].field;
    return NamedValue{.expression = {.kind = Expression::Kind::Parent,
                                     .type = expression_type(field),
                                     .index = *leaf,
                                     .member = *member},
                      .field = &field};
  }
  return std::nullopt;
}

/// What is known of a name that stands for nothing.
bool ExpressionNames::is_told(const std::string& name, SourcePosition position) {
  if (const std::string_view hint = hint_for(name); !hint.empty()) {
    mistakes_.add(position, "unknown name " + quoted(name), std::string(hint));
    return true;
  }
  if (is_choice(name)) {
    mistakes_.add(position, "unknown name " + quoted(name), "a text stands in single quotes: \"'" + name + "'\"");
    return true;
  }
  if (scope_.row == nullptr) return false;
  if (const Field* list = find_field(scope_.row->fields, name.substr(0, name.find('.'))); list && list->rows) {
    mistakes_.add(
        position, quoted(list->name) + " is a list of another resource's rows",
        "expressions see the resource's own fields; keep a number or a sum of rows in one of them, which the "
        "effects of the other resource set");
    return true;
  }
  for (std::size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', dot + 1)) {
    const std::string_view prefix = std::string_view(name).substr(0, dot);
    const auto leaf = find_leaf(*scope_.row, prefix);
    if (!leaf) continue;
    const std::string& refers = scope_.row->leaves[*leaf].field->refers;
    const Resource* other = find_resource(scope_.resources, refers);
    if (refers.empty()) {
      mistakes_.add(position, quoted(prefix) + " refers to no other row", "to look at one, add refers: RESOURCE");
    } else if (other != nullptr && !other->fields.empty() &&
               !leads_into_untyped(scope_.fields, other->fields, name.substr(dot + 1))) {
      std::vector<std::string> known;
      append_names(*other, known);
      for (std::string& path : known) path.insert(0, std::string(prefix) + ".");
      mistakes_.add_unknown({.position = position, .what = "name", .name = name}, known);
    }
    return true;
  }
  const Field* field = find_field(scope_.row->fields, name);
  const auto leaf = find_leaf(*scope_.row, name);
  if (leaf || (field != nullptr && field->reference)) {
    mistakes_.add(position, quoted(name) + " is shown of another resource's row",
                  "expressions see the resource's own fields; add a field with its column and refers: RESOURCE");
  } else if (field != nullptr) {
    const std::string example = field->fields.empty() ? name : name + "." + field->fields.front().name;
    mistakes_.add(position, quoted(name) + " is an object", "name one of its fields: " + example);
  }
  return leaf || field != nullptr;
}

std::vector<std::string> ExpressionNames::known_names() const {
  std::vector<std::string> names;
  if (list_ != nullptr) {
    for (const Field* member : item_members(*list_)) names.push_back(member->name);
  }
  for (const ItemValue& item : scope_.items) names.push_back(item.name);
  for (const Resource* resource : {scope_.input, scope_.row}) {
    if (resource == nullptr) continue;
    append_names(*resource, names);
    if (list_ != nullptr) continue;
    for (const Formula& formula : resource->formulas) names.push_back(formula.name);
  }
  if (scope_.row == nullptr) return names;
  for (const Leaf& leaf : scope_.row->leaves) {
    const Resource* other =
        leaf.field->refers.empty() ? nullptr : find_resource(scope_.resources, leaf.field->refers);
    if (other == nullptr) continue;
    for (const Leaf& member : other->leaves) {
      if (member.join == 0) names.push_back(dotted(leaf.path) + "." + dotted(member.path));
    }
  }
  return names;
}

}  // namespace portico::model
