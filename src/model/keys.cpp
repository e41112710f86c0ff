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

// The JSON Schema of names and paths; the loader's own rules stand in name_rules.cpp.
constexpr std::string_view paths_schema =
    R"("type": "array", "items": {"type": "string", "pattern": "^[a-z][a-z0-9_]*(-[a-z][a-z0-9_]*)*$"})";
constexpr std::string_view terms_schema =
    R"("type": "array", "items": {"type": "string", "pattern": "^-?[a-z][a-z0-9_]*(-[a-z][a-z0-9_]*)*$"})";
constexpr std::string_view operations_schema =
    R"("type": "array", "items": {"$ref": "#/$defs/operation"}, "uniqueItems": true)";
constexpr std::string_view count_schema = R"("type": "integer", "minimum": 1)";
// Tables that Portico makes have names of 63 bytes at most, those of others any.
constexpr std::string_view table_schema = R"("type": "string", "minLength": 1)";
constexpr std::string_view key_schema =
    R"("anyOf": [{"type": "string", "pattern": "^[a-z][a-z0-9_]*(-[a-z][a-z0-9_]*)*$"}, {"type": "array", )"
    R"("minItems": 1, "uniqueItems": true, )"
    R"("items": {"type": "string", "pattern": "^[a-z][a-z0-9_]*(-[a-z][a-z0-9_]*)*$"}}])";

