#include "base/regex.hpp"

#include <gtest/gtest.h>

namespace portico::base {
namespace {

constexpr std::int64_t memory_bytes = 1 << 20;

bool finds(std::string_view pattern, std::string_view text, Case letters = Case::Sensitive) {
  const auto regex = Regex::compile(pattern, letters, memory_bytes);
  EXPECT_TRUE(regex.has_value()) << pattern;
  return regex && regex->found_in(text);
}

TEST(Regex, IsFoundAnywhereUnlessAnchored) {
  EXPECT_TRUE(finds("b+", "abba"));
  EXPECT_FALSE(finds("^b", "abba"));
  EXPECT_TRUE(finds("^ab+a$", "abba"));
  EXPECT_TRUE(finds("", ""));
  EXPECT_TRUE(finds("^.$", "ñ"));  // characters, not bytes
  EXPECT_FALSE(finds("a.b", "a\nb"));
  EXPECT_TRUE(finds("(?s)a.b", "a\nb"));
  EXPECT_FALSE(finds("b$", "b\n"));  // the end is the end
  EXPECT_TRUE(finds("a", std::string_view("\0a", 2)));
}

TEST(Regex, ComparesLettersAsAsked) {
  EXPECT_FALSE(finds("ñandú", "ÑANDÚ"));
  EXPECT_TRUE(finds("ñandú", "ÑANDÚ", Case::Insensitive));
  EXPECT_TRUE(finds("[A-C]x", "bX", Case::Insensitive));
}

TEST(Regex, NeverMatchesIllFormedText) {
  EXPECT_FALSE(finds("a", "a\xFF"));
  EXPECT_FALSE(finds("", "\xC3"));
}

TEST(Regex, RefusesWithReasons) {
  const auto unclosed = Regex::compile("a(b", Case::Sensitive, memory_bytes);
  ASSERT_FALSE(unclosed.has_value());
  EXPECT_EQ(unclosed.error().code, ErrorCode::InvalidData);
  EXPECT_EQ(unclosed.error().message, "This is not a regular expression in RE2 syntax: missing ): a(b.");
  EXPECT_FALSE(Regex::compile("(?=a)", Case::Sensitive, memory_bytes).has_value());
  EXPECT_FALSE(Regex::compile("(a)\\1", Case::Sensitive, memory_bytes).has_value());
  EXPECT_FALSE(Regex::compile("\xFF", Case::Sensitive, memory_bytes).has_value());
  const auto large = Regex::compile("((a{100}){100}){10}", Case::Sensitive, memory_bytes);
  ASSERT_FALSE(large.has_value());
  EXPECT_EQ(large.error().code, ErrorCode::InvalidData);
  const auto over_budget = Regex::compile("(\\pL{1,200}){1,5}", Case::Insensitive, memory_bytes);
  ASSERT_FALSE(over_budget.has_value());
  EXPECT_NE(over_budget.error().message.find("too large"), std::string::npos) << over_budget.error().message;
}

TEST(Regex, TakesLongSubjectsInLinearTime) {
  EXPECT_FALSE(finds("(a*)*b", std::string(200'000, 'a')));
  EXPECT_TRUE(finds("(x+x+)+y", std::string(20'000, 'x').append("y")));
}

}  // namespace
}  // namespace portico::base
