#include "change/entity_tags.hpp"

#include <gtest/gtest.h>

namespace portico::change {
namespace {

TEST(EntityTags, AListNamesATag) {
  for (const auto* tags : {R"("a")", R"("b", "a")", R"( "b","a" )", R"(,, "a")", "*", R"("x,y", "a")", R"("b""a")"}) {
    EXPECT_TRUE(names_tag(tags, R"("a")", TagComparison::Strong)) << tags;
  }
  for (const auto* tags : {R"("b")", "a", R"("a)", R"("ab")", R"("x,"a"")", R"(w/"a")", "**", "", R"(x "a")"}) {
    EXPECT_FALSE(names_tag(tags, R"("a")", TagComparison::Strong)) << tags;
  }
}

TEST(EntityTags, WeakOnesAreEqualToNoneStrongly) {
  EXPECT_FALSE(names_tag(R"(W/"a")", R"("a")", TagComparison::Strong));
  EXPECT_FALSE(names_tag(R"("a")", R"(W/"a")", TagComparison::Strong));
  EXPECT_TRUE(names_tag(R"(W/"a")", R"("a")", TagComparison::Weak));
  EXPECT_TRUE(names_tag(R"("b", "a")", R"(W/"a")", TagComparison::Weak));
  EXPECT_TRUE(names_tag("*", R"(W/"a")", TagComparison::Strong));
}

}  // namespace
}  // namespace portico::change
