#include "base/text.hpp"

#include <array>
#include <limits>

#include <gtest/gtest.h>

namespace portico::base {
namespace {

using Words = std::vector<std::string>;

TEST(Utf8, KnowsWhatIsWellFormed) {
  for (const std::string_view good :
       {"", "plain", "ñ", "€", "😀", "\xED\x9F\xBF", "\xEE\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(is_utf8(good)) << good;
  }
  for (const std::string_view bad :
       {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80", "\xC3", "\xE2\x82", "a\xFFz"}) {
    EXPECT_FALSE(is_utf8(bad)) << bad;
  }
}

TEST(Utf8, RepairsEachMaximalSubpartOnce) {
  // The example of Unicode §3.9, table 3-8 and its neighbours.
  EXPECT_EQ(repaired_utf8("a\xF1\x80\x80\xE1\x80\xC2"
                          "b\x80"
                          "c\x80\xBF"
                          "d"),
            "a\uFFFD\uFFFD\uFFFD"
            "b\uFFFD"
            "c\uFFFD\uFFFD"
            "d");
  EXPECT_EQ(repaired_utf8("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82"
                          "A"),
            "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD"
            "A");
  EXPECT_EQ(repaired_utf8("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(repaired_utf8("\xF4\x91\x92\x93\xFF"
                          "A"),
            "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD"
            "A");
  EXPECT_EQ(repaired_utf8("ñandú 😀"), "ñandú 😀");
}

TEST(Utf8, RepairedTextIsAlwaysWellFormed) {
  constexpr std::array<char, 12> bytes = {'a',    '\x80', '\x9F', '\xA0', '\xBF', '\xC2',
                                          '\xE0', '\xED', '\xEF', '\xF0', '\xF4', '\xFF'};
  std::string text(4, ' ');
  for (std::size_t number = 0; number < 12 * 12 * 12 * 12; ++number) {
    for (std::size_t digit = 0, rest = number; digit < 4; ++digit, rest /= 12) text[digit] = bytes[rest % 12];
    const std::string repaired = repaired_utf8(text);
    ASSERT_TRUE(is_utf8(repaired));
    ASSERT_EQ(repaired == text, is_utf8(text));
  }
}

TEST(SearchWords, AreRunsOfLettersAndDigitsWithoutAccents) {
  EXPECT_EQ(search_words("Ap  ñu-9"), (Words{"ap", "nu", "9"}));
  EXPECT_EQ(search_words("n\u0303u"), Words{"nu"});  // a mark belongs to its word
  EXPECT_EQ(search_words("Straße12b, ¿qué?"), (Words{"strasse12b", "que"}));
  EXPECT_EQ(search_words(" \u0301 --"), Words{});
  EXPECT_EQ(search_words("a\xFF"
                         "b"),
            (Words{"a", "b"}));
}

TEST(StartsWordParts, FindsPartsOfWords) {
  const auto finds = [](std::string_view text, std::string_view value) {
    return starts_word_parts(text, search_words(value));
  };
  EXPECT_TRUE(finds("AplaZame2", "Ap"));
  EXPECT_TRUE(finds("AplaZame2", "zame"));
  EXPECT_TRUE(finds("AplaZame2", "zame2"));  // a part reaches to the end of its run
  EXPECT_TRUE(finds("AplaZame2", "aplazame2"));
  EXPECT_TRUE(finds("AplaZame2", "2"));
  EXPECT_FALSE(finds("AplaZame2", "la"));
  EXPECT_FALSE(finds("AplaZame2", "ame"));
  EXPECT_FALSE(finds("AplaZame 2", "zame2"));  // never beyond its run
  EXPECT_TRUE(finds("2Zame", "zame"));
  EXPECT_TRUE(finds("Madre mía", "mi MAD"));
  EXPECT_FALSE(finds("Madre mía", "mi pad"));
  EXPECT_TRUE(finds("mi\u0301Árbol", "arb"));   // upper case behind a marked lower case
  EXPECT_TRUE(finds("miA\u0301rbol", "arb"));   // and marked itself
  EXPECT_FALSE(finds("HTMLParser", "parser"));  // no lower case before the P
  EXPECT_TRUE(finds("Straße", "strass"));
  EXPECT_TRUE(finds("(ñandú)", "NANDU"));
  EXPECT_FALSE(finds("", "a"));
  EXPECT_TRUE(finds("anything", ""));  // no words: nothing is missing
  EXPECT_FALSE(finds("\u0301", "a"));
  EXPECT_TRUE(
      finds("a\xFF"
            "bc",
            "bc"));
}

TEST(QueryTerms, SplitAtCommasAndWhiteSpace) {
  EXPECT_EQ(query_terms("Alice,@gmail"), (Words{"alice", "@gmail"}));
  EXPECT_EQ(query_terms(" ,\t Ñu\n,,x-1\u00A0y\u3000z "), (Words{"ñu", "x-1", "y", "z"}));
  EXPECT_EQ(query_terms(""), Words{});
  EXPECT_EQ(query_terms(" , "), Words{});
}

TEST(DidYouMean, NamesTheNearest) {
  const Words known = {"created", "confirmed", "cancelled", "id", "mid", "total_amount"};
  EXPECT_EQ(did_you_mean("craeted", known), "created");
  EXPECT_EQ(did_you_mean("canceled", known), "cancelled");
  EXPECT_EQ(did_you_mean("TOTAL_AMOUNT", known), "total_amount");
  EXPECT_EQ(did_you_mean("total-amout", known), "total_amount");
  EXPECT_EQ(did_you_mean("mdi", known), "mid");
  EXPECT_EQ(did_you_mean("zzz", known), std::nullopt);
  EXPECT_EQ(did_you_mean("", known), std::nullopt);
  EXPECT_EQ(did_you_mean("created", {}), std::nullopt);
}

TEST(Enumerated, ReadsLikeProse) {
  EXPECT_EQ(enumerated({}), "");
  EXPECT_EQ(enumerated(Words{"a"}), "a");
  EXPECT_EQ(enumerated(Words{"a", "b"}), "a and b");
  EXPECT_EQ(enumerated(Words{"a", "b", "c"}), "a, b and c");
}

TEST(Percent, DecodesAndEncodes) {
  EXPECT_EQ(percent_decoded("a%20b+c%C3%b1", Plus::Literal), "a b+cñ");
  EXPECT_EQ(percent_decoded("a+b%2B", Plus::Space), "a b+");
  EXPECT_EQ(percent_decoded("%00", Plus::Space), std::string(1, '\0'));
  for (const std::string_view bad : {"%", "%4", "%g0", "%0g", "abc%", "% 1", "%-1", "%+1"}) {
    EXPECT_EQ(percent_decoded(bad, Plus::Space), std::nullopt) << bad;
  }
  EXPECT_EQ(percent_encoded("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(percent_encoded("ñ/ +%"), "%C3%B1%2F%20%2B%25");
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all.push_back(static_cast<char>(byte));
  EXPECT_EQ(percent_decoded(percent_encoded(all), Plus::Space), all);
}

TEST(ParseInteger, TakesDigitsAndAMinusOnly) {
  EXPECT_EQ(parse_integer("0"), 0);
  EXPECT_EQ(parse_integer("-1"), -1);
  EXPECT_EQ(parse_integer("0010"), 10);
  EXPECT_EQ(parse_integer("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(parse_integer("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
  for (const std::string_view bad :
       {"", "-", "+1", " 1", "1 ", "1.0", "1e3", "0x1", "--1", "9223372036854775808", "٣"}) {
    EXPECT_EQ(parse_integer(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace portico::base