constexpr std::array<Key, 12> api_table = {{
    {"vendor", Text, Required, R"("type": "string", "pattern": "^[a-z][a-z0-9.-]*$")",
     "The name in media types (application/vnd.VENDOR.v1+json) and in X-VENDOR-Media-Type."},
    {"description", Text, Optional, "", "What the API is for; published."},
    {"versions", Integers, Required, R"("type": "array", "items": {"type": "integer", "minimum": 1}, "minItems": 1)",
     "The versions served, ascending, without gaps. No version asked for: the last."},
    {"public_url", Text, Optional, R"("type": "string", "pattern": "^https?://[^/?#]+")",
     "What links in answers begin with. Left out: the Host that the client named."},
    {"time_zone", Text, Optional, "",
     "The IANA zone in which date filters are taken, and times without a zone. UTC."},
    {"trusted_proxies", Texts, Optional, "", "Addresses or CIDR ranges whose X-Forwarded-* headers are believed."},
    {"apis", Map, Required,
     R"("type": "object", "minProperties": 1, "propertyNames": {"$ref": "#/$defs/name"}, )"
     R"("additionalProperties": {"$ref": "#/$defs/surface"})",
     "The APIs by name: where each is served, and in which dialect."},
    {"accounts", Text, Required, "", "The resource whose rows are the tenants; none: an account is only a name."},
    {"database", Map, Optional, R"("$ref": "#/$defs/database")", "Whose the tables are, and where."},
    {"limits", Map, Optional, R"("$ref": "#/$defs/limits")", "Limits that differ from the usual ones."},
    {"types", Map, Optional,
     R"("type": "object", "propertyNames": {"$ref": "#/$defs/name"}, )"
     R"("additionalProperties": {"$ref": "#/$defs/field"})",
     "Types of your own, for `type:` and `of:` to name."},
    {"resources", Map, Required,
     R"("type": "object", "minProperties": 1, "propertyNames": {"$ref": "#/$defs/name"}, )"
     R"("additionalProperties": {"$ref": "#/$defs/resource"})",
     "The collections of rows that are served, by name."},
}};

constexpr std::array<Key, 2> surface_table = {{
    {"base", Text, Required, R"("type": "string", "pattern": "^/")", "The path it is served under: `/`, or `/api`."},
    {"dialect", Text, Required, R"("$ref": "#/$defs/dialect")", "The rules on the wire."},
}};

constexpr std::array<Key, 2> database_table = {{
    {"existing", Boolean, Optional, "",
     "Whether others made the database: it is only read, and has no sandbox. Left out: no."},
    {"schema", Text, Optional, table_schema,
     "PostgreSQL's schema. Left out: portico, and public where the database exists already."},
}};

constexpr std::array<Key, 13> resource_table = {{
    {"description", Text, Optional, "", "What the rows are; published."},
    {"singular", Text, Optional, R"("type": "string", "pattern": "^[a-z][a-z0-9_-]*$")",
     "The name of one of them. Left out: the resource's name without a final s."},
    {"table", Text, Optional, table_schema, "The database's table. Left out: the resource's name."},
    {"schema", Text, Optional, table_schema,
     "PostgreSQL's schema that has the table, in a database that others made. Left out: the database's."},
    {"owner", Text, Optional, table_schema,
     "The column that holds the owning account's id, or none: all accounts see its rows. Only the accounts "
     "themselves may leave it out: it is their key."},
    {"key", TextOrTexts, Optional, key_schema,
     "The field that is the primary key, or several fields; none: rows without a key are listed and not retrieved. "
     "Left out: id."},
    {"names", Texts, Optional, paths_schema,
     "The fields that name a row in a URL, tried in this order. Left out: the key; a key of several fields is the "
     "only name."},
    {"operations", Texts, Required, operations_schema, "What can be done with it."},
    {"public_key", Texts, Optional, operations_schema, "What a public key may do. Left out: nothing."},
    {"page_size", Map, Optional, R"("$ref": "#/$defs/page_size")", "How many rows a page has."},
    {"ordering", Map, Optional, R"("$ref": "#/$defs/ordering")", "How rows are sorted."},
    {"search", Texts, Optional, paths_schema, "The fields that `?q=` searches."},
    {"fields", Map, Required, R"("$ref": "#/$defs/fields")", "The fields, in the order of the answer."},
}};

constexpr std::array<Key, 2> page_size_table = {{
    {"default", Integer, Optional, count_schema, "Rows on a page where the client asks for no number: 25."},
    {"max", Integer, Optional, count_schema, "The most a client may ask for: 100."},
}};

constexpr std::array<Key, 2> ordering_table = {{
    {"default", Texts, Optional, terms_schema, "The usual order; a minus is descending. Left out: by the key."},
    {"allowed", Texts, Optional, paths_schema, "The fields that `?ordering=` may name. Left out: none."},
}};

constexpr TypeSet nested_types = type_bit(FieldType::Choice) | type_bit(FieldType::List);
constexpr TypeSet bounded_types = number_types | type_bit(FieldType::List);

constexpr TypeSet stored_types = text_types | number_types | type_bit(FieldType::Choice) |
                                 type_bit(FieldType::Timestamp) | type_bit(FieldType::Date) |
                                 type_bit(FieldType::Boolean);

constexpr std::array<Key, 20> field_table = {{
    {"type", Text, Optional, R"("anyOf": [{"$ref": "#/$defs/type"}, {"type": "string"}])",
     "A built-in type, `reference`, or one of `types:`. Left out: string."},
    {"description", Text, Optional, "", "What the field says; published."},
    {"null", Boolean, Optional, "",
     "Whether it may be null. An object that may be is null where all of its fields are. Left out: no."},
    {"required", Boolean, Optional, "", "Whether it must be given when a row is created. Left out: no."},
    {"read_only", Boolean, Optional, "", "Whether clients can only read it. Left out: no."},
    {"unique", Boolean, Optional, "", "Whether no two rows of an account share a value. Left out: no.", scalar_types},
    {"index", Boolean, Optional, "", "Whether an index of its own serves its filters. Left out: no.", scalar_types},
    {"since", Integer, Optional, count_schema, "The first version that has it. Left out: the first."},
    {"until", Integer, Optional, count_schema, "The last version that has it. Left out: the last."},
    {"was", Map, Optional, R"("type": "object", "additionalProperties": {"type": "integer", "minimum": 1})",
     "Former names, each with the last version that used it: {zip: 2}."},
    {"column", Text, Optional, table_schema,
     "The table's column. Left out: the path of names, joined by `__`. A reference's has the other row's key.",
     leaf_types | reference_bit},
    {"stored", Text, Optional, R"("$ref": "#/$defs/storage")",
     "How the column of a table that others made keeps the values, where not as Portico would.", stored_types},
    {"to", Text, Optional, R"("$ref": "#/$defs/name")", "The resource whose row a reference shows.", reference_bit},
    {"show", Texts, Optional, R"("type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": true)",
     "The fields of that resource that a reference shows. Left out: all but its own references.", reference_bit},
    {"filter", Texts, Optional, R"("type": "array", "items": {"$ref": "#/$defs/filter"}, "uniqueItems": true)",
     "The filters allowed: families, or single lookups. Left out: none.", leaf_types},
    {"of", Any, Optional,
     R"("anyOf": [{"type": "array", "items": {"type": ["string", "integer", "boolean"]}, "minItems": 1}, )"
     R"({"type": "string"}, {"$ref": "#/$defs/field"}])",
     "A choice's values, or a list's item type.", nested_types},
    {"fields", Map, Optional, R"("$ref": "#/$defs/fields")", "An object's members.", type_bit(FieldType::Object)},
    {"min", Integer, Optional, "", "The least number; of a list, the fewest items.", bounded_types},
    {"max", Integer, Optional, "", "The greatest number; of a list, the most items.", bounded_types},
    {"max_length", Integer, Optional, count_schema, "The longest text, in characters.", free_text_types},
}};

struct ShapeRow {
  Shape shape;
  std::string_view expected;
};
constexpr std::array<ShapeRow, 8> shapes = {{
    {Text, "a text"},
    {Boolean, "true or false"},
    {Integer, "an integer"},
    {Texts, "a list of texts: [a, b]"},
    {TextOrTexts, "a text or a list of texts: a, or [a, b]"},
    {Integers, "a list of integers: [1, 2]"},
    {Map, "a mapping: {key: value}"},
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

std::span<const Key> api_keys() {
  return api_table;
}
std::span<const Key> surface_keys() {
  return surface_table;
}
std::span<const Key> database_keys() {
  return database_table;
}
std::span<const Key> resource_keys() {
  return resource_table;
}
std::span<const Key> page_size_keys() {
  return page_size_table;
}
std::span<const Key> ordering_keys() {
  return ordering_table;
}
std::span<const Key> field_keys() {
  return field_table;
}

std::span<const std::string> operation_names() {
  static const std::array<std::string, 2> names = {"list", "retrieve"};  // in the order of OperationKind
  return names;
}

std::span<const std::string> dialect_names() {
  static const std::array<std::string, 2> names = {"media-type", "code-envelope"};  // in the order of DialectKind
  return names;
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
