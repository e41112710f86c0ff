#include "server/byte_range.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "http/request.hpp"

namespace portico::server {
namespace {

constexpr std::string_view blanks = " \t";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// 1*DIGIT; more than 64 bits hold is as far as they reach.
std::optional<std::uint64_t> number(std::string_view digits) {
  constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  if (digits.empty()) return std::nullopt;
  std::uint64_t value = 0;
  for (const char digit : digits) {
    if (digit < '0' || digit > '9') return std::nullopt;
    const auto next = static_cast<std::uint64_t>(digit - '0');
    value = value > (most - next) / 10 ? most : value * 10 + next;
  }
  return value;
}

/// The one element of a list that is not empty; nothing where there is none, or another one.
std::optional<std::string_view> only_element(std::string_view list) {
  std::optional<std::string_view> only;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view element = trimmed(list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
    if (element.empty()) continue;  // RFC 9110 §5.6.1
    if (only) return std::nullopt;
    only = element;
  }
  return only;
}

RangeWish part(std::uint64_t first, std::uint64_t last) {
  return {.kind = RangeWish::Kind::Part, .first = first, .last = last};
}

}  // namespace

RangeWish read_range(std::string_view value, std::uint64_t size) {
  constexpr RangeWish unsatisfiable = {.kind = RangeWish::Kind::Unsatisfiable};
  const std::size_t equals = value.find('=');
  if (equals == std::string_view::npos || !http::same_name(value.substr(0, equals), "bytes")) return {};
  const auto range = only_element(value.substr(equals + 1));
  const std::size_t dash = range ? range->find('-') : std::string_view::npos;
  if (dash == std::string_view::npos) return {};
  const auto before = number(range->substr(0, dash));
  const auto behind = number(range->substr(dash + 1));
  if (dash == 0) {
    if (!behind) return {};
    if (*behind == 0) return unsatisfiable;
    return part(size - std::min(*behind, size), size - 1);
  }
  const bool is_open = dash + 1 == range->size();
  if (!before || (!behind && !is_open) || (behind && *behind < *before)) return {};
  if (*before >= size) return unsatisfiable;
  return part(*before, behind ? std::min(*behind, size - 1) : size - 1);
}

}  // namespace portico::server
