#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace portico::render {

/// What was met in a run of bytes, as bits to be joined with `|`.
namespace met {
inline constexpr unsigned nothing = 0;
inline constexpr unsigned special = 1;  ///< a control character, or one of the format's own
inline constexpr unsigned high = 2;     ///< a byte over 0x7F
}  // namespace met

/// The characters below 0x80, beyond control characters, that a format writes otherwise than as themselves.
struct JsonSpecials {
  static constexpr char first = '"';
  static constexpr char second = '\\';
  static constexpr char third = '\\';
};
struct XmlSpecials {
  static constexpr char first = '&';
  static constexpr char second = '<';
  static constexpr char third = '>';
};

namespace detail {

constexpr std::uint64_t every_byte = 0x0101010101010101U;
constexpr std::uint64_t top_bits = 0x8080808080808080U;

constexpr std::uint64_t repeated(char character) {
  return every_byte * static_cast<unsigned char>(character);
}

/// Nonzero where a byte of `word` is zero.
constexpr std::uint64_t zero_byte(std::uint64_t word) {
  return (word - every_byte) & ~word & top_bits;
}

template <typename Specials>
unsigned met_in_word(std::uint64_t word) {
  std::uint64_t special = (word - every_byte * 0x20U) & ~word & top_bits;  // a byte under 0x20
  special |= zero_byte(word ^ repeated(Specials::first)) | zero_byte(word ^ repeated(Specials::second));
  if constexpr (Specials::third != Specials::second) special |= zero_byte(word ^ repeated(Specials::third));
  return (special != 0 ? met::special : met::nothing) | ((word & top_bits) != 0 ? met::high : met::nothing);
}

template <typename Word>
Word load(const char* from) {
  Word word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

template <typename Word>
void store(char* to, Word word) {
  std::memcpy(to, &word, sizeof word);
}

/// Under 8 bytes, never reading outside of them.
template <typename Specials>
unsigned copy_tiny(char* to, const char* from, std::size_t size) {
  if (size >= 4) {
    const auto head = load<std::uint32_t>(from);
    const auto tail = load<std::uint32_t>(from + size - 4);
    store(to, head);
    store(to + size - 4, tail);
    return met_in_word<Specials>(std::uint64_t{head} | std::uint64_t{tail} << 32U);
  }
  if (size == 0) return met::nothing;
  const char first = from[0];
  const char middle = from[size / 2];
  const char last = from[size - 1];
  to[0] = first;
  to[size / 2] = middle;
  to[size - 1] = last;
  const auto byte = [](char character) { return std::uint64_t{static_cast<unsigned char>(character)}; };
  return met_in_word<Specials>(repeated(first) << 16U | byte(middle) << 8U | byte(last));
}

}  // namespace detail

#ifdef __SSE2__
namespace detail {

template <typename Specials>
__m128i specials_in(__m128i bytes) {
  __m128i found = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);  // a byte under 0x20
  found = _mm_or_si128(found, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(Specials::first)));
  found = _mm_or_si128(found, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(Specials::second)));
  if constexpr (Specials::third != Specials::second) {
    found = _mm_or_si128(found, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(Specials::third)));
  }
  return found;
}

inline __m128i load_16(const char* from) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
}
inline void store_16(char* to, __m128i bytes) {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes);
}

}  // namespace detail
#endif

/// Copies `size` bytes and says what is among them, so that text which needs nothing done, which is nearly all, is
/// passed over once. Neither reads nor writes outside of the runs.
template <typename Specials>
unsigned copy_scanned(char* to, const char* from, std::size_t size) {
  if (size < 8) return detail::copy_tiny<Specials>(to, from, size);
#ifdef __SSE2__
  if (size >= 16) {
    __m128i special = _mm_setzero_si128();
    __m128i all = _mm_setzero_si128();
    const auto take = [&](std::size_t at) {
      const __m128i bytes = detail::load_16(from + at);
      detail::store_16(to + at, bytes);
      special = _mm_or_si128(special, detail::specials_in<Specials>(bytes));
      all = _mm_or_si128(all, bytes);
    };
    for (std::size_t at = 0; at + 16 <= size; at += 16) take(at);
    take(size - 16);  // the rest, and some of what was there again
    return (_mm_movemask_epi8(special) != 0 ? met::special : met::nothing) |
           (_mm_movemask_epi8(all) != 0 ? met::high : met::nothing);
  }
#endif
  unsigned found = met::nothing;
  const auto take = [&](std::size_t at) {
    const auto word = detail::load<std::uint64_t>(from + at);
    detail::store(to + at, word);
    found |= detail::met_in_word<Specials>(word);
  };
  for (std::size_t at = 0; at + 8 <= size; at += 8) take(at);
  take(size - 8);
  return found;
}

/// How far behind its end copy_padded reads and writes.
inline constexpr std::size_t copy_padding = 32;

/// Copies in whole pieces of 32 bytes: both runs must have copy_padding bytes behind them. Returns the copy's end.
inline char* copy_padded(char* to, const char* from, std::size_t size) {
  std::memcpy(to, from, copy_padding);
  for (std::size_t at = copy_padding; at < size; at += copy_padding) std::memcpy(to + at, from + at, copy_padding);
  return to + size;
}

}  // namespace portico::render
