#include "model/yaml_tree.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <sstream>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "base/text.hpp"

namespace portico::model {
namespace {

constexpr std::size_t text_bytes_max = 8 * 1024 * 1024;
constexpr std::size_t depth_max = 100;
constexpr std::size_t weight_max = 1'000'000;  // aliases of aliases grow exponentially

SourcePosition position_of(const YAML::Mark& mark) {
  if (mark.is_null()) return {.line = 1, .column = 1};
  return {.line = static_cast<std::size_t>(mark.line) + 1, .column = static_cast<std::size_t>(mark.column) + 1};
}

/// Builds the tree from the parser's events. Throws YAML::ParserException to stop the parser.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(YamlTree& tree, std::string_view text) : tree_(tree), text_(text) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (tree_.root != nullptr) {
      throw YAML::ParserException(mark, "a second document begins; a description is one document");
    }
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    YamlNode& node = make(YamlNode::Kind::Null, mark, anchor);
    // An empty value has no place of its own: the parser's mark is wherever the next token stands.
    if (!open_.empty() && open_.back()->kind == YamlNode::Kind::Map && open_.back()->items.size() % 2 == 1) {
      node.position = open_.back()->items.back()->position;
    }
    attach(node);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const YamlNode& node = *anchored_.at(anchor - 1);
    if (std::find(open_.begin(), open_.end(), &node) != open_.end()) {
      throw YAML::ParserException(mark, "an alias inside of what it stands for");
    }
    attach(node);
    check_weight(mark);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check_tag(mark, tag);
    YamlNode& node = make(YamlNode::Kind::Scalar, mark, anchor);
    node.text = value;
    node.is_quoted = tag != "?" && !tag.empty();
    node.source = text_.substr(std::min(offset_of(node.position), text_.size()));
    attach(node);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    check_tag(mark, tag);
    open(make(YamlNode::Kind::Sequence, mark, anchor), mark);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    check_tag(mark, tag);
    open(make(YamlNode::Kind::Map, mark, anchor), mark);
  }
  void OnMapEnd() override { close(); }

 private:
  static void check_tag(const YAML::Mark& mark, const std::string& tag) {
    constexpr std::string_view yaml_prefix = "tag:yaml.org,2002:";
    if (tag.empty() || tag == "?" || tag == "!") return;  // what the parser says of values without one
    const std::string written = tag.starts_with(yaml_prefix) ? "!!" + tag.substr(yaml_prefix.size()) : tag;
    throw YAML::ParserException(mark, "the tag '" + written + "' means nothing here");
  }

  YamlNode& make(YamlNode::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
    YamlNode& node = tree_.nodes.emplace_back(YamlNode{.kind = kind, .position = position_of(mark)});
    if (anchor != 0) {
      if (anchored_.size() < anchor) anchored_.resize(anchor);
      anchored_[anchor - 1] = &node;
    }
    check_weight(mark);
    return node;
  }

  void check_weight(const YAML::Mark& mark) const {
    const std::size_t weight = open_.empty() ? 0 : open_.back()->weight;
    if (std::max(weight, tree_.nodes.size()) > weight_max) throw YAML::ParserException(mark, "too large");
  }

  void attach(const YamlNode& node) {
    if (open_.empty()) {
      tree_.root = &node;
      return;
    }
    open_.back()->items.push_back(&node);
    open_.back()->weight += node.weight;
  }

  void open(YamlNode& node, const YAML::Mark& mark) {
    if (open_.size() == depth_max) throw YAML::ParserException(mark, "too deep");
    open_.push_back(&node);
  }

  // What was opened is attached only here, when its weight is known.
  void close() {
    const YamlNode& node = *open_.back();
    open_.pop_back();
    attach(node);
    if (!open_.empty()) check_weight(YAML::Mark());
  }

  /// Nodes come in the order of the text, but for a parser that looks ahead.
  std::size_t offset_of(SourcePosition position) {
    if (position.line < line_) line_start_ = 0, line_ = 1;
    while (line_ < position.line && line_start_ < text_.size()) {
      const std::size_t end = text_.find('\n', line_start_);
      if (end == std::string_view::npos) break;
      line_start_ = end + 1;
      ++line_;
    }
    return line_start_ + position.column - 1;
  }

  YamlTree& tree_;
  std::string_view text_;
  std::size_t line_ = 1;
  std::size_t line_start_ = 0;
  std::vector<YamlNode*> open_;
  std::vector<const YamlNode*> anchored_;
};

