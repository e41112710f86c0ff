#include "plan/comparison.hpp"

#include <charconv>
#include <limits>

#include "base/code_points.hpp"
#include "base/decimal.hpp"
#include "base/text.hpp"
#include "plan/postgres_filter.hpp"

namespace portico::plan {
namespace {

double real_of(std::string_view text) {
  double real = 0;
  std::from_chars(text.data(), text.data() + text.size(), real);
  return real;
}

bool holds(double left, Comparison comparison, double right) {
  switch (comparison) {
    case Comparison::Less:
      return left < right;
    case Comparison::LessOrEqual:
      return left <= right;
    case Comparison::Equal:
      return left == right;
    case Comparison::GreaterOrEqual:
      return left >= right;
    case Comparison::Greater:
      return left > right;
  }
  return false;
}

/// A column's number is found by what is shown of it.
TEST(UnitEdges, AgreeWithWhatIsShown) {
  std::vector<std::string> numbers;
  for (int thousandths = -2'050; thousandths <= 2'050; ++thousandths) {
    const std::string digits = std::to_string(std::abs(thousandths) + 10'000).substr(1);
    numbers.push_back((thousandths < 0 ? "-" : "") + digits.substr(0, 1) + "." + digits.substr(1));
  }
  for (const std::string& number : numbers) {
    const std::int64_t shown = base::scaled_decimal(number, 2).value();
    for (std::int64_t asked = shown - 2; asked <= shown + 2; ++asked) {
      for (const Comparison comparison :
           {Comparison::Less, Comparison::LessOrEqual, Comparison::GreaterOrEqual, Comparison::Greater}) {
        const UnitEdge edge = unit_edge(comparison, asked);
        ASSERT_EQ(holds(real_of(number), edge.comparison, real_of(edge.units)),
                  holds(static_cast<double>(shown), comparison, static_cast<double>(asked)))
            << number << symbol_of(comparison) << asked << ": " << edge.units;
      }
    }
  }
}

TEST(UnitEdges, ReachTheEndsOf64Bits) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  constexpr auto least = std::numeric_limits<std::int64_t>::min();
  EXPECT_EQ(unit_edge(Comparison::Greater, most).units, "92233720368547758.075");
  EXPECT_EQ(unit_edge(Comparison::Less, least).units, "-92233720368547758.085");
  EXPECT_EQ(unit_edge(Comparison::GreaterOrEqual, 499).units, "4.985");
  EXPECT_EQ(unit_edge(Comparison::GreaterOrEqual, 0).units, "-0.005");
  EXPECT_EQ(unit_edge(Comparison::LessOrEqual, -1).units, "-0.005");
}

TEST(BehindPrefix, IsTheNextWellFormedText) {
  EXPECT_EQ(behind_prefix("ab"), "ac");
  EXPECT_EQ(behind_prefix("a\x7f"), "a\u0080");
  EXPECT_EQ(behind_prefix("\u07ff"), "\u0800");
  EXPECT_EQ(behind_prefix("\uD7FF"), "\uE000");
  EXPECT_EQ(behind_prefix("a\uFFFF"), "a\U00010000");
  EXPECT_EQ(behind_prefix("a\U0010FFFF"), "b");
  EXPECT_EQ(behind_prefix("\U0010FFFF\U0010FFFF"), "");
  EXPECT_EQ(behind_prefix(""), "");
  for (char32_t point = 0; point < 0x10FFFF; ++point) {
    if (point >= 0xD800 && point < 0xE000) continue;
    const std::string prefix = base::encoded(point);
    const std::string behind = behind_prefix(prefix);
    ASSERT_TRUE(base::is_utf8(behind));
    ASSERT_LT(prefix + "\U0010FFFF\U0010FFFF", behind);
  }
}

TEST(SecondsText, IsExact) {
  EXPECT_EQ(seconds_text(1'443'809'745'101'838), "1443809745.101838");
  EXPECT_EQ(seconds_text(-1), "-0.000001");
  EXPECT_EQ(seconds_text(-1'500'000), "-1.500000");
  EXPECT_EQ(seconds_text(0), "0.000000");
}

TEST(PostgresTexts, AreReadAsTheyWereMeant) {
  EXPECT_EQ(postgres_instant(1'443'809'745'101'838), "2015-10-02 18:15:45.101838+00");
  EXPECT_EQ(postgres_instant(-1), "1969-12-31 23:59:59.999999+00");
  EXPECT_EQ(postgres_instant(base::microseconds_min), "0001-01-01 00:00:00.000000+00");
  EXPECT_EQ(postgres_instant(base::microseconds_min - 1), "0001-12-31 23:59:59.999999+00 BC");
  EXPECT_EQ(postgres_instant(base::microseconds_max + 1), "10000-01-01 00:00:00.000000+00");
  EXPECT_EQ(postgres_array({}), "{}");
  EXPECT_EQ(postgres_array({"a", "", "b\"c\\d,{}", "NULL"}), R"({"a","","b\"c\\d,{}","NULL"})");
}

TEST(Uuids, HaveOneForm) {
  EXPECT_TRUE(is_uuid("c2d29867-3d0b-d497-9191-18a9d8ee7830"));
  for (const char* text : {"C2D29867-3D0B-D497-9191-18A9D8EE7830", "c2d298673d0bd497919118a9d8ee7830", "",
                           "c2d29867-3d0b-d497-9191-18a9d8ee783g", "c2d29867+3d0b-d497-9191-18a9d8ee7830"}) {
    EXPECT_FALSE(is_uuid(text)) << text;
  }
}

}  // namespace
}  // namespace portico::plan
