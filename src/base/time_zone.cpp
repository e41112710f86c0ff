#include <algorithm>
#include <chrono>
#include <stdexcept>

#include <date/tz.h>

#include "base/calendar.hpp"

namespace portico::base {
namespace {

const date::time_zone& zone_of(const void* zone) {
  return *static_cast<const date::time_zone*>(zone);
}

// Wall times reach one day beyond the instants; beyond that the library's arithmetic is not asked.
Microseconds near_range(Microseconds time) {
  return std::clamp(time, microseconds_min - microseconds_per_day, microseconds_max + microseconds_per_day);
}

std::chrono::seconds whole_seconds(Microseconds time) {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::microseconds(time));
}

Microseconds in_microseconds(std::chrono::seconds time) {
  return std::chrono::microseconds(time).count();
}

}  // namespace

std::optional<TimeZone> TimeZone::find(std::string_view name) {
  if (name == "UTC" || name == "Etc/UTC") return utc();
  try {
    return TimeZone(date::locate_zone(name));
  } catch (const std::runtime_error&) {  // how the library says that there is none
    return std::nullopt;
  }
}

TimeZone TimeZone::utc() {
  return TimeZone(nullptr);
}

std::string_view TimeZone::name() const noexcept {
  if (is_utc()) return "UTC";
  return zone_of(zone_).name();
}

Microseconds TimeZone::to_local(Microseconds instant) const {
  if (is_utc()) return instant;
  const Microseconds near = near_range(instant);
  return near + in_microseconds(zone_of(zone_).get_info(date::sys_seconds(whole_seconds(near))).offset);
}

Microseconds TimeZone::to_instant(Microseconds local) const {
  if (is_utc()) return local;
  const Microseconds near = near_range(local);
  const date::local_info info = zone_of(zone_).get_info(date::local_seconds(whole_seconds(near)));
  // In a gap all wall times are the jump; in an overlap the earlier instant is the one by the offset before it.
  if (info.result == date::local_info::nonexistent) return in_microseconds(info.first.end.time_since_epoch());
  return near - in_microseconds(info.first.offset);
}

}  // namespace portico::base
