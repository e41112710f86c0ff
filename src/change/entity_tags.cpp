#include "change/entity_tags.hpp"

#include <cstddef>

namespace portico::change {
namespace {

constexpr std::string_view weak_mark = "W/";

std::string_view opaque(std::string_view tag) {
  if (tag.starts_with(weak_mark)) tag.remove_prefix(weak_mark.size());
  return tag;
}

bool equal(std::string_view a, std::string_view b, TagComparison comparison) {
  if (comparison == TagComparison::Strong && (a.starts_with(weak_mark) || b.starts_with(weak_mark))) return false;
  return opaque(a) == opaque(b);
}

void skip_separators(std::string_view& text) {
  const std::size_t next = text.find_first_not_of(", \t");
  text.remove_prefix(next == std::string_view::npos ? text.size() : next);
}

/// entity-tag = [ "W/" ] DQUOTE *etagc DQUOTE; an etagc may be a comma. Empty where there is none.
std::string_view take_tag(std::string_view& text) {
  const std::size_t open = text.starts_with(weak_mark) ? weak_mark.size() : 0;
  if (open >= text.size() || text[open] != '"') return {};
  const std::size_t close = text.find('"', open + 1);
  if (close == std::string_view::npos) return {};
  const std::string_view tag = text.substr(0, close + 1);
  text.remove_prefix(close + 1);
  return tag;
}

}  // namespace

bool names_tag(std::string_view tags, std::string_view tag, TagComparison comparison) {
  skip_separators(tags);
  while (!tags.empty() && (tags.back() == ' ' || tags.back() == '\t')) tags.remove_suffix(1);
  if (tags == "*") return true;
  while (!tags.empty()) {
    const std::string_view one = take_tag(tags);
    if (one.empty()) return false;
    if (equal(one, tag, comparison)) return true;
    skip_separators(tags);
  }
  return false;
}

}  // namespace portico::change
