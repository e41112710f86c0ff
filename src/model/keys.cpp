#include "model/keys.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

#include "base/text.hpp"

namespace portico::model {
namespace {

using enum Presence;
using enum Shape;

struct ShapeRow {
  Shape shape;
  std::string_view expected;
};
constexpr std::array<ShapeRow, 9> shapes = {{
    {Text, "a text"},
    {Boolean, "true or false"},
    {Integer, "an integer"},
    {Texts, "a list of texts: [a, b]"},
    {TextOrTexts, "a text or a list of texts: a, or [a, b]"},
    {Integers, "a list of integers: [1, 2]"},
    {Map, "a mapping: {key: value}"},
    {Maps, "a list of mappings: [{key: value}]"},
    {Any, "a value"},
}};

std::string_view kind_of(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::Null:
      return "nothing";
    case YamlNode::Kind::Scalar:
      return "a text";
    case YamlNode::Kind::Sequence:
      return "a list";
    case YamlNode::Kind::Map:
      return "a mapping";
  }
  return "";
}

bool is_text(const YamlNode& node) {
  return node.kind == YamlNode::Kind::Scalar;
}
bool is_integer(const YamlNode& node) {
  return integer_of(node).has_value();
}

bool fits(Shape shape, const YamlNode& node) {
  const bool is_list = node.kind == YamlNode::Kind::Sequence;
  switch (shape) {
    case Text:
      return is_text(node);
    case Boolean:
      return boolean_of(node).has_value();
    case Integer:
      return is_integer(node);
    // The items are looked at one by one, so that the mistake stands where it was made.
    case Texts:
    case Integers:
    case Maps:
      return is_list;
    case TextOrTexts:
      return is_list || is_text(node);
    case Map:
      return node.kind == YamlNode::Kind::Map;
    case Any:
      return node.kind != YamlNode::Kind::Null;
  }
  return false;
}

std::vector<std::string> key_names(std::span<const Key> keys) {
  std::vector<std::string> names;
  for (const Key& key : keys) names.emplace_back(key.name);
  return names;
}

}  // namespace

std::optional<bool> boolean_of(const YamlNode& node) {
  struct Word {
    std::string_view text;
    bool value;
  };
  static constexpr std::array<Word, 12> words = {{
      {"true", true},
      {"True", true},
      {"TRUE", true},
      {"yes", true},
      {"Yes", true},
      {"YES", true},
      {"false", false},
      {"False", false},
      {"FALSE", false},
      {"no", false},
      {"No", false},
      {"NO", false},
  }};
  if (node.kind != YamlNode::Kind::Scalar || node.is_quoted) return std::nullopt;
  for (const Word& word : words) {
    if (word.text == node.text) return word.value;
  }
  return std::nullopt;
}

std::optional<std::int64_t> integer_of(const YamlNode& node) {
  if (node.kind != YamlNode::Kind::Scalar || node.is_quoted) return std::nullopt;
  return base::parse_integer(node.text);
}

void add_shape_mistake(const YamlNode& node, std::string_view expected, MistakeList& mistakes,
                       std::string_view hint) {
  const std::string found = node.kind == YamlNode::Kind::Scalar ? quoted(node.text) : std::string(kind_of(node));
  mistakes.add(node.position, "expected " + std::string(expected) + ", found " + found, std::string(hint));
}

std::vector<Entry> read_entries(const YamlNode& map, MistakeList& mistakes) {
  std::vector<Entry> entries;
  std::unordered_map<std::string_view, std::size_t> first_lines;
  entries.reserve(map.items.size() / 2);
  for (std::size_t i = 0; i + 1 < map.items.size(); i += 2) {
    const YamlNode& key = *map.items[i];
    // YAML reads an unquoted `null:` as nothing; here it is the key of that name.
    static const std::string null_name = "null";
    const std::string& name = key.kind == YamlNode::Kind::Null ? null_name : key.text;
    if (key.kind != YamlNode::Kind::Null && key.kind != YamlNode::Kind::Scalar) {
      add_shape_mistake(key, "a name as the key", mistakes);
      continue;
    }
    const auto [first, is_new] = first_lines.emplace(name, key.position.line);
    if (!is_new) {
      mistakes.add(key.position, "the key " + quoted(name) + " stands here a second time",
                   "the first one is in line " + std::to_string(first->second));
      continue;
    }
    entries.push_back({.name = name, .position = key.position, .value = map.items[i + 1]});
  }
  return entries;
}

