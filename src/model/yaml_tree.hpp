#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/load_yaml.hpp"

namespace portico::model {

/// A node of a YAML document, with its place in the text. Unlike YAML::Node it keeps repeated keys, and knows whether
/// a scalar was quoted.
struct YamlNode {
  enum class Kind : std::uint8_t { Null, Scalar, Sequence, Map };
  Kind kind = Kind::Null;
  bool is_quoted = false;                   ///< Scalar: text even where it reads like a number or a boolean
  SourcePosition position = {};             ///< of a null value: its key's
  std::string text = {};                    ///< Scalar
  std::string_view source = {};             ///< Scalar: the document from where it begins, as long as that lives
  std::vector<const YamlNode*> items = {};  ///< Sequence: its items. Map: key, value, key, value …
  std::size_t weight = 1;                   ///< nodes in it, what an alias stands for counted each time
};

/// A document. Owns its nodes; moving it leaves them where they are.
struct YamlTree {
  std::deque<YamlNode> nodes;
  const YamlNode* root = nullptr;  ///< null for a text without any document
};

/// Reads one YAML document. Anchors and aliases become shared nodes; no node contains itself, and size and depth are
/// bounded, so that walking the tree always ends soon. `text` must live as long as places within scalars are asked
/// for. A Mistake for what is no YAML, or more than one document.
[[nodiscard]] std::variant<YamlTree, Mistake> parse_yaml(std::string_view text);

/// Where the byte `offset` of a scalar's text stands in the document, its quotes, escapes and line breaks counted as
/// they were written.
[[nodiscard]] SourcePosition position_within(const YamlNode& scalar, std::size_t offset);

/// Turns the columns of `mistakes`, which are in the order of the file, from bytes into characters of `text`.
void count_columns_in_characters(std::string_view text, Mistakes& mistakes);

}  // namespace portico::model
