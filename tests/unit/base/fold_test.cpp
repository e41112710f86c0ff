#include <cstdlib>
#include <memory>
#include <random>
#include <string>

#include <gtest/gtest.h>
#include <utf8proc.h>

#include "base/text.hpp"

namespace portico::base {
namespace {

bool is_surrogate(std::int32_t code_point) {
  return code_point >= 0xD800 && code_point <= 0xDFFF;
}

bool is_mark(std::int32_t code_point) {
  const auto category = utf8proc_category(code_point);
  return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC || category == UTF8PROC_CATEGORY_ME;
}

std::string encoded(std::int32_t code_point) {
  std::array<utf8proc_uint8_t, 4> bytes = {};
  const auto length = utf8proc_encode_char(code_point, bytes.data());
  return {bytes.begin(), bytes.begin() + length};
}

// The library's own way over a whole string, for comparison.
std::string mapped(const std::string& text, int options) {
  utf8proc_uint8_t* out = nullptr;
  const auto length =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                   &out, static_cast<utf8proc_option_t>(options));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owned(out, &std::free);
  EXPECT_GE(length, 0);
  return {owned.get(), owned.get() + length};
}

std::string without_marks(const std::string& text) {
  std::string kept;
  for (std::size_t at = 0; at < text.size();) {
    utf8proc_int32_t code_point = 0;
    const auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at,
                                         static_cast<utf8proc_ssize_t>(text.size() - at), &code_point);
    EXPECT_GT(length, 0);
    if (length <= 0) break;
    if (!is_mark(code_point)) kept.append(text, at, static_cast<std::size_t>(length));
    at += static_cast<std::size_t>(length);
  }
  return kept;
}

TEST(Folding, EveryCodePointFoldsAsTheLibraryFolds) {
  for (std::int32_t code_point = 0; code_point <= 0x10FFFF; ++code_point) {
    if (is_surrogate(code_point)) continue;
    const std::string text = encoded(code_point);
    ASSERT_EQ(folded(text), mapped(text, UTF8PROC_CASEFOLD)) << "U+" << std::hex << code_point;
  }
}

TEST(Folding, EveryCodePointLosesItsAccentsAsTheLibraryDecomposes) {
  for (std::int32_t code_point = 0; code_point <= 0x10FFFF; ++code_point) {
    if (is_surrogate(code_point)) continue;
    const std::string text = encoded(code_point);
    ASSERT_EQ(folded_plain(text), without_marks(mapped(text, UTF8PROC_CASEFOLD | UTF8PROC_DECOMPOSE)))
        << "U+" << std::hex << code_point;
  }
}

TEST(Folding, NothingGrowsMoreThanThreeTimes) {
  for (std::int32_t code_point = 0; code_point <= 0x10FFFF; ++code_point) {
    if (is_surrogate(code_point)) continue;
    const std::string text = encoded(code_point);
    ASSERT_LE(folded(text).size(), 3 * text.size());
    ASSERT_LE(folded_plain(text).size(), 3 * text.size());
  }
}

TEST(Folding, IsFullAndKeepsAccents) {
  EXPECT_EQ(folded("Straße"), folded("STRASSE"));
  EXPECT_EQ(folded("STRASSE"), "strasse");
  EXPECT_EQ(folded("ÑANDÚ"), "ñandú");
  EXPECT_NE(folded("ñandú"), folded("nandu"));
  EXPECT_EQ(folded("ΣΊΣΥΦΟΣ"), folded("Σίσυφος"));
  EXPECT_EQ(folded("\u0390"), "\u03B9\u0308\u0301");  // two bytes become six
  EXPECT_EQ(folded("İ"), "i\u0307");                  // not Turkish: the dot stays
  EXPECT_EQ(folded(""), "");
}

TEST(Folding, KeepsIllFormedBytes) {
  EXPECT_EQ(folded("A\xFF"
                   "B"),
            "a\xFF"
            "b");
  EXPECT_EQ(folded("\xC3"), "\xC3");
  EXPECT_EQ(folded("\xC3Z\x91"), "\xC3z\x91");
  EXPECT_EQ(folded("\xED\xA0\x80X"), "\xED\xA0\x80x");
  EXPECT_EQ(folded_plain("\xF0\x9F\x98É"),
            "\xF0\x9F\x98"
            "e");
}