/// Fills KeyValues.
class KeyReader {
 public:
  KeyReader(const KeyedMap& map, MistakeList& mistakes) : map_(map), mistakes_(mistakes) {}

  std::optional<KeyValues> read() {
    if (map_.node.kind != YamlNode::Kind::Map) {
      add_shape_mistake(map_.node, std::string(map_.what) + " as a mapping: {key: value}", mistakes_,
                        map_.shape_hint);
      return std::nullopt;
    }
    for (Entry& entry : read_entries(map_.node, mistakes_)) take(std::move(entry));
    for (const Key& key : map_.keys) {
      if (key.presence == Required && !values_.names(key.name)) {
        mistakes_.add(map_.position, std::string(map_.what) + " needs the key " + quoted(key.name),
                      std::string(key.about));
      }
    }
    return std::move(values_);
  }

 private:
  void take(Entry entry) {
    const auto same_name = [&entry](const Key& key) { return key.name == entry.name; };
    const auto key = std::find_if(map_.keys.begin(), map_.keys.end(), same_name);
    if (key == map_.keys.end()) {
      mistakes_.add_unknown({.position = entry.position, .what = "key", .name = entry.name}, key_names(map_.keys));
      return;
    }
    if (!fits(key->shape, *entry.value)) {
      add_shape_mistake(*entry.value, shapes[static_cast<std::size_t>(key->shape)].expected, mistakes_,
                        entry.value->is_quoted ? "without the quotes" : "");
      values_.faulty_.push_back(std::move(entry.name));
      return;
    }
    values_.entries_.push_back(std::move(entry));
  }

  const KeyedMap& map_;
  MistakeList& mistakes_;
  KeyValues values_;
};

std::optional<KeyValues> read_keys(const KeyedMap& map, MistakeList& mistakes) {
  return KeyReader(map, mistakes).read();
}

const Entry* KeyValues::find(std::string_view key) const {
  for (const Entry& entry : entries_) {
    if (entry.name == key) return &entry;
  }
  return nullptr;
}

bool KeyValues::names(std::string_view key) const {
  return find(key) != nullptr || std::find(faulty_.begin(), faulty_.end(), key) != faulty_.end();
}

std::optional<std::string_view> KeyValues::text(std::string_view key) const {
  const Entry* entry = find(key);
  if (entry == nullptr) return std::nullopt;
  return entry->value->text;
}

std::optional<bool> KeyValues::boolean(std::string_view key) const {
  const Entry* entry = find(key);
  if (entry == nullptr) return std::nullopt;
  return boolean_of(*entry->value);
}

std::optional<std::int64_t> KeyValues::integer(std::string_view key) const {
  const Entry* entry = find(key);
  if (entry == nullptr) return std::nullopt;
  return integer_of(*entry->value);
}

bool is_none(const Entry& entry) {
  return is_text(*entry.value) && !entry.value->is_quoted && entry.value->text == "none";
}

std::vector<TextItem> read_texts(const Entry& list, MistakeList& mistakes) {
  if (is_text(*list.value)) return {{.text = list.value->text, .position = list.value->position}};
  std::vector<TextItem> items;
  std::unordered_set<std::string_view> seen;
  for (const YamlNode* node : list.value->items) {
    if (!is_text(*node)) {
      add_shape_mistake(*node, "a text", mistakes);
    } else if (!seen.insert(node->text).second) {
      mistakes.add(node->position, quoted(node->text) + " stands here a second time");
    } else {
      items.push_back({.text = node->text, .position = node->position});
    }
  }
  return items;
}

}  // namespace portico::model
