#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace portico::base {

/// Which bytes stand in a JSON string as they are: all but `"`, `\` and control characters (RFC 8259 §7).
inline constexpr std::array<bool, 256> is_plain_in_json = [] {
  std::array<bool, 256> table = {};
  for (std::size_t byte = 0x20; byte < table.size(); ++byte) table[byte] = byte != '"' && byte != '\\';
  return table;
}();

/// Where the first byte at or behind `at` stands that is not plain; `text.size()` without one. Eight bytes at a time,
/// for most texts have none at all.
[[nodiscard]] inline std::size_t plain_json_end(std::string_view text, std::size_t at) {
  constexpr std::uint64_t ones = 0x0101010101010101U;
  constexpr std::uint64_t highs = ones * 0x80;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    const std::uint64_t quotes = word ^ (ones * '"');
    const std::uint64_t backslashes = word ^ (ones * '\\');
    // A byte's high bit: it is below 0x20, or zero in one of the two.
    const std::uint64_t hits =
        ((word - ones * 0x20) & ~word) | ((quotes - ones) & ~quotes) | ((backslashes - ones) & ~backslashes);
    if ((hits & highs) != 0) break;
  }
  while (at < text.size() && is_plain_in_json[static_cast<unsigned char>(text[at])]) ++at;
  return at;
}

}  // namespace portico::base
