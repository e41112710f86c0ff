#include "base/seen_text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include <utf8proc.h>

#include "base/code_points.hpp"

namespace portico::base {
namespace {

constexpr char32_t zero_width_non_joiner = 0x200C;
constexpr char32_t zero_width_joiner = 0x200D;

/// Letters and signs by their category, which fonts draw as nothing: of Hangul, of Khmer, of Braille.
constexpr std::array<char32_t, 8> without_shape = {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0};

constexpr std::array formats = {UTF8PROC_CATEGORY_CF, UTF8PROC_CATEGORY_ZL, UTF8PROC_CATEGORY_ZP};
constexpr std::array marks = {UTF8PROC_CATEGORY_MN, UTF8PROC_CATEGORY_ME};
constexpr std::array spaces = {UTF8PROC_CATEGORY_ZS, UTF8PROC_CATEGORY_CC};

template <typename All, typename One>
bool is_among(const All& all, One one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

utf8proc_category_t category_of(char32_t point) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(point));
}

/// Where it stands alone.
bool shows_nothing(char32_t point) {
  const utf8proc_category_t category = category_of(point);
  return is_among(formats, category) || is_among(marks, category) || is_among(spaces, category) ||
         is_among(without_shape, point);
}

std::string named(char32_t point) {
  std::array<char, 16> text{};
  const int length = std::snprintf(text.data(), text.size(), "U+%04X", static_cast<unsigned>(point));
  return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace

bool is_blank(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode(text, at);
    if (!shows_nothing(point.value)) return false;
    at += point.bytes;
  }
  return true;
}

std::string find_unseen(std::string_view text) {
  bool behind_seen = false;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode(text, at);
    const bool joins = point.value == zero_width_non_joiner || point.value == zero_width_joiner;
    const utf8proc_category_t category = category_of(point.value);
    if (is_among(formats, category) && !(joins && behind_seen)) return named(point.value);
    // A mark, such as the one that asks for a coloured emoji (U+FE0F), belongs to what is before it.
    behind_seen = is_among(marks, category) ? behind_seen : !shows_nothing(point.value);
    at += point.bytes;
  }
  return {};
}

}  // namespace portico::base
