#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace portico::base {

/// One step through UTF-8: a code point, or an ill-formed sequence.
struct CodePoint {
  char32_t value = 0;      ///< meaningless where ill-formed
  std::uint8_t bytes = 0;  ///< how many it takes; where ill-formed, its maximal subpart (Unicode §3.9, table 3-8)
  bool well_formed = false;
};

/// What a lead byte promises: its length, and the range of the byte that follows it (Unicode §3.9, table 3-7).
struct LeadByte {
  std::uint8_t bytes;  ///< 0: no lead byte
  unsigned char second_min;
  unsigned char second_max;
};

[[nodiscard]] constexpr LeadByte lead_byte(unsigned char lead) {
  if (lead < 0x80) return {1, 0, 0};
  if (lead < 0xC2) return {0, 0, 0};
  if (lead < 0xE0) return {2, 0x80, 0xBF};
  if (lead == 0xE0) return {3, 0xA0, 0xBF};
  if (lead == 0xED) return {3, 0x80, 0x9F};
  if (lead < 0xF0) return {3, 0x80, 0xBF};
  if (lead == 0xF0) return {4, 0x90, 0xBF};
  if (lead < 0xF4) return {4, 0x80, 0xBF};
  if (lead == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

/// The code point that begins at `text[at]`. Precondition: at < text.size().
[[nodiscard]] constexpr CodePoint decode(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t offset) { return static_cast<unsigned char>(text[at + offset]); };
  const std::size_t left = text.size() - at;
  const LeadByte lead = lead_byte(byte(0));
  if (lead.bytes == 1) return {byte(0), 1, true};
  if (lead.bytes == 0 || left < 2 || byte(1) < lead.second_min || byte(1) > lead.second_max) return {0, 1, false};
  char32_t value = (byte(0) & (0x7FU >> lead.bytes)) << 6U | (byte(1) & 0x3FU);
  for (std::uint8_t offset = 2; offset < lead.bytes; ++offset) {
    if (offset >= left || (byte(offset) & 0xC0U) != 0x80U) return {0, offset, false};
    value = value << 6U | (byte(offset) & 0x3FU);
  }
  return {value, lead.bytes, true};
}

/// As UTF-8. Precondition: no surrogate, at most U+10FFFF.
[[nodiscard]] inline std::string encoded(char32_t value) {
  const auto tail = [value](unsigned shift) { return static_cast<char>(0x80U | (value >> shift & 0x3FU)); };
  if (value < 0x80) return {static_cast<char>(value)};
  if (value < 0x800) return {static_cast<char>(0xC0U | value >> 6U), tail(0)};
  if (value < 0x10000) return {static_cast<char>(0xE0U | value >> 12U), tail(6), tail(0)};
  return {static_cast<char>(0xF0U | value >> 18U), tail(12), tail(6), tail(0)};
}

}  // namespace portico::base
