#include "operation/text_place.hpp"

#include <algorithm>

#include "base/ascii.hpp"
#include "base/code_points.hpp"
#include "base/text.hpp"

namespace portico::operation {
namespace {

constexpr std::size_t name_bytes_max = 120;  // shown in a message
constexpr std::size_t word_bytes_max = 24;   // the same

bool belongs_to_word(char character) {
  const char small = base::to_ascii_lower(character);
  return (small >= 'a' && small <= 'z') || (character >= '0' && character <= '9') || character == '_' ||
         character == '.' || character == '+' || character == '-';
}

std::string byte_words(char character) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(character);
  return std::string("the byte 0x") + digits[byte >> 4U] + digits[byte & 15U];
}

}  // namespace

std::string place_words(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  std::size_t begin = before.rfind('\n');
  begin = begin == std::string_view::npos ? 0 : begin + 1;
  std::size_t column = 1;
  while (begin < at) {
    begin += base::decode(text, begin).bytes;
    ++column;
  }
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

std::string found_words(std::string_view text, std::size_t at) {
  if (at >= text.size()) return "the end";
  const std::size_t word_max = std::min(text.size(), at + word_bytes_max);
  std::size_t end = at;
  while (end < word_max && belongs_to_word(text[end])) ++end;
  if (end > at) return "`" + std::string(text.substr(at, end - at)) + "`";
  if (text[at] == '\n' || text[at] == '\r') return "a line break";
  if (text[at] == '\t') return "a tab";
  if (text[at] == ' ') return "a space";
  const base::CodePoint point = base::decode(text, at);
  if (!point.well_formed || point.value < 0x20 || point.value == 0x7F) return byte_words(text[at]);
  return "`" + std::string(text.substr(at, point.bytes)) + "`";
}

std::string shortened_name(std::string_view name) {
  if (name.size() <= name_bytes_max) return base::repaired_utf8(name);
  std::size_t end = 0;
  while (end < name_bytes_max) end += base::decode(name, end).bytes;
  return base::repaired_utf8(name.substr(0, end)) + "…";
}

std::string shown_name(std::string_view name) {
  return "`" + shortened_name(name) + "`";
}

}  // namespace portico::operation
