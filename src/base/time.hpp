#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace portico::base {

/// Microseconds since 1970-01-01T00:00:00 UTC; years 0001 to 9999.
using Microseconds = std::int64_t;

inline constexpr Microseconds microseconds_min = -62'135'596'800'000'000;  ///< 0001-01-01T00:00:00Z
inline constexpr Microseconds microseconds_max = 253'402'300'799'999'999;  ///< 9999-12-31T23:59:59.999999Z

/// A time zone of the system's database. Immutable; shared freely between threads.
class TimeZone {
 public:
  /// The zone by its IANA name; nothing if the system knows none of that name.
  [[nodiscard]] static std::optional<TimeZone> find(std::string_view name);
  [[nodiscard]] static TimeZone utc();

  [[nodiscard]] bool is_utc() const noexcept { return zone_ == nullptr; }
  [[nodiscard]] std::string_view name() const noexcept;

  /// Local wall time at `instant`, as microseconds as if it were UTC.
  [[nodiscard]] Microseconds to_local(Microseconds instant) const;

  /// The instant of a local wall time. In a gap the instant of the jump, in an overlap the earlier instant: so that
  /// [to_instant(midnight), to_instant(next midnight)) is always the whole local day.
  [[nodiscard]] Microseconds to_instant(Microseconds local) const;

 private:
  explicit TimeZone(const void* zone) : zone_(zone) {}
  const void* zone_;  // kept for ever by time_zone.cpp; null: UTC
};

enum class DatePart : std::uint8_t { Year, Month, WeekDay, Day, Hour };

/// One part of `instant` in `zone` (P19): the year, the month 1-12, the week day 1 (Monday) to 7 (Sunday), the day of
/// the month 1-31, the hour 0-23.
[[nodiscard]] std::int64_t date_part(DatePart part, Microseconds instant, const TimeZone& zone);

/// P8 on output: `2015-10-02T18:15:45.101838Z`, always 27 characters, written at `out`. Outside years 1-9999 clamped.
void write_timestamp(Microseconds instant, char* out);
inline constexpr std::size_t timestamp_length = 27;
[[nodiscard]] std::string format_timestamp(Microseconds instant);

/// P8 on input: `2015-10-02T18:15:45.101838Z`, with or without fraction and seconds; what clocks of nanoseconds write
/// beyond six digits is cut off; `T`, `t` or a space between date and time; zone `Z`, `z`, `±HH:MM`, `±HHMM`, `±HH`,
/// or none: then `zone`. A date alone is its midnight. A space where the offset's `+` stands is read as `+` (what a
/// query string makes of it).
[[nodiscard]] std::optional<Microseconds> parse_timestamp(std::string_view text, const TimeZone& zone);

/// `YYYY-MM-DD` that exists in the calendar; years 0001-9999.
[[nodiscard]] bool is_date(std::string_view text);

/// The first instant of a year in `zone`, and of the next one: P19's `year` as a half-open range.
[[nodiscard]] std::pair<Microseconds, Microseconds> year_range(std::int64_t year, const TimeZone& zone);

/// Now, UTC.
[[nodiscard]] Microseconds now();

}  // namespace portico::base
