#include "base/decimal.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace portico::base {
namespace {

TEST(ScaledDecimal, CountsInPlaces) {
  EXPECT_EQ(scaled_decimal("4.99", 2), 499);
  EXPECT_EQ(scaled_decimal("-4.9", 2), -490);
  EXPECT_EQ(scaled_decimal("12", 2), 1200);
  EXPECT_EQ(scaled_decimal("+.5", 2), 50);
  EXPECT_EQ(scaled_decimal("5.", 2), 500);
  EXPECT_EQ(scaled_decimal("1443809745.101838", 6), 1443809745101838);
  EXPECT_EQ(scaled_decimal("-0", 2), 0);
}

TEST(ScaledDecimal, RoundsHalfAwayFromZero) {
  EXPECT_EQ(scaled_decimal("1.005", 2), 101);
  EXPECT_EQ(scaled_decimal("1.00499999999999999999", 2), 100);
  EXPECT_EQ(scaled_decimal("-1.005", 2), -101);
  EXPECT_EQ(scaled_decimal("0.004", 2), 0);
  EXPECT_EQ(scaled_decimal("0.005", 2), 1);
  EXPECT_EQ(scaled_decimal("9.995", 2), 1000);
}

TEST(ScaledDecimal, ReadsExponents) {
  EXPECT_EQ(scaled_decimal("1.2e3", 2), 120000);
  EXPECT_EQ(scaled_decimal("5E-3", 2), 1);
  EXPECT_EQ(scaled_decimal("1e-4", 2), 0);
  EXPECT_EQ(scaled_decimal("1e-999999999999", 2), 0);
  EXPECT_EQ(scaled_decimal("0e999999999999", 2), 0);
  EXPECT_EQ(scaled_decimal("1e400", 2), std::nullopt);
}

TEST(ScaledDecimal, KeepsWithin64Bits) {
  EXPECT_EQ(scaled_decimal("92233720368547758.07", 2), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(scaled_decimal("92233720368547758.075", 2), std::nullopt);
  EXPECT_EQ(scaled_decimal("-92233720368547758.08", 2), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(scaled_decimal("-92233720368547758.085", 2), std::nullopt);
  EXPECT_EQ(scaled_decimal("99999999999999999999999", 2), std::nullopt);
}

TEST(ScaledDecimal, RefusesWhatIsNoNumber) {
  for (const char* text :
       {"", "-", ".", "e5", "1e", "1e+", "1x", " 1", "1 ", "inf", "nan", "1.2.3", "$4.99", "1,5"}) {
    EXPECT_EQ(scaled_decimal(text, 2), std::nullopt) << text;
  }
}

TEST(ScaledDecimal, TakesADoubleForItsShortestWriting) {
  EXPECT_EQ(scaled_decimal(4.99, 2), 499);
  EXPECT_EQ(scaled_decimal(1.005, 2), 101);  // the double itself lies a little below
  EXPECT_EQ(scaled_decimal(0.29, 2), 29);
  EXPECT_EQ(scaled_decimal(1443809745.101838, 6), 1443809745101838);
  EXPECT_EQ(scaled_decimal(std::numeric_limits<double>::infinity(), 2), std::nullopt);
  EXPECT_EQ(scaled_decimal(1e300, 2), std::nullopt);
}

TEST(WholeDecimal, IsRoundedNowhere) {
  EXPECT_EQ(whole_decimal("12"), 12);
  EXPECT_EQ(whole_decimal("-12.000"), -12);
  EXPECT_EQ(whole_decimal("1.25e2"), 125);
  EXPECT_EQ(whole_decimal("1200e-2"), 12);
  EXPECT_EQ(whole_decimal("0e-400"), 0);
  EXPECT_EQ(whole_decimal("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(whole_decimal(1e15), 1'000'000'000'000'000);
  EXPECT_EQ(whole_decimal(1.5), std::nullopt);
  for (const char* text : {"", "x", "1.5", "0.5", "1.25e1", "1e-400", "9223372036854775808", "1e20"}) {
    EXPECT_EQ(whole_decimal(text), std::nullopt) << text;
  }
}

TEST(IsDecimal, HoweverLarge) {
  EXPECT_TRUE(is_decimal("-1.5e300"));
  EXPECT_TRUE(is_decimal("9223372036854775808"));
  EXPECT_FALSE(is_decimal("NaN"));
  EXPECT_FALSE(is_decimal(""));
}

}  // namespace
}  // namespace portico::base
