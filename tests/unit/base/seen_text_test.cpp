#include "base/seen_text.hpp"

#include <string>

#include <gtest/gtest.h>

namespace portico::base {
namespace {

TEST(SeenText, BlankIsWhatShowsNothing) {
  for (const std::string text : {"", " ", "\n\t ", "\u00A0", "\u200B", "\u2800\u2800", "\u3164", "\u115F\u1160",
                                 "\u00AD", "\uFEFF", "\u202E \u2066", "\u0301", "\u2028"}) {
    EXPECT_TRUE(is_blank(text)) << text;
  }
  for (const std::string text : {"a", " a ", "ñ", "\u200Bx", "-", "日本", "👩‍💻", "\u2801"})
    EXPECT_FALSE(is_blank(text)) << text;
}

TEST(SeenText, FindsWhatIsNotSeen) {
  EXPECT_EQ(find_unseen("Pay \u202Eexe.ti"), "U+202E");
  EXPECT_EQ(find_unseen("a\u200Bb\u202E"), "U+200B");
  EXPECT_EQ(find_unseen("a\u2066b\u2069"), "U+2066");
  EXPECT_EQ(find_unseen("so\u00ADft"), "U+00AD");
  EXPECT_EQ(find_unseen("a\u2028b"), "U+2028");
  EXPECT_EQ(find_unseen("a\U000E0041"), "U+E0041");
  EXPECT_EQ(find_unseen("\uFEFFa"), "U+FEFF");
}

TEST(SeenText, LetsPeopleWrite) {
  for (const std::string text :
       {"", "Plot", "Estadísticas de año", "日本語 のテスト", "e\u0301", "a\u00A0b", "line\nline"}) {
    EXPECT_EQ(find_unseen(text), "") << text;
  }
}

TEST(SeenText, JoinersStandBehindWhatTheyJoin) {
  EXPECT_EQ(find_unseen("👩\u200D💻"), "");
  EXPECT_EQ(find_unseen("❤\uFE0F\u200D🔥"), "");
  EXPECT_EQ(find_unseen("می\u200Cخواهم"), "");
  EXPECT_EQ(find_unseen("\u200Da"), "U+200D");
  EXPECT_EQ(find_unseen("a \u200Db"), "U+200D");
  EXPECT_EQ(find_unseen("a\u200D\u200Db"), "U+200D");
}

}  // namespace
}  // namespace portico::base
