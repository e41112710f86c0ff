#include "model/load_rules.hpp"

#include <algorithm>

#include "model/fit_value.hpp"

namespace portico::model {
namespace {

/// The field that a path with dots leads to, through objects; null where it leads to none, or into a reference.
const Field* find_own_field(const std::vector<Field>& fields, std::string_view path) {
  const std::string_view step = path.substr(0, path.find('.'));
  for (const Field& field : fields) {
    if (field.name != step || field.reference) continue;
    return step.size() == path.size() ? &field : find_own_field(field.fields, path.substr(step.size() + 1));
  }
  return nullptr;
}

void append_paths(const Resource& resource, const std::string& prefix, std::vector<std::string>& paths) {
  for (const Leaf& leaf : resource.leaves) {
    if (leaf.join == 0) paths.push_back(prefix + dotted(leaf.path));
  }
}

std::vector<std::string> steps_of(std::string_view path) {
  std::vector<std::string> steps;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('.', at), path.size());
    steps.emplace_back(path.substr(at, end - at));
    at = end + 1;
  }
  return steps;
}

}  // namespace

std::vector<Guard> RulesLoader::load_guards(const Entry& list) {
  std::vector<Guard> guards;
  for (const YamlNode* node : list.value->items) {
    const auto keys =
        read_keys({.node = *node, .position = node->position, .what = "a guard", .keys = guard_keys()}, mistakes_);
    if (!keys) continue;
    Guard guard{.condition = {}, .message = load_message(*keys)};
    guard.code = load_code(*keys);
    const Entry* that = keys->find("that");
    if (that == nullptr) continue;
    if (auto condition = load_condition(*that->value, scope_, mistakes_)) {
      guard.condition = *std::move(condition);
      guards.push_back(std::move(guard));
    }
  }
  return guards;
}

std::vector<Guard> RulesLoader::load_checks(const Entry& list, const Resource& blamed) {
  std::vector<Guard> checks;
  for (const YamlNode* node : list.value->items) {
    const auto keys =
        read_keys({.node = *node, .position = node->position, .what = "a check", .keys = check_keys()}, mistakes_);
    if (!keys) continue;
    Guard check{.condition = {}, .message = load_message(*keys)};
    check.code = load_code(*keys);
    if (const Entry* field = keys->find("field")) check.field = load_blamed(*field, blamed);
    const Entry* that = keys->find("that");
    if (that == nullptr) continue;
    if (auto condition = load_condition(*that->value, scope_, mistakes_)) {
      check.condition = *std::move(condition);
      checks.push_back(std::move(check));
    }
  }
  return checks;
}

std::int64_t RulesLoader::load_code(const KeyValues& keys) {
  const std::int64_t code = keys.integer("code").value_or(0);
  if (keys.find("code") != nullptr && code < 1) {
    mistakes_.add(keys.find("code")->value->position, "a code of " + std::to_string(code), "own codes are positive");
  }
  return code;
}

std::string RulesLoader::load_message(const KeyValues& keys) {
  const Entry* message = keys.find("message");
  if (message == nullptr) return {};
  const std::string& text = message->value->text;
  const auto ends = [&text](char end) { return text.ends_with(end); };
  if (!ends('.') && !ends('!') && !ends('?')) {
    mistakes_.add(message->value->position, "a message is a sentence, and ends with a period",
                  text.empty() ? "" : text + ".");
  }
  return text;
}

std::vector<std::string> RulesLoader::load_blamed(const Entry& field, const Resource& blamed) {
  const std::string& path = field.value->text;
  const Field* found = find_own_field(blamed.fields, path);
  if (found != nullptr && found->hidden) {
    mistakes_.add(field.value->position, quoted(path) + " is hidden", "a check blames what clients write");
  } else if (found == nullptr && !leads_into_untyped(scope_.fields, blamed.fields, path)) {
    std::vector<std::string> known;
    append_paths(blamed, {}, known);
    mistakes_.add_unknown({.position = field.value->position, .what = "field", .name = path}, known);
  }
  return steps_of(path);
}

