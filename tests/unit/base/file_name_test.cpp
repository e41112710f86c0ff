#include "base/file_name.hpp"

#include <gtest/gtest.h>

namespace portico::base {
namespace {

TEST(FileName, IsNormalizedWhereItIsComposed) {
  EXPECT_TRUE(is_normalized(""));
  EXPECT_TRUE(is_normalized("plot.js"));
  EXPECT_TRUE(is_normalized("\xC3\xB1"));            // ñ
  EXPECT_FALSE(is_normalized("n\xCC\x83"));          // n and a tilde
  EXPECT_FALSE(is_normalized("\xE2\x84\xAB"));       // the sign of Ångström is the letter
  EXPECT_TRUE(is_normalized("\xEF\xAC\x81"));        // a ligature is no other form of its letters
  EXPECT_FALSE(is_normalized("a\xCC\x81\xCC\xA7"));  // marks in another order
}

TEST(FileName, IsPrintableWhereItIsSeen) {
  EXPECT_TRUE(is_printable("A b-c_ñ.日本"));
  for (const std::string_view text : {"\n", "\x7F", "\xC2\x80", "\xE2\x80\xAE", "\xE2\x80\x8D", "\xE2\x80\xA8",
                                      "\xEE\x80\x80", "\xCD\xB8", "\xFF"}) {
    EXPECT_FALSE(is_printable(text)) << text;
  }
}

TEST(FileName, IsTheSameButForCaseAndNormalization) {
  EXPECT_EQ(caseless_name("STRASSE.JS"), caseless_name("straße.js"));
  EXPECT_EQ(caseless_name("\xC3\x91"), caseless_name("n\xCC\x83"));
  EXPECT_NE(caseless_name("n"), caseless_name("\xC3\xB1"));
}

}  // namespace
}  // namespace portico::base
