#include "store/postgres_reading.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.hpp"

namespace {

using namespace portico;
using base::Cell;
using plan::Reading;

std::optional<std::int64_t> number(Reading reading, std::string_view text) {
  Cell cell;
  if (!store::read_cell(reading, text, cell)) return std::nullopt;
  EXPECT_EQ(cell.kind, Cell::Kind::Integer);
  return cell.integer;
}

std::optional<std::string> text(Reading reading, std::string_view sent) {
  Cell cell;
  if (!store::read_cell(reading, sent, cell)) return std::nullopt;
  EXPECT_EQ(cell.kind, Cell::Kind::Text);
  return std::string(cell.text);
}

TEST(PostgresReading, Integers) {
  EXPECT_EQ(number(Reading::Integer, "0"), 0);
  EXPECT_EQ(number(Reading::Integer, "-9223372036854775808"), INT64_MIN);
  EXPECT_EQ(number(Reading::Integer, "9223372036854775807"), INT64_MAX);
  EXPECT_EQ(number(Reading::Integer, "12.000"), 12);
  EXPECT_EQ(number(Reading::Integer, "-1.5e+15"), -1'500'000'000'000'000);
  for (const char* const wrong : {"", "-", "12x", "1e", "."}) {
    EXPECT_EQ(number(Reading::Integer, wrong), std::nullopt) << wrong;
  }
}

TEST(PostgresReading, HundredthsRoundHalfAwayFromZero) {
  const std::pair<const char*, std::int64_t> cases[] = {{"0", 0},         {"12", 1200},
                                                        {"12.3", 1230},   {"-12.34", -1234},
                                                        {"0.005", 1},     {"-0.005", -1},
                                                        {"0.0049", 0},    {"1.995", 200},
                                                        {"1.99499", 199}, {"-0.004", 0},
                                                        {"1.5e-05", 0},   {"2.5e+3", 250'000},
                                                        {".5", 50},       {"92233720368547758.07", INT64_MAX}};
  for (const auto& [sent, cents] : cases) EXPECT_EQ(number(Reading::Hundredths, sent), cents) << sent;
  for (const char* const wrong : {"", "-", ".", "1.2.3", "1 2"}) {
    EXPECT_EQ(number(Reading::Hundredths, wrong), std::nullopt) << wrong;
  }
}

TEST(PostgresReading, WhatDoesNotFitIsNull) {
  const std::pair<Reading, std::vector<const char*>> cases[] = {
      {Reading::Integer, {"1.5", "-0.5", "9223372036854775808", "-9223372036854775809", "1e+20", "1e-05"}},
      {Reading::Hundredths, {"92233720368547758.08", "1e+17", "1000000000000000000000000000000", "-1e+30"}},
      {Reading::Seconds, {"1e+13", "1e+18", "-1e+18", "1e+300", "9223372036854.775808"}}};
  for (const auto& [reading, texts] : cases) {
    for (const char* const sent : texts) {
      Cell cell{.kind = Cell::Kind::Integer, .integer = 1};
      EXPECT_TRUE(store::read_cell(reading, sent, cell)) << sent;
      EXPECT_TRUE(cell.is_null()) << sent;
    }
  }
}

TEST(PostgresReading, WhatIsNoNumberIsNull) {
  for (const Reading reading : {Reading::Integer, Reading::Hundredths, Reading::Seconds}) {
    for (const char* const sent : {"NaN", "Infinity", "-Infinity"}) {
      Cell cell{.kind = Cell::Kind::Integer, .integer = 1};
      EXPECT_TRUE(store::read_cell(reading, sent, cell)) << sent;
      EXPECT_TRUE(cell.is_null()) << sent;
    }
  }
}

TEST(PostgresReading, Booleans) {
  EXPECT_EQ(number(Reading::Boolean, "t"), 1);
  EXPECT_EQ(number(Reading::Boolean, "f"), 0);
  EXPECT_EQ(number(Reading::Boolean, "true"), std::nullopt);
}

TEST(PostgresReading, Instants) {
  EXPECT_EQ(number(Reading::Instant, "2015-10-02 18:15:45.101838+00"), 1'443'809'745'101'838);
  EXPECT_EQ(number(Reading::Instant, "2015-10-02 18:15:45+00"), 1'443'809'745'000'000);
  EXPECT_EQ(number(Reading::Instant, "2015-10-02 18:15:45"), 1'443'809'745'000'000);
  EXPECT_EQ(number(Reading::Instant, "2015-10-02 18:15:45.1"), 1'443'809'745'100'000);
  EXPECT_EQ(number(Reading::Instant, "2015-10-02 20:15:45.1+02"), 1'443'809'745'100'000);
  EXPECT_EQ(number(Reading::Instant, "2015-10-02 14:45:45.1-03:30"), 1'443'809'745'100'000);
  EXPECT_EQ(number(Reading::Instant, "1969-12-31 23:59:59.999999+00"), -1);
  EXPECT_EQ(number(Reading::Instant, "2015-10-02"), 1'443'744'000'000'000);
  EXPECT_EQ(number(Reading::Instant, "0001-01-01 00:00:00+00"), base::microseconds_min);
  EXPECT_EQ(number(Reading::Instant, "9999-12-31 23:59:59.999999+00"), base::microseconds_max);
  EXPECT_EQ(number(Reading::Instant, "infinity"), base::microseconds_max);
  EXPECT_EQ(number(Reading::Instant, "-infinity"), base::microseconds_min);
  EXPECT_EQ(number(Reading::Instant, "10000-01-01 00:00:00+00"), base::microseconds_max);
  EXPECT_EQ(number(Reading::Instant, "294276-12-31 23:59:59.999999+00"), base::microseconds_max);
  EXPECT_EQ(number(Reading::Instant, "0001-12-31 00:00:00+00 BC"), base::microseconds_min);
  EXPECT_EQ(number(Reading::Instant, "4713-01-01 00:00:00 BC"), base::microseconds_min);
  for (const char* const wrong : {"", "2015", "2015-13-02 00:00:00", "02/10/2015 00:00", "2015-10-02T18:15:45",
                                  "2015-10-02 18:15", "2015-10-02 18:15:45.", "2015-10-02 18:15:45 CET"}) {
    EXPECT_EQ(number(Reading::Instant, wrong), std::nullopt) << wrong;
  }
}

TEST(PostgresReading, Seconds) {
  EXPECT_EQ(number(Reading::Seconds, "1443809745"), 1'443'809'745'000'000);
  EXPECT_EQ(number(Reading::Seconds, "1443809745.1018385"), 1'443'809'745'101'839);
  EXPECT_EQ(number(Reading::Seconds, "-1"), -1'000'000);
  EXPECT_EQ(number(Reading::Seconds, "1.5e+09"), 1'500'000'000'000'000);
  EXPECT_EQ(number(Reading::Seconds, "9000000000000"), base::microseconds_max);
  EXPECT_EQ(number(Reading::Seconds, "soon"), std::nullopt);
}

TEST(PostgresReading, DatesAndTexts) {
  EXPECT_EQ(text(Reading::Date, "2015-10-02"), "2015-10-02");
  EXPECT_EQ(text(Reading::Date, "2015-10-02 18:15:45+00"), "2015-10-02");
  EXPECT_EQ(text(Reading::Date, "infinity"), "9999-12-31");
  EXPECT_EQ(text(Reading::Date, "-infinity"), "0001-01-01");
  EXPECT_EQ(text(Reading::Date, "12015-10-02"), "9999-12-31");
  EXPECT_EQ(text(Reading::Date, "0044-03-15 BC"), "0001-01-01");
  EXPECT_EQ(text(Reading::Date, "2015"), std::nullopt);
  EXPECT_EQ(text(Reading::Text, ""), "");
  EXPECT_EQ(text(Reading::Text, "infinity"), "infinity");
}

}  // namespace
