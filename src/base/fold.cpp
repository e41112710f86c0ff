#include <array>
#include <bit>
#include <cstring>

#include "base/ascii.hpp"
#include "base/code_points.hpp"
#include "base/fold_table.hpp"
#include "base/text.hpp"

namespace portico::base {
namespace {

// Folds from `at` on as long as all is ASCII, writing up to FoldTable::slack bytes more than count; moves both on.
void fold_ascii_run(std::string_view text, std::size_t& at, char*& out) {
#if defined(__SSE2__)
  while (at + Block::bytes <= text.size()) {
    const Block block = Block::load(text.data() + at);
    block.lower().store(out);
    const unsigned beyond = block.beyond_ascii();
    const std::size_t run = beyond == 0 ? Block::bytes : static_cast<std::size_t>(std::countr_zero(beyond));
    at += run;
    out += run;
    if (beyond != 0) return;
  }
#endif
  while (at < text.size() && is_ascii(text[at])) *out++ = to_ascii_lower(text[at++]);
}

// The three jamo (or two) of a Hangul syllable, by arithmetic (Unicode §3.12).
char* decompose_hangul(char32_t syllable, char* out) {
  const char32_t index = syllable - 0xAC00;
  const auto put = [&out](char32_t jamo) {  // U+1100 to U+11FF: three bytes
    *out++ = static_cast<char>(0xE0U | jamo >> 12U);
    *out++ = static_cast<char>(0x80U | (jamo >> 6U & 0x3FU));
    *out++ = static_cast<char>(0x80U | (jamo & 0x3FU));
  };
  put(0x1100 + index / 588);
  put(0x1161 + index % 588 / 28);
  if (index % 28 != 0) put(0x11A7 + index % 28);
  return out;
}

enum class Hangul : bool { Kept, Decomposed };

// Folds the run from `at` on that is not ASCII; moves both on.
template <Hangul hangul>
void fold_wide_run(const FoldTable& table, std::string_view text, std::size_t& at, char*& out) {
  while (at < text.size() && !is_ascii(text[at])) {
    const CodePoint point = decode(text, at);
    if (point.well_formed) {
      const FoldTable::Entry& entry = table[point.value];
      if (entry.bytes != FoldTable::Entry::unchanged) {
        out = write_entry(entry, out);
        at += point.bytes;
        continue;
      }
      if constexpr (hangul == Hangul::Decomposed) {
        if (point.value >= 0xAC00 && point.value <= 0xD7A3) {
          out = decompose_hangul(point.value, out);
          at += point.bytes;
          continue;
        }
      }
    }
    for (std::uint8_t byte = 0; byte < point.bytes; ++byte) *out++ = text[at++];
  }
}

// Folds all from `at` on to `out`, which has room for growth_max times as much and the slack; returns the end.
template <Hangul hangul>
char* fold_rest(const FoldTable& table, std::string_view text, std::size_t at, char* out) {
  while (at < text.size()) {
    fold_wide_run<hangul>(table, text, at, out);
    fold_ascii_run(text, at, out);
  }
  return out;
}

// Writes over `out` from `begin` on and cuts it behind.
template <Hangul hangul>
void fold_to_string(const FoldTable& (*table)(), std::string_view text, std::string& out, std::size_t begin) {
  if (out.size() < begin + text.size() + FoldTable::slack) out.resize(begin + text.size() + FoldTable::slack);
  std::size_t at = 0;
  char* end = out.data() + begin;
  fold_ascii_run(text, at, end);
  auto length = static_cast<std::size_t>(end - out.data());
  if (at < text.size()) {
    const std::size_t room = length + (text.size() - at) * FoldTable::growth_max + FoldTable::slack;
    if (out.size() < room) out.resize(room);
    end = fold_rest<hangul>(table(), text, at, out.data() + length);
    length = static_cast<std::size_t>(end - out.data());
  }
  out.resize(length);
}

#if defined(__SSE2__)
// Where `needle` (folded) stands in `text`, looking at the 16 places from `at` on: its first and last bytes first.
bool found_in_block(std::string_view text, std::size_t at, std::string_view needle) {
  const char* const begin = text.data() + at;
  unsigned places = Block::load(begin).lower().equal_to(needle.front()) &
                    Block::load(begin + needle.size() - 1).lower().equal_to(needle.back());
  for (; places != 0; places &= places - 1) {
    const char* const place = begin + std::countr_zero(places);
    std::size_t same = 1;
    while (same < needle.size() && to_ascii_lower(place[same]) == needle[same]) ++same;
    if (same == needle.size()) return true;
  }
  return false;
}
#endif

// contains_folded where `text` is ASCII and `needle` neither empty nor longer.
bool ascii_contains(std::string_view text, std::string_view needle) {
  const std::size_t places = text.size() - needle.size() + 1;
#if defined(__SSE2__)
  if (places >= Block::bytes) {
    for (std::size_t at = 0; at + Block::bytes <= places; at += Block::bytes) {
      if (found_in_block(text, at, needle)) return true;
    }
    return found_in_block(text, places - Block::bytes, needle);
  }
#endif
  for (std::size_t at = 0; at < places; ++at) {
    std::size_t same = 0;
    while (same < needle.size() && to_ascii_lower(text[at + same]) == needle[same]) ++same;
    if (same == needle.size()) return true;
  }
  return false;
}

bool contains_bytes(std::string_view text, std::string_view needle) {
  return memmem(text.data(), text.size(), needle.data(), needle.size()) != nullptr;
}

}  // namespace

void fold_into(std::string_view text, std::string& out) {
  fold_to_string<Hangul::Kept>(&FoldTable::folding, text, out, 0);
}

std::string folded(std::string_view text) {
  std::string out;
  fold_into(text, out);
  return out;
}

void append_folded_plain(std::string_view text, std::string& out) {
  fold_to_string<Hangul::Decomposed>(&FoldTable::plain, text, out, out.size());
}

std::string folded_plain(std::string_view text) {
  std::string out;
  append_folded_plain(text, out);
  return out;
}

bool contains_folded(std::string_view text, std::string_view folded_needle) {
  if (folded_needle.empty()) return true;
  if (is_ascii(text)) return folded_needle.size() <= text.size() && ascii_contains(text, folded_needle);
  if (folded_needle.size() > text.size() * FoldTable::growth_max) return false;
  thread_local std::array<char, 4096> room;  // not on the stack: there it would be cleared for every row
  if (text.size() * FoldTable::growth_max + FoldTable::slack <= room.size()) {
    const char* const end = fold_rest<Hangul::Kept>(FoldTable::folding(), text, 0, room.data());
    return contains_bytes({room.data(), static_cast<std::size_t>(end - room.data())}, folded_needle);
  }
  return contains_bytes(folded(text), folded_needle);
}

}  // namespace portico::base
