#include "server/byte_range.hpp"

#include <gtest/gtest.h>

namespace portico::server {
namespace {

using Kind = RangeWish::Kind;

constexpr std::uint64_t size = 1000;

TEST(ByteRange, OneRangeIsAPart) {
  struct Row {
    std::string_view value;
    std::uint64_t first;
    std::uint64_t last;
  };
  for (const Row& row : std::vector<Row>{{"bytes=0-499", 0, 499},
                                         {"bytes=0-0", 0, 0},
                                         {"bytes=999-999", 999, 999},
                                         {"bytes=500-", 500, 999},
                                         {"bytes=0-", 0, 999},
                                         {"bytes=-1", 999, 999},
                                         {"bytes=-1000", 0, 999},
                                         {"bytes=-5000", 0, 999},
                                         {"bytes=900-5000", 900, 999},
                                         {"bytes=1-99999999999999999999999999", 1, 999},
                                         {"bytes=-99999999999999999999999999", 0, 999},
                                         {"BYTES=000-0007", 0, 7},
                                         {"bytes= 1-2 ", 1, 2},
                                         {"bytes=,, 1-2,", 1, 2}}) {
    const RangeWish wish = read_range(row.value, size);
    EXPECT_EQ(wish.kind, Kind::Part) << row.value;
    EXPECT_EQ(wish.first, row.first) << row.value;
    EXPECT_EQ(wish.last, row.last) << row.value;
  }
}

TEST(ByteRange, WhatBeginsBehindTheEndIsUnsatisfiable) {
  for (const std::string_view value :
       {"bytes=1000-", "bytes=1000-1001", "bytes=5000-9000", "bytes=-0", "bytes=99999999999999999999-"}) {
    EXPECT_EQ(read_range(value, size).kind, Kind::Unsatisfiable) << value;
  }
  EXPECT_EQ(read_range("bytes=1-1", 1).kind, Kind::Unsatisfiable);
  EXPECT_EQ(read_range("bytes=0-", 1).kind, Kind::Part);
}

TEST(ByteRange, AnythingElseIsTheWhole) {
  for (const std::string_view value :
       {"",           "bytes",     "bytes=",      "bytes=,",       "bytes=-",      "bytes=--1",   "bytes=1",
        "bytes=a-b",  "bytes=5-4", "bytes=1-2-3", "bytes=1 -2",    "bytes=+1-2",   "bytes=0x1-2", "bytes =0-1",
        " bytes=0-1", "items=0-1", "byte=0-1",    "bytes=0-1,3-4", "bytes=0-1,-1", "bytes:0-1",   "bytes=1.0-2",
        "bytes=-1-",  "none"}) {
    EXPECT_EQ(read_range(value, size).kind, Kind::Whole) << value;
  }
}

}  // namespace
}  // namespace portico::server
