#include "operation/form_body.hpp"

#include <algorithm>
#include <deque>
#include <limits>
#include <map>
#include <optional>

#include "base/text.hpp"
#include "operation/text_place.hpp"

namespace portico::operation {
namespace {

using base::Document;
using base::Error;
using base::ErrorCode;
using base::Member;
using base::Status;

/// One step of a name: `a`, `[b]`, `[0]`, `[]`.
struct Step {
  enum class Kind : std::uint8_t { Member, Index, Append };
  Kind kind = Kind::Member;
  std::string_view name;     ///< what stands in the brackets
  std::string_view written;  ///< the whole name up to here
};

/// What parameters have made of a value so far.
struct Node {
  enum class Kind : std::uint8_t { Open, Text, Object, Indexed, Appended };
  Kind kind = Kind::Open;
  Step step;
  std::string text;
  std::vector<std::size_t> children = {};  // in the order first met
};

Error unread(std::string_view parameter, const std::string& what) {
  Error error{.code = ErrorCode::MalformedBody,
              .message = "The form cannot be read: " + shown_name(parameter) + " " + what + "."};
  error.faults.push_back({.path = {shortened_name(parameter)}, .message = "This name " + what + "."});
  return error;
}

/// A list's index: digits without a 0 before them. One that is larger than any list stays so.
std::size_t index_of(std::string_view digits) {
  constexpr std::size_t digits_max = 9;
  std::size_t index = 0;
  if (digits.size() > digits_max) return std::numeric_limits<std::size_t>::max();
  for (const char digit : digits) index = index * 10 + static_cast<std::size_t>(digit - '0');
  return index;
}

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

Node::Kind kind_above(Step::Kind step) {
  switch (step) {
    case Step::Kind::Member:
      return Node::Kind::Object;
    case Step::Kind::Index:
      return Node::Kind::Indexed;
    case Step::Kind::Append:
      return Node::Kind::Appended;
  }
  return Node::Kind::Open;
}

/// Why a node that is `left` cannot also be `right`.
std::string conflict(Node::Kind left, Node::Kind right) {
  const auto either = [&](Node::Kind kind) { return left == kind || right == kind; };
  if (either(Node::Kind::Text)) {
    return either(Node::Kind::Object) ? "is given both as a value and as an object"
                                      : "is given both as a value and as a list";
  }
  if (either(Node::Kind::Object)) return "is given both as an object and as a list";
  return "is a list written both with indexes and with `[]`";
}

class FormReader {
 public:
  explicit FormReader(const base::Limits& limits) : limits_(limits) {
    nodes_.push_back({.kind = Node::Kind::Object});
  }

  base::Result<Document> read(std::string_view text);
  base::Result<Document> read(std::span<const FormParameter> parameters);

 private:
  Status take_parameter(std::string_view raw);
  Status split(std::string_view name);
  Status add_bracketed(std::string_view name, std::size_t open, std::size_t close);
  Status place(std::string text);
  Status make(std::size_t node, Node::Kind kind);
  base::Result<std::size_t> child_of(std::size_t parent, const Step& step);
  base::Result<Document> built(std::size_t index);
  base::Result<Document> built_list(Node& node);

