#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "contract/negotiate.hpp"

namespace portico::contract {
namespace {

using base::Error;
using base::ErrorCode;
using base::Result;

/// token of RFC 9110 §5.6.2.
bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  if (text.empty()) return false;
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           marks.find(c) != std::string_view::npos;
  });
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Cuts `text` at its first `mark` outside a quoted string, and leaves in it what follows.
std::string_view take_until(std::string_view& text, char mark) {
  bool quoted = false;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if (quoted && text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      quoted = !quoted;
    } else if (!quoted && text[at] == mark) {
      break;
    }
  }
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return taken;
}

/// weight = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] ) in thousandths (RFC 9110 §12.4.2), and `.5` for
/// `0.5`, which widespread clients send; -1 where it is none.
int parse_quality(std::string_view text) {
  int quality = 0;
  if (!text.empty() && (text[0] == '0' || text[0] == '1')) {
    quality = (text[0] - '0') * 1000;
    text.remove_prefix(1);
    if (text.empty()) return quality;
  }
  if (text.empty() || text[0] != '.' || text.size() > 4) return -1;
  int weight = 100;
  for (const char digit : text.substr(1)) {
    if (digit < '0' || digit > '9') return -1;
    quality += (digit - '0') * weight;
    weight /= 10;
  }
  return quality <= 1000 ? quality : -1;
}

Error malformed(std::string_view range, std::string_view what) {
  return Error{
      .code = ErrorCode::NotAcceptable,
      .message = "The Accept header is invalid: '" + base::repaired_utf8(range) + "' " + std::string(what) + "."};
}

/// media-range [ weight ]: `application/vnd.aplazame.v1+json;q=0.8`.
Result<MediaRange> parse_range(std::string_view text) {
  const std::string_view whole = text;
  std::string_view name = trimmed(take_until(text, ';'));
  if (name == "*") name = "*/*";  // the default of Java's HttpURLConnection
  const std::size_t slash = name.find('/');
  if (slash == std::string_view::npos) return malformed(whole, "is not a media range such as application/json");
  MediaRange range{.type = name.substr(0, slash), .subtype = name.substr(slash + 1)};
  if (!is_token(range.type) || !is_token(range.subtype)) {
    return malformed(whole, "is not a media range such as application/json");
  }
  if (range.type == "*" && range.subtype != "*") return malformed(whole, "has a subtype for any type");
  while (!text.empty()) {
    const std::string_view parameter = trimmed(take_until(text, ';'));
    if (parameter.empty()) continue;
    const std::size_t equals = parameter.find('=');
    if (equals == std::string_view::npos || !is_token(parameter.substr(0, equals))) {
      return malformed(whole, "has a parameter that is not name=value");
    }
    if (equals == 1 && (parameter[0] == 'q' || parameter[0] == 'Q')) {
      range.quality = parse_quality(parameter.substr(2));
      if (range.quality < 0)
        return malformed(whole, "has a q that is not a number from 0 to 1 with three decimals at most");
    }
  }
  return range;
}

}  // namespace

Result<std::vector<MediaRange>> parse_accept(std::string_view value, const base::Limits& limits) {
  std::vector<MediaRange> ranges;
  std::optional<Error> first_mistake;
  while (!value.empty()) {
    const std::string_view item = trimmed(take_until(value, ','));
    if (item.empty()) continue;  // RFC 9110 §5.6.1: empty list elements are ignored
    auto range = parse_range(item);
    if (!range) {
      if (!first_mistake) first_mistake = std::move(range).error();
      continue;
    }
    if (ranges.size() == limits.accept_ranges) {
      return Error{
          .code = ErrorCode::NotAcceptable,
          .message = "The Accept header has more than " + std::to_string(limits.accept_ranges) + " media ranges."};
    }
    ranges.push_back(*range);
  }
  if (ranges.empty() && first_mistake) return std::move(*first_mistake);
  return ranges;
}

}  // namespace portico::contract
