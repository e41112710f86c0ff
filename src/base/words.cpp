#include <algorithm>
#include <array>

#include <utf8proc.h>

#include "base/ascii.hpp"
#include "base/code_points.hpp"
#include "base/fold_table.hpp"
#include "base/text.hpp"

namespace portico::base {
namespace {

// What a character is to a word (P18). Marks belong to the word that they stand in.
enum class Kind : std::uint8_t { Separator, Upper, Lower, Letter, Digit, Mark };

Kind kind_of_category(utf8proc_category_t category) {
  static constexpr std::array<Kind, 30> kinds = {
      Kind::Separator,                                                        // Cn
      Kind::Upper,     Kind::Lower, Kind::Upper, Kind::Letter, Kind::Letter,  // Lu Ll Lt Lm Lo
      Kind::Mark,      Kind::Mark,  Kind::Mark,                               // Mn Mc Me
      Kind::Digit,     Kind::Digit, Kind::Digit,                              // Nd Nl No
  };  // all that follow are Kind::Separator, the first of the enum
  return kinds.at(static_cast<std::size_t>(category));
}

constexpr std::array<Kind, 128> ascii_kinds = [] {
  std::array<Kind, 128> kinds = {};
  for (char letter = 'a'; letter <= 'z'; ++letter) kinds[static_cast<std::size_t>(letter)] = Kind::Lower;
  for (char letter = 'A'; letter <= 'Z'; ++letter) kinds[static_cast<std::size_t>(letter)] = Kind::Upper;
  for (char digit = '0'; digit <= '9'; ++digit) kinds[static_cast<std::size_t>(digit)] = Kind::Digit;
  return kinds;
}();

Kind kind_of(const CodePoint& point) {
  if (!point.well_formed) return Kind::Separator;
  if (point.value < 0x80) return ascii_kinds[point.value];
  return kind_of_category(utf8proc_category(static_cast<utf8proc_int32_t>(point.value)));
}

bool is_letter(Kind kind) {
  return kind == Kind::Upper || kind == Kind::Lower || kind == Kind::Letter;
}

// Whether a part begins with a character of `kind` behind one of `last` (marks left out; Separator: none).
bool begins_part(Kind last, Kind kind) {
  if (last == Kind::Separator) return true;
  if (last == Kind::Lower && kind == Kind::Upper) return true;
  return is_letter(last) != is_letter(kind);
}

// Calls `visit(begin, end)` with the bounds of every word part's first stretch, and `gap()` behind each run.
template <typename Part, typename Gap>
void for_each_stretch(std::string_view text, const Part& part, const Gap& gap) {
  Kind last = Kind::Separator;
  std::size_t begin = 0;
  std::size_t at = 0;
  const auto finish = [&] {
    if (last != Kind::Separator) part(text.substr(begin, at - begin));
  };
  while (at < text.size()) {
    const CodePoint point = decode(text, at);
    const Kind kind = kind_of(point);
    if (kind == Kind::Separator) {
      finish();
      if (last != Kind::Separator) gap();
      last = Kind::Separator;
    } else if (kind != Kind::Mark && begins_part(last, kind)) {
      finish();
      begin = at;
      last = kind;
    } else if (kind != Kind::Mark) {
      last = kind;
    }
    at += point.bytes;
  }
  finish();
}

// Room that a thread's scans reuse from row to row.
struct Scratch {
  std::string text;                // parts, folded and plain; a space between runs
  std::vector<std::size_t> parts;  // where parts begin in `text`
};

// Unicode's White_Space beyond ASCII.
bool is_wide_space(char32_t value) {
  return value == 0x85 || value == 0xA0 || value == 0x1680 || (value >= 0x2000 && value <= 0x200A) ||
         value == 0x2028 || value == 0x2029 || value == 0x202F || value == 0x205F || value == 0x3000;
}

bool separates_terms(const CodePoint& point) {
  if (!point.well_formed) return false;
  return point.value == ',' || point.value == ' ' || (point.value >= '\t' && point.value <= '\r') ||
         is_wide_space(point.value);
}

}  // namespace

std::vector<std::string> search_words(std::string_view value) {
  std::vector<std::string> words;
  std::string run;
  const auto finish = [&] {
    if (!run.empty()) words.push_back(std::move(run));
    run.clear();
  };
  for_each_stretch(
      value, [&](std::string_view stretch) { append_folded_plain(stretch, run); }, finish);
  finish();
  return words;
}

bool starts_word_parts(std::string_view text, std::span<const std::string> words) {
  thread_local Scratch scratch;
  scratch.text.clear();
  scratch.parts.clear();
  for_each_stretch(
      text,
      [](std::string_view stretch) {
        scratch.parts.push_back(scratch.text.size());
        append_folded_plain(stretch, scratch.text);
      },
      [] { scratch.text.push_back(' '); });
  const std::string_view plain = scratch.text;
  return std::all_of(words.begin(), words.end(), [&](const std::string& word) {
    return std::any_of(scratch.parts.begin(), scratch.parts.end(),
                       [&](std::size_t part) { return plain.substr(part).starts_with(word); });
  });
}

std::vector<std::string> query_terms(std::string_view value) {
  std::vector<std::string> terms;
  std::size_t begin = 0;
  const auto finish = [&](std::size_t end) {
    if (end > begin) terms.push_back(folded(value.substr(begin, end - begin)));
  };
  for (std::size_t at = 0; at < value.size();) {
    const CodePoint point = decode(value, at);
    if (separates_terms(point)) {
      finish(at);
      begin = at + point.bytes;
    }
    at += point.bytes;
  }
  finish(value.size());
  return terms;
}

}  // namespace portico::base
