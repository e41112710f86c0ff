#include "base/ids.hpp"

#include <set>
#include <string_view>

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

TEST(Ids, OfRowsAreOrderedByTheMomentOfTheirMaking) {
  constexpr Microseconds moment = 1'645'557'742'000'999;  // RFC 9562, A.6: 2022-02-22T14:22:22-05:00
  const std::string id = make_row_id(moment);
  EXPECT_TRUE(is_id(id)) << id;
  EXPECT_EQ(id.substr(0, 13), "017f22e279b07") << id;  // 48 bits of milliseconds, and the version
  EXPECT_TRUE(std::string_view("89ab").find(id[16]) != std::string_view::npos) << id;
  EXPECT_LT(id, make_row_id(moment + 1));  // the next millisecond
  EXPECT_TRUE(is_id(make_row_id(-1)));
  std::set<std::string> seen;
  for (int round = 0; round < 1000; ++round) EXPECT_TRUE(seen.insert(make_row_id(moment)).second);
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
