#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <stdexcept>

#include <date/tz.h>

#include "base/calendar.hpp"
#include "base/daylight_rule.hpp"

namespace portico::base {
namespace {

/// What TimeZone points to.
struct Zone {
  const date::time_zone* changes;    // owned by the library, for ever
  std::optional<DaylightRule> rule;  // behind the last change, which the library takes to be for ever
};

const Zone& zone_of(const void* zone) {
  return *static_cast<const Zone*>(zone);
}

// The last line of a zone's file, version 2 or later (RFC 8536 §3.3); the library does not read it.
std::optional<DaylightRule> read_rule(const std::string& name) {
  std::ifstream file("/usr/share/zoneinfo/" + name, std::ios::binary);
  std::string content{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!content.starts_with("TZif") || !content.ends_with('\n')) return std::nullopt;
  content.pop_back();
  const std::size_t begin = content.rfind('\n');
  if (begin == std::string::npos) return std::nullopt;
  return DaylightRule::parse(std::string_view(content).substr(begin + 1));
}

// The zones in use; never removed, as TimeZone points into them.
const Zone* keep(const date::time_zone* changes) {
  static std::mutex mutex;
  static auto& zones = *new std::map<std::string, Zone, std::less<>>;  // never destroyed: threads may outlive main
  const std::lock_guard lock(mutex);
  if (const auto known = zones.find(changes->name()); known != zones.end()) return &known->second;
  return &zones.emplace(changes->name(), Zone{changes, read_rule(changes->name())}).first->second;
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

// Whether no further change is known: the library gives the last stretch an end beyond all of our years.
bool is_last(const date::sys_info& info) {
  return info.end.time_since_epoch() > whole_seconds(microseconds_max + microseconds_per_day);
}

}  // namespace

std::optional<TimeZone> TimeZone::find(std::string_view name) {
  if (name == "UTC" || name == "Etc/UTC") return utc();
  try {
    return TimeZone(keep(date::locate_zone(name)));
  } catch (const std::runtime_error&) {  // how the library says that there is none
    return std::nullopt;
  }
}

TimeZone TimeZone::utc() {
  return TimeZone(nullptr);
}

std::string_view TimeZone::name() const noexcept {
  if (is_utc()) return "UTC";
  return zone_of(zone_).changes->name();
}

Microseconds TimeZone::to_local(Microseconds instant) const {
  if (is_utc()) return instant;
  const Zone& zone = zone_of(zone_);
  const Microseconds near = near_range(instant);
  const std::chrono::seconds seconds = whole_seconds(near);
  const date::sys_info info = zone.changes->get_info(date::sys_seconds(seconds));
  if (zone.rule && is_last(info)) return near + zone.rule->offset_at(seconds.count()) * microseconds_per_second;
  return near + in_microseconds(info.offset);
}

Microseconds TimeZone::to_instant(Microseconds local) const {
  if (is_utc()) return local;
  const Zone& zone = zone_of(zone_);
  const Microseconds near = near_range(local);
  const std::chrono::seconds seconds = whole_seconds(near);
  const date::local_info info = zone.changes->get_info(date::local_seconds(seconds));
  // In a gap all wall times are the jump; in an overlap the earlier instant is the one by the offset before it.
  if (info.result == date::local_info::nonexistent) return in_microseconds(info.first.end.time_since_epoch());
  if (info.result == date::local_info::ambiguous || !zone.rule || !is_last(info.first)) {
    return near - in_microseconds(info.first.offset);
  }
  const std::chrono::seconds instant(zone.rule->to_instant(seconds.count()));
  // What is left of a second goes on from it, but a gap has no inside.
  const bool jump = zone.rule->offset_at(instant.count()) + instant.count() != seconds.count();
  return in_microseconds(instant) + (jump ? 0 : near - in_microseconds(seconds));
}

}  // namespace portico::base
