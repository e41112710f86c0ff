#include "base/daylight_rule.hpp"

#include <cstdlib>
#include <ctime>

#include <gtest/gtest.h>

#include "base/time.hpp"

namespace portico::base {
namespace {

std::int64_t at(std::string_view text) {
  const auto instant = parse_timestamp(text, TimeZone::utc());
  EXPECT_TRUE(instant.has_value()) << text;
  return instant.value_or(0) / 1'000'000;
}

// The C library reads the same rules from TZ. Each test program runs one test at a time, so the environment is ours.
class TheCLibrary {
 public:
  explicit TheCLibrary(const char* rule) {
    setenv("TZ", rule, 1);
    tzset();
  }
  ~TheCLibrary() {
    unsetenv("TZ");
    tzset();
  }
  TheCLibrary(const TheCLibrary&) = delete;
  TheCLibrary& operator=(const TheCLibrary&) = delete;

  static std::int64_t offset_at(std::time_t instant) {
    std::tm parts = {};
    localtime_r(&instant, &parts);
    return parts.tm_gmtoff;
  }
};

constexpr const char* rules[] = {
    "CET-1CEST,M3.5.0,M10.5.0/3",            // Europe/Madrid
    "EST5EDT,M3.2.0,M11.1.0",                // America/New_York
    "IST-1GMT0,M10.5.0,M3.5.0/1",            // Europe/Dublin: winter is the exception
    "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",  // Australia/Lord_Howe: half an hour, in the south
    "<-04>4<-03>,M9.1.6/24,M4.1.6/24",       // America/Santiago: the end of a Saturday
    "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",       // America/Nuuk: before midnight
    "EET-2EEST,M3.4.4/50,M10.4.4/50",        // Asia/Gaza: Saturday, counted from Thursday
    "AAA3BBB,J60/2,J300/2",
    "AAA3BBB,59/2,300/2",
};

TEST(DaylightRule, AgreesWithTheCLibrary) {
  for (const char* const text : rules) {
    const auto rule = DaylightRule::parse(text);
    ASSERT_TRUE(rule.has_value()) << text;
    const TheCLibrary library(text);
    for (std::int64_t instant = at("2038-01-01"); instant < at("2050-01-01"); instant += 1800) {
      ASSERT_EQ(rule->offset_at(instant), TheCLibrary::offset_at(instant)) << text << ' ' << instant;
    }
  }
}

TEST(DaylightRule, GoesBackToTheEarliestInstant) {
  for (const char* const text : rules) {
    const auto rule = DaylightRule::parse(text);
    ASSERT_TRUE(rule.has_value()) << text;
    std::int64_t previous = rule->to_instant(at("2041-01-01") - 1800);
    for (std::int64_t local = at("2041-01-01"); local < at("2045-01-01"); local += 1800) {
      const std::int64_t instant = rule->to_instant(local);
      ASSERT_LE(previous, instant) << text << ' ' << local;
      previous = instant;
      const std::int64_t back = instant + rule->offset_at(instant);
      if (back == local) {
        // No earlier instant shows the same wall time.
        for (const std::int64_t earlier : {instant - 1800, instant - 3600}) {
          ASSERT_NE(earlier + rule->offset_at(earlier), local) << text << ' ' << local;
        }
      } else {
        ASSERT_GT(back, local) << text << ' ' << local;  // a gap: the jump, which leads over it
        ASSERT_LT(instant - 1 + rule->offset_at(instant - 1), local) << text << ' ' << local;
      }
    }
  }
}

TEST(DaylightRule, RefusesWhatIsNone) {
  for (const std::string_view bad :
       {"", "UTC0", "<+0545>-5:45", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0/3x",
        "CET-1CEST,M3.5.0,M10.5.0/", "CE-1CEST,M3.5.0,M10.5.0", "<CET-1CEST,M3.5.0,M10.5.0", "CET-1CEST,J0,J365",
        "CET-1CEST,J1,366", "CET-200CEST,M3.5.0,M10.5.0"}) {
    EXPECT_FALSE(DaylightRule::parse(bad).has_value()) << bad;
  }
}

}  // namespace
}  // namespace portico::base
