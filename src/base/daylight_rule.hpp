#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace portico::base {

/// The rule by which a zone goes on behind the last change that its file spells out (the footer: POSIX TZ, RFC 8536
/// §3.3.1), where it changes between two offsets every year. All times in seconds, instants since 1970-01-01 UTC.
class DaylightRule {
 public:
  /// Reads `CET-1CEST,M3.5.0,M10.5.0/3`. Nothing for a rule without changes, or for what is none.
  [[nodiscard]] static std::optional<DaylightRule> parse(std::string_view text);

  /// Seconds to add to UTC at that instant.
  [[nodiscard]] std::int64_t offset_at(std::int64_t instant) const;

  /// As TimeZone::to_instant: the jump for a wall time in a gap, the earlier instant in an overlap.
  [[nodiscard]] std::int64_t to_instant(std::int64_t local) const;

  /// The day of a year, and the wall time on it, before the change.
  struct Change {
    enum class Day : std::uint8_t {
      Weekday,       ///< `M3.5.0`: the `week`th such week day of the month, 5 being the last
      WithoutLeap,   ///< `J60`: 1-365, February 29 not counted
      SinceNewYear,  ///< `59`: 0-365
    };
    Day day = Day::Weekday;
    std::int32_t month = 1;
    std::int32_t week = 1;
    std::int32_t number = 0;  ///< week day (0: Sunday), or the day of the year
    std::int64_t time = 2 * 3600;
  };

 private:
  struct YearChanges {
    std::int64_t daylight_begin;
    std::int64_t daylight_end;
  };
  [[nodiscard]] YearChanges changes_around(std::int64_t local) const;

  std::int64_t standard_offset_ = 0;
  std::int64_t daylight_offset_ = 0;
  Change begin_;  // in standard time
  Change end_;    // in daylight time
};

}  // namespace portico::base