// The parser's words for the mistakes that people make most, and what to do about them.
struct ParserHint {
  std::string_view message;
  std::string_view hint;
};
constexpr std::array<ParserHint, 9> parser_hints = {{
    {"illegal tab when looking for indentation", "indent with spaces"},
    {"end of map not found", "look at the indentation here and above; it is made of spaces"},
    {"end of sequence not found", "look at the indentation here and above; it is made of spaces"},
    {"end of map flow not found", "a '}' or a ',' is missing"},
    {"end of sequence flow not found", "a ']' or a ',' is missing"},
    {"illegal map value", "a text with a colon wants quotes"},
    {"the referenced anchor is not defined", "an alias '*name' needs an anchor '&name' above it"},
    {"too large", "at most a million nodes, what aliases stand for counted each time"},
    {"too deep", "at most 100 levels"},
}};

Mistake mistake_of(const YAML::Exception& exception) {
  Mistake mistake{.position = position_of(exception.mark), .message = "no YAML: " + exception.msg, .hint = {}};
  for (const ParserHint& row : parser_hints) {
    if (exception.msg == row.message) mistake.hint = row.hint;
  }
  return mistake;
}

SourcePosition position_at(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  return {.line = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1,
          .column = offset - line_start + 1};
}

// The parser takes byte 4 for the end of the text and other control characters for blanks, and guesses at encodings.
std::optional<Mistake> find_bad_bytes(std::string_view text) {
  if (text.size() > text_bytes_max) {
    return Mistake{.position = {.line = 1, .column = 1},
                   .message = "the file is too large",
                   .hint = "at most " + std::to_string(text_bytes_max / 1024 / 1024) + " MiB"};
  }
  const auto is_control = [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t';
  };
  const auto control = std::find_if(text.begin(), text.end(), is_control);
  if (control != text.end()) {
    return Mistake{.position = position_at(text, static_cast<std::size_t>(control - text.begin())),
                   .message = "a control character",
                   .hint = "a description is plain UTF-8 text"};
  }
  if (!base::is_utf8(text)) {
    std::size_t line_start = 0;
    while (line_start < text.size()) {
      const std::size_t line_end = std::min(text.find('\n', line_start), text.size());
      if (!base::is_utf8(text.substr(line_start, line_end - line_start))) break;
      line_start = line_end + 1;
    }
    return Mistake{.position = position_at(text, line_start),
                   .message = "this line is not UTF-8",
                   .hint = "save the file as UTF-8"};
  }
  return std::nullopt;
}

}  // namespace

std::variant<YamlTree, Mistake> parse_yaml(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  if (auto bad_bytes = find_bad_bytes(text)) return *std::move(bad_bytes);
  YamlTree tree;
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    TreeBuilder builder(tree, text);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& exception) {
    return mistake_of(exception);
  }
  return tree;
}

SourcePosition position_within(const YamlNode& scalar, std::size_t offset) {
  // White space is what YAML folds and escapes, so the characters beside it are counted.
  const auto is_space = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
  const std::string_view before = std::string_view(scalar.text).substr(0, offset);
  auto left = static_cast<std::size_t>(std::count_if(before.begin(), before.end(), std::not_fn(is_space)));
  const std::string_view source = scalar.source;
  std::size_t at = 0;
  if (source.starts_with('&') || source.starts_with('!')) {
    at = std::min(source.find_first_of(" \t\n"), source.size());
    at = std::min(source.find_first_not_of(" \t\n", at), source.size());
  }
  const char opening = at < source.size() ? source[at] : ' ';
  const bool is_double = opening == '"';
  const bool is_single = opening == '\'';
  if (is_double || is_single) ++at;
  if (opening == '|' || opening == '>') at = std::min(source.find('\n', at), source.size());
  for (; at < source.size(); ++at) {
    if (is_space(source[at])) continue;
    if (left == 0) break;
    const bool is_pair = (is_double && source[at] == '\\') || (is_single && source[at] == '\'');
    if (is_pair) ++at;
    const bool is_blank = is_pair && is_double && at < source.size() &&
                          std::string_view("nrt ").find(source[at]) != std::string_view::npos;
    if (!is_blank) --left;
  }
  if (at >= source.size()) return scalar.position;
  const std::string_view passed = source.substr(0, at);
  const auto lines = static_cast<std::size_t>(std::count(passed.begin(), passed.end(), '\n'));
  if (lines == 0) return {.line = scalar.position.line, .column = scalar.position.column + at};
  return {.line = scalar.position.line + lines, .column = at - passed.rfind('\n')};
}

void count_columns_in_characters(std::string_view text, Mistakes& mistakes) {
  std::size_t line = 1;
  std::size_t line_start = 0;
  for (Mistake& mistake : mistakes) {
    while (line < mistake.position.line) {
      const std::size_t line_end = text.find('\n', line_start);
      if (line_end == std::string_view::npos) return;
      line_start = line_end + 1;
      ++line;
    }
    // A line is looked at once for each of its mistakes: no more than the cap on mistakes allows.
    const std::string_view before = text.substr(line_start, mistake.position.column - 1);
    const auto follows = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
    mistake.position.column -= static_cast<std::size_t>(std::count_if(before.begin(), before.end(), follows));
  }
}

}  // namespace portico::model
