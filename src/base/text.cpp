#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include <simdjson.h>

#include "base/ascii.hpp"
#include "base/code_points.hpp"

namespace portico::base {
namespace {

constexpr std::string_view replacement_character = "\xEF\xBF\xBD";

// The value of a hex digit, or -1.
int hex_digit(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  const char small = to_ascii_lower(digit);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

// RFC 3986 §2.3
bool is_unreserved(char letter) {
  const char small = to_ascii_lower(letter);
  return (small >= 'a' && small <= 'z') || (letter >= '0' && letter <= '9') || letter == '-' || letter == '.' ||
         letter == '_' || letter == '~';
}

// Edits (insertions, deletions, replacements, swaps of neighbours) that make one of the other.
std::size_t edit_distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> before_last(right.size() + 1);
  std::vector<std::size_t> last(right.size() + 1);
  std::vector<std::size_t> row(right.size() + 1);
  for (std::size_t column = 0; column <= right.size(); ++column) last[column] = column;
  for (std::size_t line = 1; line <= left.size(); ++line) {
    row[0] = line;
    for (std::size_t column = 1; column <= right.size(); ++column) {
      const std::size_t replaced = last[column - 1] + (left[line - 1] == right[column - 1] ? 0 : 1);
      row[column] = std::min({last[column] + 1, row[column - 1] + 1, replaced});
      const bool swapped =
          line > 1 && column > 1 && left[line - 1] == right[column - 2] && left[line - 2] == right[column - 1];
      if (swapped) row[column] = std::min(row[column], before_last[column - 2] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last[right.size()];
}

}  // namespace

bool is_utf8(std::string_view text) {
  return is_ascii(text) || simdjson::validate_utf8(text.data(), text.size());
}

std::string repaired_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode(text, at);
    out.append(point.well_formed ? text.substr(at, point.bytes) : replacement_character);
    at += point.bytes;
  }
  return out;
}

std::optional<std::string> did_you_mean(std::string_view word, std::span<const std::string> known) {
  constexpr std::size_t letters_per_mistake = 3;  // one mistake in "id" leaves nothing to recognise
  const std::string wanted = folded(word);
  const std::string* nearest = nullptr;
  std::size_t least = std::numeric_limits<std::size_t>::max();
  for (const std::string& candidate : known) {
    const std::string name = folded(candidate);
    const std::size_t longer = std::max(wanted.size(), name.size());
    const std::size_t mistakes_max = longer / letters_per_mistake;
    if (longer - std::min(wanted.size(), name.size()) > mistakes_max) continue;
    const std::size_t distance = edit_distance(wanted, name);
    if (distance > mistakes_max || distance >= least) continue;
    least = distance;
    nearest = &candidate;
  }
  if (nearest == nullptr) return std::nullopt;
  return *nearest;
}

std::string joined(std::span<const std::string> items, std::string_view separator) {
  std::string out;
  for (const std::string& item : items) {
    if (&item != items.data()) out += separator;
    out += item;
  }
  return out;
}

std::string enumerated(std::span<const std::string> items) {
  std::string out;
  for (std::size_t index = 0; index < items.size(); ++index) {
    if (index > 0) out += index + 1 == items.size() ? " and " : ", ";
    out += items[index];
  }
  return out;
}

void append_sql_quoted(std::string& out, std::string_view name) {
  out += '"';
  for (std::size_t quote = name.find('"'); quote != std::string_view::npos; quote = name.find('"')) {
    out.append(name.substr(0, quote)).append(2, '"');
    name.remove_prefix(quote + 1);
  }
  out.append(name).append(1, '"');
}

std::optional<std::string> percent_decoded(std::string_view text, Plus plus) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%') {
      if (text.size() - at < 3) return std::nullopt;
      const int high = hex_digit(text[at + 1]);
      const int low = hex_digit(text[at + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out.push_back(static_cast<char>(high * 16 + low));
      at += 2;
    } else {
      out.push_back(text[at] == '+' && plus == Plus::Space ? ' ' : text[at]);
    }
  }
  return out;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char letter : text) {
    if (is_unreserved(letter)) {
      out.push_back(letter);
      continue;
    }
    const auto byte = static_cast<unsigned char>(letter);
    out.append({'%', digits[byte >> 4U], digits[byte & 0xFU]});
  }
  return out;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return value;
}

}  // namespace portico::base
