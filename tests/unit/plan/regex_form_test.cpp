#include "plan/regex_form.hpp"

#include <random>

#include "base/code_points.hpp"
#include "base/text.hpp"

namespace portico::plan {
namespace {

using base::Case;
using model::Lookup;
using Reach = RegexForm::Reach;

constexpr std::int64_t memory_bytes = 256 * 1024;

/// What the form's lookup says of a text.
bool matches(const RegexForm& form, const std::string& text) {
  const bool folds = form.lookup == Lookup::IContains || form.lookup == Lookup::IStartsWith ||
                     form.lookup == Lookup::IEndsWith || form.lookup == Lookup::IExact;
  const std::string in = folds ? base::folded(text) : text;
  if (form.lookup == Lookup::Exact || form.lookup == Lookup::IExact) return in == form.text;
  if (form.lookup == Lookup::StartsWith || form.lookup == Lookup::IStartsWith) return in.starts_with(form.text);
  if (form.lookup == Lookup::EndsWith || form.lookup == Lookup::IEndsWith) return in.ends_with(form.text);
  return in.find(form.text) != std::string::npos;
}

TEST(RegexForm, PlainTextIsAnotherLookup) {
  const auto form = [](std::string_view pattern) { return regex_form(pattern, Case::Sensitive).value(); };
  EXPECT_EQ(form("ab c").lookup, Lookup::Contains);
  EXPECT_EQ(form("^ab").lookup, Lookup::StartsWith);
  EXPECT_EQ(form("ab$").lookup, Lookup::EndsWith);
  EXPECT_EQ(form("^ab$").lookup, Lookup::Exact);
  EXPECT_EQ(form("a\\.b\\\\").text, "a.b\\");
  EXPECT_EQ(form("ñandú").reach, Reach::Same);
  EXPECT_EQ(form("").lookup, Lookup::Contains);
  const auto folding = regex_form("^Alce", Case::Insensitive).value();
  EXPECT_EQ(folding.reach, Reach::Same);
  EXPECT_EQ(folding.lookup, Lookup::IStartsWith);
  EXPECT_EQ(folding.text, "alce");
}

TEST(RegexForm, WhatMayFoldToSeveralCharactersIsOnlyNarrowed) {
  for (const char* pattern : {"strasse", "fi", "ali", "ñ7"}) {
    const auto form = regex_form(pattern, Case::Insensitive);
    ASSERT_TRUE(form) << pattern;
    EXPECT_EQ(form->reach, Reach::Beyond) << pattern;
    EXPECT_EQ(form->lookup, Lookup::IContains) << pattern;
  }
}

TEST(RegexForm, NarrowsByTheLongestTextThatMustBeThere) {
  const auto text = [](std::string_view pattern) {
    const auto form = regex_form(pattern, Case::Sensitive);
    EXPECT_TRUE(!form || form->reach == Reach::Beyond) << pattern;
    return form ? form->text : "none";
  };
  EXPECT_EQ(text("ab.*cde"), "cde");
  EXPECT_EQ(text("abc?d"), "ab");
  EXPECT_EQ(text("abñ*d"), "ab");
  EXPECT_EQ(text("abc+d"), "abc");
  EXPECT_EQ(text("\\d+@x\\.com"), "@x.com");
  EXPECT_EQ(text("^a$b"), "a");
  EXPECT_EQ(text("\\w*"), "none");
  for (const char* pattern : {"ab|cd", "(?i)ab", "[ab]cd", "ab{0}", "\\Qab\\E", "\\x41bc", "\\pLab", "\\Cab"}) {
    EXPECT_EQ(text(pattern), "none") << pattern;
  }
}

/// What one letter of a pattern matches without regard to case is what folds to that letter.
TEST(RegexForm, AsciiLettersMatchWhatFoldsToThem) {
  std::string everything;
  for (char32_t point = 1; point < 0x110000; ++point) {
    if (point >= 0xD800 && point < 0xE000) continue;
    const std::string text = base::encoded(point);
    const std::string folded = base::folded(text);
    if (folded.size() == 1 || text.size() == 1) everything += text;
  }
  for (char32_t letter = ' '; letter < 0x7F; ++letter) {
    const std::string text = base::encoded(letter);
    const std::string pattern = (base::is_utf8(text) && std::isalnum(text[0]) == 0 ? "^\\" : "^") + text + "$";
    const auto regex = base::Regex::compile(pattern, Case::Insensitive, memory_bytes);
    ASSERT_TRUE(regex) << pattern;
    for (std::size_t at = 0; at < everything.size();) {
      const base::CodePoint point = base::decode(everything, at);
      const std::string one = everything.substr(at, point.bytes);
      ASSERT_EQ(regex->found_in(one), base::folded(one) == base::folded(text)) << pattern << ' ' << one;
      at += point.bytes;
    }
  }
}

/// Against RE2 itself: the same texts, or all of its texts and more.
TEST(RegexForm, AgreesWithTheExpression) {
  const std::vector<std::string> parts = {"a", "A", "s", "S", "ß", "ſ", "ẞ", "k",  "\u212A", "ñ",   "Ñ", "fi", "ﬁ",
                                          "i", "I", "İ", "ı", "t", "ﬆ", "1", "\n", " ",      "\\.", ".", "-"};
  const std::vector<std::string> signs = {"^",   "$",   ".",   "*",   "+",   "?", "\\d",
                                          "\\w", "\\b", "\\z", "\\A", "\\S", "^*"};
  std::mt19937 random(17);
  std::size_t same = 0;
  std::size_t beyond = 0;
  for (int round = 0; round < 30'000; ++round) {
    std::string pattern = random() % 4 == 0 ? "^" : "";
    for (std::size_t length = random() % 5; length > 0; --length) {
      pattern += random() % 4 == 0 ? signs[random() % signs.size()] : parts[random() % parts.size()];
    }
    if (random() % 4 == 0) pattern += "$";
    const Case letters = random() % 2 == 0 ? Case::Sensitive : Case::Insensitive;
    const auto regex = base::Regex::compile(pattern, letters, memory_bytes);
    if (!regex) continue;
    const auto form = regex_form(pattern, letters);
    if (!form) continue;
    ++(form->reach == Reach::Same ? same : beyond);
    for (int i = 0; i < 8; ++i) {
      std::string text;
      for (std::size_t length = random() % 5; length > 0; --length) {
        const std::string& part = parts[random() % parts.size()];
        text += part == "\\." ? "." : part;
      }
      const bool found = regex->found_in(text);
      if (form->reach == Reach::Same) {
        ASSERT_EQ(matches(*form, text), found) << pattern << " in " << text;
      } else {
        ASSERT_TRUE(!found || matches(*form, text)) << pattern << " in " << text;
      }
    }
  }
  EXPECT_GT(same, 5'000U);
  EXPECT_GT(beyond, 2'000U);
}

}  // namespace
}  // namespace portico::plan
