#include "base/fold_table.hpp"

#include <stdexcept>
#include <string>
#include <utility>

#include <utf8proc.h>

#include "base/code_points.hpp"

namespace portico::base {
namespace {

// Where code points change at all; planes 3 to 13, 15 and 16 hold none that do.
constexpr std::array<std::pair<char32_t, char32_t>, 3> changing = {
    std::pair<char32_t, char32_t>{0x80, 0xD800}, {0xE000, 0x30000}, {0xE0000, 0xE1000}};

bool is_mark(utf8proc_int32_t code_point) {
  const auto category = utf8proc_category(code_point);
  return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC || category == UTF8PROC_CATEGORY_ME;
}

bool is_hangul_syllable(char32_t code_point) {
  return code_point >= 0xAC00 && code_point <= 0xD7A3;
}

std::string replacement_of(char32_t code_point, int options) {
  std::array<utf8proc_int32_t, 32> folded = {};
  int boundary = 0;
  const auto count = utf8proc_decompose_char(static_cast<utf8proc_int32_t>(code_point), folded.data(), folded.size(),
                                             static_cast<utf8proc_option_t>(options), &boundary);
  if (count < 0 || std::cmp_greater(count, folded.size()))
    throw std::logic_error("utf8proc cannot fold a code point");
  std::string text;
  for (std::size_t index = 0; std::cmp_less(index, count); ++index) {
    if ((options & UTF8PROC_DECOMPOSE) != 0 && is_mark(folded.at(index))) continue;
    std::array<utf8proc_uint8_t, 4> bytes = {};
    const auto length = utf8proc_encode_char(folded.at(index), bytes.data());
    for (std::size_t at = 0; std::cmp_less(at, length); ++at) text.push_back(static_cast<char>(bytes.at(at)));
  }
  return text;
}

FoldTable::Entry entry_of(std::string_view replacement) {
  FoldTable::Entry entry = {{}, static_cast<std::uint8_t>(replacement.size())};
  if (replacement.size() > entry.text.size()) throw std::logic_error("a folding is longer than a table entry");
  replacement.copy(entry.text.data(), entry.text.size());
  return entry;
}

}  // namespace

FoldTable::FoldTable(int utf8proc_options) {
  pages_.emplace_back().fill(Entry{{}, Entry::unchanged});
  for (char32_t upper = U'A'; upper <= U'Z'; ++upper) add(upper, encoded(upper + 0x20));
  for (const auto& [first, end] : changing) {
    for (char32_t code_point = first; code_point < end; ++code_point) {
      if (is_hangul_syllable(code_point)) continue;
      const std::string replacement = replacement_of(code_point, utf8proc_options);
      if (replacement != encoded(code_point)) add(code_point, replacement);
    }
  }
}

void FoldTable::add(char32_t code_point, std::string_view replacement) {
  std::uint16_t& page = page_of_.at(code_point >> 8U);
  if (page == 0) {
    page = static_cast<std::uint16_t>(pages_.size());
    pages_.push_back(pages_.front());
  }
  pages_[page].at(code_point & 0xFFU) = entry_of(replacement);
}

const FoldTable& FoldTable::folding() {
  static const FoldTable table(UTF8PROC_CASEFOLD);
  return table;
}

const FoldTable& FoldTable::plain() {
  static const FoldTable table(UTF8PROC_CASEFOLD | UTF8PROC_DECOMPOSE);
  return table;
}

}  // namespace portico::base
