#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/field_types.hpp"
#include "model/mistake_list.hpp"
#include "model/yaml_tree.hpp"

namespace portico::model {

/// What kind of value a key takes.
enum class Shape : std::uint8_t {
  Text,
  Boolean,  ///< true, false, yes or no
  Integer,
  Texts,  ///< a list of texts
  TextOrTexts,
  Integers,  ///< a list of integers
  Map,
  Maps,  ///< a list of mappings
  Any,   ///< the reader of the key looks for itself
};

enum class Presence : bool { Optional, Required };

/// One key that a mapping of the description may have. The loader and the JSON Schema both read these rows.
struct Key {
  std::string_view name;
  Shape shape;
  Presence presence;
  std::string_view schema;     ///< the value's JSON Schema, without braces; empty: what the shape says
  std::string_view about;      ///< for people: the schema's `description`
  TypeSet types = every_type;  ///< field keys: the types of field that have it
};

/// The keys of each mapping, in the order of docs/description.md.
[[nodiscard]] std::span<const Key> api_keys();
[[nodiscard]] std::span<const Key> surface_keys();
[[nodiscard]] std::span<const Key> database_keys();
[[nodiscard]] std::span<const Key> rates_keys();
[[nodiscard]] std::span<const Key> rate_keys();  ///< of one of them
[[nodiscard]] std::span<const Key> oauth_keys();
[[nodiscard]] std::span<const Key> extensions_keys();
[[nodiscard]] std::span<const Key> resource_keys();
[[nodiscard]] std::span<const Key> page_size_keys();
[[nodiscard]] std::span<const Key> ordering_keys();
[[nodiscard]] std::span<const Key> field_keys();
[[nodiscard]] std::span<const Key> rules_keys();  ///< of `on: {create: …}`
[[nodiscard]] std::span<const Key> guard_keys();
[[nodiscard]] std::span<const Key> check_keys();
[[nodiscard]] std::span<const Key> action_keys();
[[nodiscard]] std::span<const Key> answer_keys();         ///< of a field of an answer whose type is named
[[nodiscard]] std::span<const Key> answer_object_keys();  ///< of an object or a list in an answer
[[nodiscard]] std::span<const Key> summary_keys();
[[nodiscard]] std::span<const Key> computed_keys();  ///< of a resource that is `computed: yes`

[[nodiscard]] std::span<const Key> webhook_keys();        ///< of one of a resource's
[[nodiscard]] std::span<const Key> webhook_rules_keys();  ///< of the whole API

/// The values that a key may have where they are few: operations, dialects.
[[nodiscard]] std::span<const std::string> operation_names();
[[nodiscard]] std::span<const std::string> change_answer_names();
[[nodiscard]] std::span<const std::string> dialect_names();

/// One entry of a mapping.
struct Entry {
  std::string name;
  SourcePosition position;  ///< of the key
  const YamlNode* value = nullptr;
};

/// The entries of a mapping whose keys are free; repeated keys and keys that are no names are mistakes and left out.
/// `map` must be a Map.
[[nodiscard]] std::vector<Entry> read_entries(const YamlNode& map, MistakeList& mistakes);

/// The entries of a mapping whose keys a table lists. Every value has its key's shape: what has not was a mistake,
/// and is left out.
class KeyValues {
 public:
  /// The key's entry, or null.
  [[nodiscard]] const Entry* find(std::string_view key) const;
  /// Whether the key stands there, with a good value or a bad one.
  [[nodiscard]] bool names(std::string_view key) const;
  [[nodiscard]] std::optional<std::string_view> text(std::string_view key) const;
  [[nodiscard]] std::optional<bool> boolean(std::string_view key) const;
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key) const;
  [[nodiscard]] const std::vector<Entry>& all() const { return entries_; }

 private:
  friend class KeyReader;
  std::vector<Entry> entries_;
  std::vector<std::string> faulty_;
};

/// A mapping that should have the keys of a table.
struct KeyedMap {
  const YamlNode& node;
  SourcePosition position;  ///< for what is missing
  std::string_view what;    ///< `a resource`
  std::span<const Key> keys;
  std::string_view shape_hint = {};  ///< for a node that is no mapping
};

/// Reads such a mapping. Unknown, repeated and missing keys, and values of another shape, are mistakes. A node that
/// is no mapping is one too, and gives nothing.
[[nodiscard]] std::optional<KeyValues> read_keys(const KeyedMap& map, MistakeList& mistakes);

/// The boolean that a plain scalar is: true, false, yes or no; or nothing.
[[nodiscard]] std::optional<bool> boolean_of(const YamlNode& node);

/// The integer that a plain scalar is, or nothing.
[[nodiscard]] std::optional<std::int64_t> integer_of(const YamlNode& node);

/// Whether the value is the word `none`. In quotes it is a name like any other.
[[nodiscard]] bool is_none(const Entry& entry);

/// The texts of a list whose shape is Texts or TextOrTexts, where a text is a list of one; a repeated text is a
/// mistake, and left out.
struct TextItem {
  std::string text;
  SourcePosition position;
};
[[nodiscard]] std::vector<TextItem> read_texts(const Entry& list, MistakeList& mistakes);

/// `expected a list of texts, but this is a mapping`.
void add_shape_mistake(const YamlNode& node, std::string_view expected, MistakeList& mistakes,
                       std::string_view hint = {});

}  // namespace portico::model