TEST(Folding, LongTextsOfEveryLengthAndPlace) {
  for (std::size_t length = 0; length < 70; ++length) {
    for (std::size_t place = 0; place <= length; ++place) {
      const std::string text = std::string(place, 'Q') + "ΐẞ" + std::string(length - place, 'R');
      const std::string expected =
          std::string(place, 'q') + "\u03B9\u0308\u0301ss" + std::string(length - place, 'r');
      ASSERT_EQ(folded(text), expected);
    }
    ASSERT_EQ(folded(std::string(length, 'Z')), std::string(length, 'z'));
    ASSERT_EQ(folded(std::string(length, '[')), std::string(length, '['));  // behind Z
    ASSERT_EQ(folded(std::string(length, '@')), std::string(length, '@'));  // before A
  }
}

TEST(Folding, IntoReplacesWhatWasThere) {
  std::string out(500, 'x');
  fold_into("AÉ", out);
  EXPECT_EQ(out, "aé");
  fold_into("", out);
  EXPECT_EQ(out, "");
  fold_into(std::string(300, '\xC3') + std::string(300, 'B'), out);
  EXPECT_EQ(out, std::string(300, '\xC3') + std::string(300, 'b'));
}

TEST(Folding, PlainHasNoAccents) {
  EXPECT_EQ(folded_plain("ÑANDÚ"), "nandu");
  EXPECT_EQ(folded_plain("n\u0303andu\u0301"), "nandu");
  EXPECT_EQ(folded_plain("Ångström Ș ǆ"), "angstrom s ǆ");  // compatibility forms stay
  EXPECT_EQ(folded_plain("각"), "\u1100\u1161\u11A8");
  EXPECT_EQ(folded_plain("ᾼ"), "αι");
}

TEST(ContainsFolded, FindsInFoldedText) {
  EXPECT_TRUE(contains_folded("Straße", "ss"));
  EXPECT_TRUE(contains_folded("Straße", "s"));
  EXPECT_TRUE(contains_folded("Straße", "asse"));
  EXPECT_FALSE(contains_folded("Straße", "ß"));  // needles are folded: ß never stands in one
  EXPECT_TRUE(contains_folded("El ÑANDÚ corre", "ñandú"));
  EXPECT_FALSE(contains_folded("El NANDU corre", "ñandú"));
  EXPECT_TRUE(contains_folded("ΐ", "\u0308\u0301"));
  EXPECT_TRUE(contains_folded("\uFB03", "f"));
  EXPECT_TRUE(contains_folded("\uFB03", "ffi"));  // longer than what holds it in characters
  EXPECT_TRUE(contains_folded("", ""));
  EXPECT_TRUE(contains_folded("é", ""));
  EXPECT_FALSE(contains_folded("", "a"));
  EXPECT_FALSE(contains_folded("ab", "abc"));
  EXPECT_TRUE(contains_folded(std::string("a\0B", 3), std::string("\0b", 2)));
}

TEST(ContainsFolded, FindsAtEveryPlaceOfEveryLength) {
  for (std::size_t length = 1; length < 80; ++length) {
    for (std::size_t place = 0; place < length; ++place) {
      for (std::size_t needle = 1; place + needle <= length && needle < 20; ++needle) {
        std::string text(length, 'A');
        text.replace(place, needle, std::string(needle, 'B'));
        ASSERT_TRUE(contains_folded(text, std::string(needle, 'b'))) << length << ' ' << place << ' ' << needle;
        ASSERT_FALSE(contains_folded(text, std::string(needle + 1, 'b'))) << length << ' ' << place << ' ' << needle;
      }
    }
  }
}

TEST(ContainsFolded, AgreesWithASearchInTheFoldedText) {
  constexpr std::array<std::string_view, 14> pieces = {"a", "A", "b",      "B",      "ß",    "ẞ",    "s",
                                                       "Ñ", "ñ", "\u0390", "\uFB03", "\xC3", "\xFF", " "};
  std::mt19937 random(20151002);
  const auto make = [&](std::size_t pieces_max) {
    std::string text;
    for (std::size_t count = random() % pieces_max; count > 0; --count) text += pieces[random() % pieces.size()];
    return text;
  };
  for (int round = 0; round < 50'000; ++round) {
    const std::string text = make(round % 100 == 0 ? 3000 : 40);
    const std::string needle = folded(make(4));
    ASSERT_EQ(contains_folded(text, needle), folded(text).find(needle) != std::string::npos) << text << '|' << needle;
  }
}

}  // namespace
}  // namespace portico::base
