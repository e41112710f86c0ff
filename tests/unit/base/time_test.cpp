#include "base/time.hpp"

#include <array>
#include <ctime>
#include <limits>
#include <random>

#include <gtest/gtest.h>

namespace portico::base {
namespace {

constexpr Microseconds second = 1'000'000;
constexpr Microseconds hour = 3600 * second;
constexpr Microseconds day = 24 * hour;

TimeZone zone(std::string_view name) {
  const auto found = TimeZone::find(name);
  EXPECT_TRUE(found.has_value()) << name;
  return found.value_or(TimeZone::utc());
}

std::optional<Microseconds> parsed(std::string_view text) {
  return parse_timestamp(text, TimeZone::utc());
}

// The instant that a text names which must be right.
Microseconds at(std::string_view text) {
  const auto instant = parsed(text);
  EXPECT_TRUE(instant.has_value()) << text;
  return instant.value_or(0);
}

TEST(Timestamps, AreWrittenWithMicroseconds) {
  EXPECT_EQ(format_timestamp(0), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(format_timestamp(-1), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(format_timestamp(1'443'809'745'101'838), "2015-10-02T18:15:45.101838Z");
  EXPECT_EQ(format_timestamp(microseconds_min), "0001-01-01T00:00:00.000000Z");
  EXPECT_EQ(format_timestamp(microseconds_max), "9999-12-31T23:59:59.999999Z");
  EXPECT_EQ(format_timestamp(std::numeric_limits<Microseconds>::min()), "0001-01-01T00:00:00.000000Z");
  EXPECT_EQ(format_timestamp(std::numeric_limits<Microseconds>::max()), "9999-12-31T23:59:59.999999Z");
}

// Every day of the range, with a calendar that is counted on day by day.
TEST(Timestamps, EveryDayOfTheRangeIsRight) {
  constexpr std::array<int, 12> month_days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  Microseconds instant = microseconds_min;
  std::int64_t week_day = 1;  // 0001-01-01 was a Monday
  std::array<char, 40> date = {};
  for (int year = 1; year <= 9999; ++year) {
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    for (std::size_t month = 0; month < month_days.size(); ++month) {
      const int days = month_days[month] + (month == 1 && leap ? 1 : 0);
      for (int month_day = 1; month_day <= days; ++month_day) {
        std::snprintf(date.data(), date.size(), "%04d-%02d-%02d", year, static_cast<int>(month) + 1, month_day);
        const Microseconds moment = instant + (instant / day % 86'399 + 86'399) % 86'399 * second + 999'999;
        const std::string text = format_timestamp(moment);
        ASSERT_EQ(text.substr(0, 10), date.data());
        ASSERT_EQ(parsed(text), moment);
        ASSERT_EQ(parsed(date.data()), instant);
        ASSERT_EQ(date_part(DatePart::Year, moment, TimeZone::utc()), year);
        ASSERT_EQ(date_part(DatePart::Month, moment, TimeZone::utc()), static_cast<int>(month) + 1);
        ASSERT_EQ(date_part(DatePart::Day, moment, TimeZone::utc()), month_day);
        ASSERT_EQ(date_part(DatePart::WeekDay, moment, TimeZone::utc()), week_day);
        instant += day;
        week_day = week_day % 7 + 1;
      }
    }
  }
  EXPECT_EQ(instant, microseconds_max + 1);
}

TEST(Timestamps, GoThereAndBack) {
  std::mt19937_64 random(20151002);
  std::uniform_int_distribution<Microseconds> any(microseconds_min, microseconds_max);
  for (int round = 0; round < 200'000; ++round) {
    const Microseconds instant = any(random);
    ASSERT_EQ(parsed(format_timestamp(instant)), instant);
    // The C library agrees on the second and its parts.
    const Microseconds fraction = (instant % second + second) % second;
    const std::time_t whole = (instant - fraction) / second;
    std::tm parts = {};
    ASSERT_NE(gmtime_r(&whole, &parts), nullptr);
    ASSERT_EQ(date_part(DatePart::Hour, instant, TimeZone::utc()), parts.tm_hour);
    ASSERT_EQ(date_part(DatePart::WeekDay, instant, TimeZone::utc()), parts.tm_wday == 0 ? 7 : parts.tm_wday);
    ASSERT_EQ(date_part(DatePart::Day, instant, TimeZone::utc()), parts.tm_mday);
  }
}

TEST(ParseTimestamp, TakesEveryDocumentedForm) {
  const Microseconds moment = 1'443'809'745'000'000;
  EXPECT_EQ(parsed("2015-10-02T18:15:45Z"), moment);
  EXPECT_EQ(parsed("2015-10-02t18:15:45z"), moment);
  EXPECT_EQ(parsed("2015-10-02 18:15:45"), moment);
  EXPECT_EQ(parsed("2015-10-02T18:15:45.1Z"), moment + 100'000);
  EXPECT_EQ(parsed("2015-10-02T18:15:45.000001Z"), moment + 1);
  EXPECT_EQ(parsed("2015-10-02T18:15:45.101838000Z"), moment + 101'838);
  EXPECT_EQ(parsed("2015-10-02T18:15:45.1018389Z"), moment + 101'838);
  EXPECT_EQ(parsed("2015-10-02T20:15:45+02:00"), moment);
  EXPECT_EQ(parsed("2015-10-02T20:15:45+0200"), moment);
  EXPECT_EQ(parsed("2015-10-02T20:15:45+02"), moment);
  EXPECT_EQ(parsed("2015-10-02T20:15:45 02:00"), moment);  // a plus that a query string made a space
  EXPECT_EQ(parsed("2015-10-02T12:30:45-05:45"), moment);
  EXPECT_EQ(parsed("2015-10-02T18:15:45-00:00"), moment);
  EXPECT_EQ(parsed("2015-10-02T18:15Z"), moment - 45 * second);
  EXPECT_EQ(parsed("2015-10-02T18:15"), moment - 45 * second);
  EXPECT_EQ(parsed("2015-10-02"), 16'710 * day);
  EXPECT_EQ(parsed("2016-02-29T00:00Z"), 16'860 * day);
}

TEST(ParseTimestamp, RefusesAllElse) {
  for (const std::string_view bad : {"",
                                     "2015",
                                     "2015-10",
                                     "2015-10-2",
                                     "15-10-02",
                                     "02-10-2015",
                                     "2015/10/02",
                                     "20151002",
                                     "2015-02-29",
                                     "1900-02-29",
                                     "2015-00-10",
                                     "2015-13-10",
                                     "2015-10-00",
                                     "2015-10-32",
                                     "2015-06-31",
                                     "0000-01-01",
                                     "10000-01-01",
                                     "-2015-10-02",
                                     "2015-10-02T",
                                     "2015-10-02Z",
                                     "2015-10-02T18",
                                     "2015-10-02T18Z",
                                     "2015-10-02T1815",
                                     "2015-10-02T24:00",
                                     "2015-10-02T18:60",
                                     "2015-10-02T18:15:60Z",
                                     "2015-10-02T18:15:45.Z",
                                     "2015-10-02T18:15:45,1Z",
                                     "2015-10-02T18:15.5Z",
                                     "2015-10-02T18:15:45ZZ",
                                     "2015-10-02T18:15:45 Z",
                                     "2015-10-02T18:15:45+2",
                                     "2015-10-02T18:15:45+02:",
                                     "2015-10-02T18:15:45+02:0",
                                     "2015-10-02T18:15:45+02:60",
                                     "2015-10-02T18:15:45+24:00",
                                     "2015-10-02T18:15:45+02:00:00",
                                     "2015-10-02T18:15:45+",
                                     "2015-10-02T18:15:45 ",
                                     " 2015-10-02",
                                     "2015-10-02 ",
                                     "2015-10-02T18:15:45  02:00",
                                     "2015-1a-02",
                                     "2015-10-02T18:1٣",
                                     "0001-01-01T00:00:00+00:01",
                                     "9999-12-31T23:59:59-00:01"}) {
    EXPECT_EQ(parsed(bad), std::nullopt) << bad;
  }
  EXPECT_EQ(parsed(std::string_view("2015-10-02\0", 11)), std::nullopt);
  EXPECT_EQ(parsed(std::string_view("2015-10-02T18:15\0", 17)), std::nullopt);
}

TEST(ParseTimestamp, ReadsInTheZoneWhatNamesNone) {
  const TimeZone madrid = zone("Europe/Madrid");
  EXPECT_EQ(parse_timestamp("2015-10-02T20:15:45", madrid), at("2015-10-02T18:15:45Z"));
  EXPECT_EQ(parse_timestamp("2015-12-02T20:15:45", madrid), at("2015-12-02T19:15:45Z"));
  EXPECT_EQ(parse_timestamp("2015-10-02", madrid), at("2015-10-01T22:00Z"));
  EXPECT_EQ(parse_timestamp("2015-10-02T20:15:45Z", madrid), at("2015-10-02T20:15:45Z"));
  EXPECT_EQ(parse_timestamp("2015-10-02T20:15:45+05:45", madrid), at("2015-10-02T14:30:45Z"));
}

TEST(IsDate, KnowsTheCalendar) {
  EXPECT_TRUE(is_date("2016-02-29"));
  EXPECT_TRUE(is_date("0001-01-01"));
  EXPECT_TRUE(is_date("9999-12-31"));
  for (const std::string_view bad : {"2015-02-29", "0000-01-01", "2015-1-1", "2015-01-01T00:00", "", "2015-01-01 "}) {
    EXPECT_FALSE(is_date(bad)) << bad;
  }
}

TEST(TimeZone, IsFoundByName) {
  EXPECT_EQ(TimeZone::find("Nowhere/City"), std::nullopt);
  EXPECT_EQ(TimeZone::find(""), std::nullopt);
  EXPECT_EQ(TimeZone::find("../../etc/passwd"), std::nullopt);
  EXPECT_EQ(zone("Europe/Madrid").name(), "Europe/Madrid");
  EXPECT_FALSE(zone("Europe/Madrid").is_utc());
  EXPECT_TRUE(zone("UTC").is_utc());
  EXPECT_TRUE(zone("Etc/UTC").is_utc());
  EXPECT_EQ(TimeZone::utc().name(), "UTC");
}

TEST(TimeZone, MadridJumpsAnHourAndBack) {
  const TimeZone madrid = zone("Europe/Madrid");
  const Microseconds spring = at("2021-03-28T01:00Z");  // 02:00 becomes 03:00
  EXPECT_EQ(madrid.to_local(spring - 1), at("2021-03-28T01:59:59.999999"));
  EXPECT_EQ(madrid.to_local(spring), at("2021-03-28T03:00"));
  EXPECT_EQ(madrid.to_instant(at("2021-03-28T01:59:59.999999")), spring - 1);
  EXPECT_EQ(madrid.to_instant(at("2021-03-28T02:00")), spring);
  EXPECT_EQ(madrid.to_instant(at("2021-03-28T02:59:59.999999")), spring);
  EXPECT_EQ(madrid.to_instant(at("2021-03-28T03:00")), spring);
  const Microseconds autumn = at("2021-10-31T01:00Z");  // 03:00 becomes 02:00
  EXPECT_EQ(madrid.to_instant(at("2021-10-31T02:00")), autumn - hour);
  EXPECT_EQ(madrid.to_instant(at("2021-10-31T02:59:59.999999")), autumn - 1);
  EXPECT_EQ(madrid.to_instant(at("2021-10-31T03:00")), autumn + hour);
  EXPECT_EQ(date_part(DatePart::Hour, autumn - 1, madrid), 2);
  EXPECT_EQ(date_part(DatePart::Hour, autumn, madrid), 2);
  EXPECT_EQ(date_part(DatePart::WeekDay, at("2021-10-30T22:30Z"), madrid), 7);
}

TEST(TimeZone, SaoPauloJumpedAtMidnight) {
  const TimeZone sao_paulo = zone("America/Sao_Paulo");
  const Microseconds jump = at("2018-11-04T03:00Z");  // 00:00 became 01:00: the day began at 01:00
  EXPECT_EQ(sao_paulo.to_instant(at("2018-11-04")), jump);
  EXPECT_EQ(sao_paulo.to_local(jump), at("2018-11-04T01:00"));
  EXPECT_EQ(sao_paulo.to_instant(at("2018-11-05")) - jump, 23 * hour);
  EXPECT_EQ(date_part(DatePart::Day, jump - 1, sao_paulo), 3);
  EXPECT_EQ(date_part(DatePart::Day, jump, sao_paulo), 4);
  // 2018-02-18 00:00 became 23:00 of the day before, which had 25 hours.
  EXPECT_EQ(sao_paulo.to_instant(at("2018-02-18")), at("2018-02-18T03:00Z"));
  EXPECT_EQ(sao_paulo.to_instant(at("2018-02-18")) - sao_paulo.to_instant(at("2018-02-17")), 25 * hour);
  EXPECT_EQ(sao_paulo.to_instant(at("2018-02-17T23:30")), at("2018-02-18T01:30Z"));
  EXPECT_EQ(date_part(DatePart::Hour, at("2018-02-18T02:30Z"), sao_paulo), 23);
}

TEST(TimeZone, KathmanduCountsInQuarters) {
  const TimeZone kathmandu = zone("Asia/Kathmandu");
  EXPECT_EQ(kathmandu.to_local(at("2021-06-01T00:00Z")), at("2021-06-01T05:45"));
  EXPECT_EQ(kathmandu.to_instant(at("2021-06-01")), at("2021-05-31T18:15Z"));
  EXPECT_EQ(date_part(DatePart::Hour, at("2021-06-01T00:15Z"), kathmandu), 6);
  // +05:30 until the end of 1985, then +05:45: the first quarter of 1986 is missing.
  EXPECT_EQ(kathmandu.to_instant(at("1986-01-01T00:10")), at("1985-12-31T18:30Z"));
}

// Later than any transition that the database spells out: the rule goes on.
TEST(TimeZone, RulesHoldInTheFarFuture) {
  const TimeZone madrid = zone("Europe/Madrid");
  EXPECT_EQ(madrid.to_local(at("2075-07-01T10:00Z")), at("2075-07-01T12:00"));
  EXPECT_EQ(madrid.to_local(at("2075-01-01T10:00Z")), at("2075-01-01T11:00"));
  EXPECT_EQ(madrid.to_instant(at("2075-07-01T12:00")), at("2075-07-01T10:00Z"));
  EXPECT_EQ(madrid.to_instant(at("2037-12-31T12:00")), at("2037-12-31T11:00Z"));
  EXPECT_EQ(madrid.to_instant(at("2075-03-31T02:30:00.5")), at("2075-03-31T01:00Z"));       // in the gap
  EXPECT_EQ(madrid.to_instant(at("2075-10-27T02:30:00.5")), at("2075-10-27T00:30:00.5Z"));  // in the overlap
  EXPECT_EQ(madrid.to_local(microseconds_max), microseconds_max + hour);
  // Without daylight time the last offset stays.
  EXPECT_EQ(zone("Asia/Kathmandu").to_local(at("2075-07-01T00:00Z")), at("2075-07-01T05:45"));
}

TEST(TimeZone, EveryLocalDayIsWhole) {
  for (const std::string_view name : {"Europe/Madrid", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia"}) {
    const TimeZone there = zone(name);
    for (Microseconds midnight = at("2010-01-01"); midnight < at("2020-01-01"); midnight += day) {
      const Microseconds begin = there.to_instant(midnight);
      const Microseconds end = there.to_instant(midnight + day);
      ASSERT_LE(begin, end);
      if (begin == end) continue;  // Samoa had no 2011-12-30
      ASSERT_GE(there.to_local(begin), midnight) << name << format_timestamp(midnight);
      ASSERT_LT(there.to_local(end - 1), midnight + day) << name << format_timestamp(midnight);
      ASSERT_GE(there.to_local(end), midnight + day);
      ASSERT_LT(there.to_local(begin - 1), midnight);
    }
  }
}

TEST(TimeZone, TheEndsOfTimeAreNear) {
  const TimeZone madrid = zone("Europe/Madrid");
  EXPECT_EQ(date_part(DatePart::Year, std::numeric_limits<Microseconds>::min(), TimeZone::utc()), 1);
  EXPECT_EQ(date_part(DatePart::Year, std::numeric_limits<Microseconds>::max(), TimeZone::utc()), 9999);
  EXPECT_EQ(date_part(DatePart::Year, microseconds_max, madrid), 10'000);
  EXPECT_EQ(date_part(DatePart::Year, microseconds_min, zone("America/Sao_Paulo")), 0);
  EXPECT_EQ(madrid.to_instant(std::numeric_limits<Microseconds>::max()), madrid.to_instant(microseconds_max + day));
  EXPECT_LT(madrid.to_local(std::numeric_limits<Microseconds>::min()), microseconds_min);
}

TEST(YearRange, IsHalfOpen) {
  const TimeZone utc = TimeZone::utc();
  EXPECT_EQ(year_range(2015, utc), std::pair(at("2015-01-01"), at("2016-01-01")));
  EXPECT_EQ(year_range(2015, zone("Europe/Madrid")), std::pair(at("2014-12-31T23:00Z"), at("2015-12-31T23:00Z")));
  EXPECT_EQ(year_range(1, utc).first, microseconds_min);
  EXPECT_EQ(year_range(9999, utc).second, microseconds_max + 1);
  for (const std::int64_t none :
       {std::int64_t{0}, std::int64_t{-1}, std::int64_t{10'000}, std::numeric_limits<std::int64_t>::min(),
        std::numeric_limits<std::int64_t>::max()}) {
    const auto [begin, end] = year_range(none, utc);
    EXPECT_EQ(begin, end) << none;
  }
}

TEST(Now, IsNow) {
  const Microseconds before = std::int64_t{std::time(nullptr)} * second;
  const Microseconds between = now();
  EXPECT_GE(between, before);
  EXPECT_LE(between, std::int64_t{std::time(nullptr)} * second + second);
}

}  // namespace
}  // namespace portico::base
