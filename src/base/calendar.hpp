#pragma once

#include <cstdint>

#include "base/time.hpp"

namespace portico::base {

inline constexpr Microseconds microseconds_per_second = 1'000'000;
inline constexpr Microseconds microseconds_per_minute = 60 * microseconds_per_second;
inline constexpr Microseconds microseconds_per_hour = 60 * microseconds_per_minute;
inline constexpr Microseconds microseconds_per_day = 24 * microseconds_per_hour;

/// A day of the Gregorian calendar, extended before 1582 like ISO 8601 does.
struct CalendarDay {
  std::int32_t year = 1;
  std::int32_t month = 1;  ///< 1-12
  std::int32_t day = 1;    ///< 1-31
};

/// The quotient rounded down; `divisor` is positive.
[[nodiscard]] constexpr std::int64_t floor_divide(std::int64_t value, std::int64_t divisor) {
  return value / divisor - (value % divisor < 0 ? 1 : 0);
}

[[nodiscard]] constexpr bool is_leap_year(std::int64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/// Precondition: month 1-12.
[[nodiscard]] constexpr std::int32_t days_in_month(std::int32_t year, std::int32_t month) {
  if (month == 2) return is_leap_year(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/// Days since 1970-01-01. Precondition: year from 0 on.
[[nodiscard]] constexpr std::int64_t days_since_epoch(const CalendarDay& day) {
  // Years that begin in March put the leap day last, and month lengths into a line: (153 * month + 2) / 5.
  const std::int64_t year = day.year - (day.month <= 2 ? 1 : 0) + 400;  // 400 years are 146,097 days
  const std::int64_t month = day.month + (day.month <= 2 ? 9 : -3);
  const std::int64_t day_of_year = (153 * month + 2) / 5 + day.day - 1;
  constexpr std::int64_t epoch = 719'468 + 146'097;
  return year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - epoch;
}

/// The day that many days since 1970-01-01. Precondition: year from 0 to 32,000.
/// By multiplications in place of divisions: Neri, Schneider, "Euclidean affine functions and their application to
/// calendar algorithms" (2022).
[[nodiscard]] constexpr CalendarDay calendar_day(std::int64_t days) {
  const auto since_march_0 = static_cast<std::uint32_t>(days + 719'468);
  const std::uint32_t quarter_days = 4 * since_march_0 + 3;
  const std::uint32_t century = quarter_days / 146'097;
  const std::uint32_t of_century = quarter_days % 146'097 / 4 * 4 + 3;
  const std::uint64_t years = std::uint64_t{2'939'745} * of_century;
  const auto year_of_century = static_cast<std::uint32_t>(years >> 32U);
  const std::uint32_t day_of_year = static_cast<std::uint32_t>(years & 0xFFFF'FFFFU) / 2'939'745 / 4;
  const std::uint32_t months = 2'141 * day_of_year + 197'913;
  const std::uint32_t month = months >> 16U;  // 3 (March) to 14
  const bool next_year = day_of_year >= 306;
  return {static_cast<std::int32_t>(100 * century + year_of_century + (next_year ? 1 : 0)),
          static_cast<std::int32_t>(next_year ? month - 12 : month),
          static_cast<std::int32_t>((months & 0xFFFFU) / 2'141 + 1)};
}

}  // namespace portico::base
