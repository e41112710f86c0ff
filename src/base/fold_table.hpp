#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace portico::base {

/// What each code point becomes, as UTF-8 ready to be copied. Immutable; shared between threads.
class FoldTable {
 public:
  /// Eight bytes, so that one store writes the whole replacement.
  struct Entry {
    static constexpr std::uint8_t unchanged = 0xFF;
    std::array<char, 7> text;
    std::uint8_t bytes;  ///< of `text` that count, or `unchanged`
  };

  /// No replacement is longer than that many times what it replaces (U+0390: two bytes become six).
  static constexpr std::size_t growth_max = 3;
  /// Room that writing an entry needs behind the bytes that count.
  static constexpr std::size_t slack = 16;

  /// Full case folding (CaseFolding.txt, C + F).
  [[nodiscard]] static const FoldTable& folding();
  /// The same, then canonical decomposition, then without marks. Hangul syllables are not in it: see
  /// decompose_hangul.
  [[nodiscard]] static const FoldTable& plain();

  /// Precondition: code_point <= U+10FFFF.
  [[nodiscard]] const Entry& operator[](char32_t code_point) const {
    return pages_[page_of_[code_point >> 8U]][code_point & 0xFFU];
  }

 private:
  using Page = std::array<Entry, 256>;
  explicit FoldTable(int utf8proc_options);
  void add(char32_t code_point, std::string_view replacement);

  std::array<std::uint16_t, 0x1100> page_of_ = {};  // 0: the page on which nothing changes
  std::vector<Page> pages_;
};
static_assert(sizeof(FoldTable::Entry) == 8);

/// Writes the replacement at `out`, which has room for FoldTable::slack bytes; returns the end of what counts.
inline char* write_entry(const FoldTable::Entry& entry, char* out) {
  std::memcpy(out, entry.text.data(), entry.text.size());
  return out + entry.bytes;
}

/// folded_plain(`text`) behind what `out` holds.
void append_folded_plain(std::string_view text, std::string& out);

}  // namespace portico::base
