#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace portico::base {

/// Each byte with the letters A to Z made small.
inline constexpr std::array<char, 256> ascii_lower = [] {
  std::array<char, 256> table = {};
  for (std::size_t byte = 0; byte < table.size(); ++byte) {
    table[byte] = static_cast<char>(byte >= 'A' && byte <= 'Z' ? byte + 0x20 : byte);
  }
  return table;
}();

[[nodiscard]] inline char to_ascii_lower(char byte) {
  return ascii_lower[static_cast<unsigned char>(byte)];
}
[[nodiscard]] inline bool is_ascii(char byte) {
  return static_cast<unsigned char>(byte) < 0x80;
}

/// Sixteen bytes at once where the processor has SSE2 (every x86-64); the loops that use it work without it.
#if defined(__SSE2__)
struct Block {
  static constexpr std::size_t bytes = 16;
  __m128i value;

  [[nodiscard]] static Block load(const char* from) {
    // The intrinsic's own signature asks for the cast; it reads unaligned bytes.
    return {_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))};
  }
  void store(char* out) const { _mm_storeu_si128(reinterpret_cast<__m128i*>(out), value); }
  /// One bit for each byte above 0x7F.
  [[nodiscard]] unsigned beyond_ascii() const { return static_cast<unsigned>(_mm_movemask_epi8(value)); }
  /// Letters A to Z made small; bytes above 0x7F stay (they compare as negative).
  [[nodiscard]] Block lower() const {
    const __m128i from_a = _mm_cmpgt_epi8(value, _mm_set1_epi8('A' - 1));
    const __m128i to_z = _mm_cmplt_epi8(value, _mm_set1_epi8('Z' + 1));
    return {_mm_or_si128(value, _mm_and_si128(_mm_and_si128(from_a, to_z), _mm_set1_epi8(0x20)))};
  }
  /// One bit for each byte that is `byte`.
  [[nodiscard]] unsigned equal_to(char byte) const {
    return static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(value, _mm_set1_epi8(byte))));
  }
};
#endif

[[nodiscard]] inline bool is_ascii(std::string_view text) {
  std::size_t at = 0;
#if defined(__SSE2__)
  if (text.size() >= Block::bytes) {
    for (; at + Block::bytes <= text.size(); at += Block::bytes) {
      if (Block::load(text.data() + at).beyond_ascii() != 0) return false;
    }
    return Block::load(text.data() + text.size() - Block::bytes).beyond_ascii() == 0;
  }
#endif
  unsigned all = 0;
  for (; at < text.size(); ++at) all |= static_cast<unsigned char>(text[at]);
  return all < 0x80;
}

}  // namespace portico::base
