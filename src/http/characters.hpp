#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace portico::http {

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_letter(char c) {
  return lower(c) >= 'a' && lower(c) <= 'z';
}
constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t';
}
/// A control character that no field value may hold: all but the tab (RFC 9110 §5.5).
constexpr bool is_control(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
}

namespace detail {
constexpr std::array<bool, 256> make_token_table() {
  std::array<bool, 256> table{};
  for (const char c : std::string_view("!#$%&'*+-.^_`|~")) table[static_cast<unsigned char>(c)] = true;
  for (int c = 0; c < 128; ++c) {
    if (is_digit(static_cast<char>(c)) || is_letter(static_cast<char>(c))) table[static_cast<std::size_t>(c)] = true;
  }
  return table;
}
inline constexpr std::array<bool, 256> token_table = make_token_table();
}  // namespace detail

/// tchar (RFC 9110 §5.6.2): what methods and field names are made of.
constexpr bool is_token_char(char c) {
  return detail::token_table[static_cast<unsigned char>(c)];
}

/// Where the first character that is none of a token stands; `text.size()` where all are.
constexpr std::size_t token_length(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size() && is_token_char(text[length])) ++length;
  return length;
}

/// Where the first control character at or behind `from` stands (tab excepted); `text.size()` without one.
/// Eight bytes at a time: this is the only look at most bytes of a head.
inline std::size_t first_control(std::string_view text, std::size_t from) {
  constexpr std::uint64_t ones = 0x0101010101010101U;
  constexpr std::uint64_t highs = ones * 0x80;
  std::size_t at = from;
  while (at < text.size()) {
    if (at + 8 <= text.size()) {
      std::uint64_t word = 0;
      std::memcpy(&word, text.data() + at, 8);
      const std::uint64_t delete_marks = word ^ (ones * 0x7F);
      const std::uint64_t hits = (((word - ones * 0x20) & ~word) | ((delete_marks - ones) & ~delete_marks)) & highs;
      if (hits == 0) {
        at += 8;
        continue;
      }
      // Exact for the lowest hit only, and only in this byte order; elsewhere the bytes are looked at one by one.
      if constexpr (std::endian::native == std::endian::little)
        at += static_cast<std::size_t>(std::countr_zero(hits)) / 8;
    }
    if (is_control(text[at])) return at;
    ++at;
  }
  return at;
}

/// `text` without spaces and tabs around it.
constexpr std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// A byte as messages name it: `a` in quotes where it can be seen, else `0x1F`.
inline std::string named_byte(char c) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  if (byte > 0x20 && byte < 0x7F) return std::string("`") + c + "`";
  return std::string("the byte 0x") + digits[byte >> 4U] + digits[byte & 15U];
}

}  // namespace portico::http
