#include "base/ids.hpp"

#include <set>

#include <gtest/gtest.h>

namespace portico::base {
namespace {

TEST(Ids, HaveAForm) {
  EXPECT_TRUE(is_id("0123456789abcdef0123456789abcdef"));
  EXPECT_FALSE(is_id("0123456789ABCDEF0123456789abcdef"));
  EXPECT_FALSE(is_id("0123456789abcdef0123456789abcde"));
  EXPECT_FALSE(is_id("0123456789abcdef0123456789abcdef0"));
  EXPECT_FALSE(is_id("0123456789abcdef0123456789abcdeg"));
  EXPECT_FALSE(is_id(""));
}

TEST(Ids, AreNewEachTime) {
  std::set<std::string> seen;
  for (int round = 0; round < 1000; ++round) {
    const std::string id = make_id();
    EXPECT_TRUE(is_id(id)) << id;
    EXPECT_TRUE(seen.insert(id).second);
  }
}

TEST(Hex, GoesThereAndBack) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all.push_back(static_cast<char>(byte));
  EXPECT_EQ(to_hex(std::string_view("\x00\x7F\xFF", 3)), "007fff");
  EXPECT_EQ(to_hex(""), "");
  EXPECT_EQ(from_hex(to_hex(all)), all);
  EXPECT_EQ(from_hex("C3b1"), "ñ");
  for (const std::string_view bad : {"a", "abc", "0g", "g0", "0 ", "0x00", "00:00", "ñ"}) {
    EXPECT_EQ(from_hex(bad), "") << bad;
  }
}

}  // namespace
}  // namespace portico::base