std::vector<Effect> RulesLoader::load_effects(const Entry& map, EffectTime time) {
  std::vector<Effect> effects;
  for (const Entry& entry : read_entries(*map.value, mistakes_)) {
    const auto target = find_target(entry);
    const bool is_good = target && may_set(entry, *target, time);
    if (entry.value->kind != YamlNode::Kind::Scalar) {
      add_shape_mistake(*entry.value, "an expression", mistakes_, "as \"total - amount\"; null is \"null\"");
      continue;
    }
    auto value = load_expression(*entry.value, scope_, mistakes_);
    if (!value || !is_good) continue;
    check_value(*value, {.leaf = target->resource->leaves[target->leaf], .text = *entry.value}, scope_, mistakes_);
    effects.push_back({.leaf = target->leaf, .through = target->through, .value = *std::move(value)});
  }
  if (map.value->items.empty()) mistakes_.add(map.value->position, "nothing is set", "set: {status: \"'ok'\"}");
  return effects;
}

std::optional<RulesLoader::EffectTarget> RulesLoader::find_target(const Entry& entry) {
  const Resource& row = *scope_.row;
  const std::string_view name = entry.name;
  if (leads_into_untyped(scope_.fields, row.fields, name)) return std::nullopt;
  if (const auto leaf = find_leaf(row, name)) {
    if (row.leaves[*leaf].join == 0) return EffectTarget{.leaf = *leaf, .through = {}, .resource = &row};
    mistakes_.add(entry.position, quoted(name) + " is shown of another resource's row",
                  "to set it, add a field with the column and refers: RESOURCE");
    return std::nullopt;
  }
  for (std::size_t dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.', dot + 1)) {
    const auto through = find_leaf(row, name.substr(0, dot));
    if (!through || row.leaves[*through].field->refers.empty()) continue;
    const Resource* other = find_resource(scope_.resources, row.leaves[*through].field->refers);
    if (other == nullptr || other->fields.empty()) return std::nullopt;  // told already
    const auto leaf = find_leaf(*other, name.substr(dot + 1));
    if (leaf && other->leaves[*leaf].join == 0) {
      return EffectTarget{.leaf = *leaf, .through = *through, .resource = other};
    }
    if (leads_into_untyped(scope_.fields, other->fields, name.substr(dot + 1))) return std::nullopt;
  }
  add_unknown_target(entry);
  return std::nullopt;
}

void RulesLoader::add_unknown_target(const Entry& entry) {
  const Resource& row = *scope_.row;
  if (scope_.input != nullptr && find_leaf(*scope_.input, entry.name)) {
    mistakes_.add(entry.position, quoted(entry.name) + " is a field of the body",
                  "what is set is a field of the row");
    return;
  }
  const Field* field = find_own_field(row.fields, entry.name);
  if (field != nullptr && !field->fields.empty()) {
    mistakes_.add(entry.position, quoted(entry.name) + " is an object",
                  "name its fields one by one: " + entry.name + "." + field->fields.front().name);
    return;
  }
  std::vector<std::string> known;
  append_paths(row, {}, known);
  for (const Leaf& leaf : row.leaves) {
    const Resource* other =
        leaf.field->refers.empty() ? nullptr : find_resource(scope_.resources, leaf.field->refers);
    if (other != nullptr) append_paths(*other, dotted(leaf.path) + ".", known);
  }
  mistakes_.add_unknown({.position = entry.position, .what = "field", .name = entry.name}, known);
}

bool RulesLoader::may_set(const Entry& entry, const EffectTarget& target, EffectTime time) {
  const Resource& resource = *target.resource;
  const Leaf& leaf = resource.leaves[target.leaf];
  if (time == EffectTime::RowGoes && !target.through) {
    mistakes_.add(entry.position, quoted(entry.name) + " goes with the row", "set fields of rows that it refers to");
    return false;
  }
  const bool is_key = std::find(resource.key.begin(), resource.key.end(), target.leaf) != resource.key.end();
  if (is_key && !resource.is_keyless) {
    mistakes_.add(entry.position, quoted(entry.name) + " is the key", "a row keeps its key for ever");
    return false;
  }
  if (leaf.column == resource.owner_column) {
    mistakes_.add(entry.position, quoted(entry.name) + " says whose row it is", "a row keeps its owner for ever");
    return false;
  }
  const auto is_it = [&target](const Parent& parent) { return parent.leaf == target.leaf; };
  if (std::any_of(resource.parents.begin(), resource.parents.end(), is_it)) {
    mistakes_.add(entry.position, quoted(entry.name) + " says where the row lies", "it is a part of the path");
    return false;
  }
  return true;
}

}  // namespace portico::model