  const base::Limits& limits_;
  std::deque<std::string> names_;  // decoded; steps point into them
  std::vector<Step> steps_;        // of the parameter in hand
  std::vector<Node> nodes_;        // the first is the form itself
  // Ordered, not hashed: nobody's choice of names makes it slow.
  std::map<std::pair<std::size_t, std::string_view>, std::size_t> known_;
};

/// form = parameter *( "&" parameter ); empty ones are passed over
base::Result<Document> FormReader::read(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find('&');
    const std::string_view raw = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (raw.empty()) continue;
    if (auto taken = take_parameter(raw); !taken) return std::move(taken).error();
  }
  return built(0);
}

base::Result<Document> FormReader::read(std::span<const FormParameter> parameters) {
  for (const FormParameter& parameter : parameters) {
    names_.emplace_back(parameter.name);
    auto taken = split(names_.back());
    if (taken) taken = place(std::string(parameter.value));
    if (!taken) return std::move(taken).error();
  }
  return built(0);
}

/// parameter = name [ "=" value ]
Status FormReader::take_parameter(std::string_view raw) {
  const std::size_t equals = raw.find('=');
  const std::string_view raw_value = equals == std::string_view::npos ? std::string_view{} : raw.substr(equals + 1);
  auto name = base::percent_decoded(raw.substr(0, equals), base::Plus::Space);
  auto value = base::percent_decoded(raw_value, base::Plus::Space);
  const std::string_view shown = name ? std::string_view(*name) : raw.substr(0, equals);
  if (!name || !value) {
    return unread(shown, "has a `%` that two hexadecimal digits do not follow; a percent sign itself is `%25`");
  }
  if (!base::is_utf8(*name)) return unread(shown, "is not UTF-8 once its `%` are decoded");
  if (!base::is_utf8(*value)) return unread(shown, "has a value that is not UTF-8 once its `%` are decoded");
  names_.push_back(std::move(*name));
  if (auto done = split(names_.back()); !done) return done;
  return place(std::move(*value));
}

/// name = base *( "[" [ step ] "]" ), none of them with brackets inside: `articles[0][price]`
Status FormReader::split(std::string_view name) {
  steps_.clear();
  std::size_t at = std::min(name.find_first_of("[]"), name.size());
  if (at == 0) return unread(name, "has no name where one must begin, as in `name=value` or `name[part]=value`");
  steps_.push_back({.kind = Step::Kind::Member, .name = name.substr(0, at), .written = name.substr(0, at)});
  while (at < name.size()) {
    const std::size_t close = name.find_first_of("[]", at + 1);
    if (name[at] != '[' || close == std::string_view::npos || name[close] != ']') {
      return unread(name, "has brackets that do not pair; they are written as in `a[b][0]`");
    }
    if (auto added = add_bracketed(name, at, close); !added) return added;
    at = close + 1;
    if (at < name.size() && name[at] != '[' && name[at] != ']') {
      return unread(name, "goes on behind a `]`; brackets follow each other, as in `a[b][0]`");
    }
  }
  return base::ok();
}

Status FormReader::add_bracketed(std::string_view name, std::size_t open, std::size_t close) {
  const std::string_view inside = name.substr(open + 1, close - open - 1);
  Step step{.name = inside, .written = name.substr(0, close + 1)};
  if (is_digits(inside)) {
    step.kind = Step::Kind::Index;
    if (inside.size() > 1 && inside[0] == '0') return unread(name, "has an index with a 0 before it");
  } else if (inside.empty()) {
    step.kind = Step::Kind::Append;
    if (close + 1 < name.size()) {
      return unread(name,
                    "leaves open which item is meant: behind `[]` there is nothing more; number the items, as in "
                    "`a[0][b]`");
    }
  }
  if (steps_.size() == limits_.body_depth) {
    return unread(name, "nests objects and lists deeper than " + std::to_string(limits_.body_depth) +
                            " (the limit `body_depth`)");
  }
  steps_.push_back(step);
  return base::ok();
}

/// Gives `text` to the node that steps_ lead to.
Status FormReader::place(std::string text) {
  std::size_t at = 0;
  for (const Step& step : steps_) {
    if (auto made = make(at, kind_above(step.kind)); !made) return made;
    auto next = child_of(at, step);
    if (!next) return std::move(next).error();
    at = *next;
  }
  Node& node = nodes_[at];
  if (node.kind == Node::Kind::Text) {
    const std::string_view name = node.step.written;
    if (node.step.kind == Step::Kind::Index) return unread(name, "is given twice; an index stands for one item");
    return unread(name, "is given twice; a list is written `" + shortened_name(name) + "[]`");
  }
  if (auto made = make(at, Node::Kind::Text); !made) return made;
  node.text = std::move(text);
  return base::ok();
}

Status FormReader::make(std::size_t node, Node::Kind kind) {
  Node& made = nodes_[node];
  if (made.kind == Node::Kind::Open) made.kind = kind;
  return made.kind == kind ? base::ok() : unread(made.step.written, conflict(made.kind, kind));
}

base::Result<std::size_t> FormReader::child_of(std::size_t parent, const Step& step) {
  const std::size_t next = nodes_.size();
  if (step.kind != Step::Kind::Append) {
    const auto [known, is_new] = known_.try_emplace({parent, step.name}, next);
    if (!is_new) return known->second;
  }
  if (next == limits_.body_values) {
    return unread(step.written, "is one value more than " + std::to_string(limits_.body_values) +
                                    ", members and items counted together (the limit `body_values`)");
  }
  nodes_.push_back({.step = step});
  nodes_[parent].children.push_back(next);
  return next;
}

/// The document of a node, which is of no use afterwards. Calls itself Limits::body_depth times at most.
base::Result<Document> FormReader::built(std::size_t index) {
  Node& node = nodes_[index];
  Document document;
  switch (node.kind) {
    case Node::Kind::Open:  // a parameter made each node, and gave the last its text
    case Node::Kind::Text:
      document.kind = Document::Kind::Text;
      document.text = std::move(node.text);
      return document;
    case Node::Kind::Indexed:
    case Node::Kind::Appended:
      return built_list(node);
    case Node::Kind::Object:
      break;
  }
  document.kind = Document::Kind::Object;
  document.members.reserve(node.children.size());
  for (const std::size_t child : node.children) {
    auto value = built(child);
    if (!value) return value;
    document.members.push_back({.name = std::string(nodes_[child].step.name), .value = std::move(*value)});
  }
  return document;
}

base::Result<Document> FormReader::built_list(Node& node) {
  Document document;
  document.kind = Document::Kind::Array;
  document.items.resize(node.children.size());
  std::vector<std::size_t>& children = node.children;
  if (node.kind == Node::Kind::Indexed) {
    const auto place_of = [this](std::size_t child) { return index_of(nodes_[child].step.name); };
    std::sort(children.begin(), children.end(),
              [&](std::size_t a, std::size_t b) { return place_of(a) < place_of(b); });
    for (std::size_t i = 0; i < children.size(); ++i) {
      if (place_of(children[i]) == i) continue;
      return unread(node.step.written, "is a list without the index " + std::to_string(i) + " before " +
                                           shown_name(nodes_[children[i]].step.name) +
                                           "; indexes run from 0 and leave none out");
    }
  }
  for (std::size_t i = 0; i < children.size(); ++i) {
    auto item = built(children[i]);
    if (!item) return item;
    document.items[i] = std::move(*item);
  }
  return document;
}

}  // namespace

base::Result<Document> read_form(std::string_view text, const base::Limits& limits) {
  return FormReader(limits).read(text);
}

base::Result<Document> read_parameters(std::span<const FormParameter> parameters, const base::Limits& limits) {
  return FormReader(limits).read(parameters);
}

}  // namespace portico::operation
