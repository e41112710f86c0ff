// Timestamps: what is understood is in range, and what is written is understood alike.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace {

namespace base = portico::base;

void require(bool holds) {
  if (!holds) std::abort();
}

const base::TimeZone& madrid() {
  static const base::TimeZone zone = base::TimeZone::find("Europe/Madrid").value();
  return zone;
}

void check_parts(base::Microseconds instant, const base::TimeZone& zone) {
  const auto month = base::date_part(base::DatePart::Month, instant, zone);
  const auto day = base::date_part(base::DatePart::Day, instant, zone);
  const auto week_day = base::date_part(base::DatePart::WeekDay, instant, zone);
  const auto hour = base::date_part(base::DatePart::Hour, instant, zone);
  require(1 <= month && month <= 12 && 1 <= day && day <= 31 && 1 <= week_day && week_day <= 7);
  require(0 <= hour && hour <= 23);
}

void check_text(std::string_view text) {
  const auto instant = base::parse_timestamp(text, base::TimeZone::utc());
  static_cast<void>(base::parse_timestamp(text, madrid()));
  require(!base::is_date(text) || instant.has_value());
  if (!instant) return;
  require(base::microseconds_min <= *instant && *instant <= base::microseconds_max);
  const std::string written = base::format_timestamp(*instant);
  require(written.size() == base::timestamp_length);
  require(base::parse_timestamp(written, madrid()) == instant);
}

void check_instant(base::Microseconds any) {
  const std::string written = base::format_timestamp(any);
  const auto read = base::parse_timestamp(written, base::TimeZone::utc());
  require(read.has_value());
  const bool in_range = base::microseconds_min <= any && any <= base::microseconds_max;
  require(!in_range || *read == any);
  check_parts(any, base::TimeZone::utc());
  check_parts(any, madrid());
  if (in_range) {
    const auto year = base::date_part(base::DatePart::Year, any, madrid());
    const auto [begin, end] = base::year_range(year, madrid());
    require(year < 1 || year > 9999 || (begin <= any && any < end));
    const base::Microseconds back = madrid().to_instant(madrid().to_local(any));
    require(back == any || back == any - 3'600'000'000);  // the later of two alike is read as the earlier
  }
  static_cast<void>(base::year_range(any, madrid()));
  static_cast<void>(madrid().to_instant(any));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  check_text(text);
  base::Microseconds any = 0;
  if (size >= sizeof any) {
    std::memcpy(&any, data, sizeof any);
    check_instant(any);
  }
  return 0;
}
