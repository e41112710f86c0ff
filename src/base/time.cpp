#include "base/time.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>

#include "base/calendar.hpp"

namespace portico::base {
namespace {

// "00" to "99", one behind the other.
constexpr std::array<char, 200> digit_pairs = [] {
  std::array<char, 200> pairs = {};
  for (std::size_t number = 0; number < 100; ++number) {
    pairs[2 * number] = static_cast<char>('0' + number / 10);
    pairs[2 * number + 1] = static_cast<char>('0' + number % 10);
  }
  return pairs;
}();

void write_pair(std::uint32_t number, char* out) {
  std::memcpy(out, digit_pairs.data() + std::size_t{2} * number, 2);
}

// Reads a timestamp from left to right.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
  [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[at_]; }

  bool skip(char wanted) {
    if (at_end() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }
  bool skip_one_of(std::string_view wanted) { return wanted.find(peek()) != std::string_view::npos && skip(peek()); }

  // Exactly `count` digits, or -1.
  std::int32_t digits(std::size_t count) {
    if (text_.size() - at_ < count) return -1;
    std::int32_t number = 0;
    for (const char digit : text_.substr(at_, count)) {
      if (!is_digit(digit)) return -1;
      number = number * 10 + (digit - '0');
    }
    at_ += count;
    return number;
  }

  // Behind the point: one digit or more, in microseconds, or -1. What stands beyond the sixth is cut off.
  std::int32_t fraction() {
    std::int32_t number = 0;
    std::size_t count = 0;
    for (; is_digit(peek()); ++count, ++at_) {
      if (count < 6) number = number * 10 + (peek() - '0');
    }
    if (count == 0) return -1;
    for (; count < 6; ++count) number *= 10;
    return number;
  }

 private:
  static bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }
  std::string_view text_;
  std::size_t at_ = 0;
};

// YYYY-MM-DD, in days since 1970-01-01.
std::optional<std::int64_t> read_date(Reader& reader) {
  CalendarDay day;
  day.year = reader.digits(4);
  if (day.year < 1 || !reader.skip('-')) return std::nullopt;
  day.month = reader.digits(2);
  if (day.month < 1 || day.month > 12 || !reader.skip('-')) return std::nullopt;
  day.day = reader.digits(2);
  if (day.day < 1 || day.day > days_in_month(day.year, day.month)) return std::nullopt;
  return days_since_epoch(day);
}

// HH:MM[:SS[.fraction]], in microseconds of the day.
std::optional<Microseconds> read_time(Reader& reader) {
  const std::int32_t hour = reader.digits(2);
  if (hour < 0 || hour > 23 || !reader.skip(':')) return std::nullopt;
  const std::int32_t minute = reader.digits(2);
  if (minute < 0 || minute > 59) return std::nullopt;
  Microseconds time = hour * microseconds_per_hour + minute * microseconds_per_minute;
  if (!reader.skip(':')) return time;
  const std::int32_t second = reader.digits(2);
  if (second < 0 || second > 59) return std::nullopt;
  time += second * microseconds_per_second;
  if (!reader.skip('.')) return time;
  const std::int32_t fraction = reader.fraction();
  if (fraction < 0) return std::nullopt;
  return time + fraction;
}

// ±HH:MM, ±HHMM or ±HH (the sign may be a space, for a plus), in microseconds east of Greenwich.
std::optional<Microseconds> read_offset(Reader& reader) {
  const bool west = reader.peek() == '-';
  if (!reader.skip_one_of("+- ")) return std::nullopt;
  const std::int32_t hours = reader.digits(2);
  if (hours < 0 || hours > 23) return std::nullopt;
  std::int32_t minutes = 0;
  if (!reader.at_end()) {
    reader.skip(':');
    minutes = reader.digits(2);
    if (minutes < 0 || minutes > 59) return std::nullopt;
  }
  const Microseconds offset = hours * microseconds_per_hour + minutes * microseconds_per_minute;
  return west ? -offset : offset;
}

std::optional<Microseconds> in_range(Microseconds instant) {
  if (instant < microseconds_min || instant > microseconds_max) return std::nullopt;
  return instant;
}

}  // namespace

std::int64_t date_part(DatePart part, Microseconds instant, const TimeZone& zone) {
  const Microseconds local = zone.to_local(std::clamp(instant, microseconds_min, microseconds_max));
  const std::int64_t days = floor_divide(local, microseconds_per_day);
  switch (part) {
    case DatePart::Year:
      return calendar_day(days).year;
    case DatePart::Month:
      return calendar_day(days).month;
    case DatePart::WeekDay:
      return days + 3 - floor_divide(days + 3, 7) * 7 + 1;  // 1970-01-01 was a Thursday
    case DatePart::Day:
      return calendar_day(days).day;
    case DatePart::Hour:
      return (local - days * microseconds_per_day) / microseconds_per_hour;
  }
  return 0;
}

void write_timestamp(Microseconds instant, char* out) {
  const Microseconds within = std::clamp(instant, microseconds_min, microseconds_max);
  const auto since_min = static_cast<std::uint64_t>(within - microseconds_min);
  const auto days = static_cast<std::int64_t>(since_min / std::uint64_t{microseconds_per_day});
  const std::uint64_t of_day = since_min % std::uint64_t{microseconds_per_day};
  const auto second_of_day = static_cast<std::uint32_t>(of_day / std::uint64_t{microseconds_per_second});
  const auto fraction = static_cast<std::uint32_t>(of_day % std::uint64_t{microseconds_per_second});
  const CalendarDay day = calendar_day(days + microseconds_min / microseconds_per_day);
  const auto year = static_cast<std::uint32_t>(day.year);

  std::memcpy(out, "0000-00-00T00:00:00.000000Z", timestamp_length);
  write_pair(year / 100, out);
  write_pair(year % 100, out + 2);
  write_pair(static_cast<std::uint32_t>(day.month), out + 5);
  write_pair(static_cast<std::uint32_t>(day.day), out + 8);
  write_pair(second_of_day / 3600, out + 11);
  write_pair(second_of_day / 60 % 60, out + 14);
  write_pair(second_of_day % 60, out + 17);
  write_pair(fraction / 10'000, out + 20);
  write_pair(fraction / 100 % 100, out + 22);
  write_pair(fraction % 100, out + 24);
}

std::string format_timestamp(Microseconds instant) {
  std::string text(timestamp_length, '\0');
  write_timestamp(instant, text.data());
  return text;
}

// 2015-10-02T20:15:45.101838+02:00
std::optional<Microseconds> parse_timestamp(std::string_view text, const TimeZone& zone) {
  Reader reader(text);
  const auto days = read_date(reader);
  if (!days) return std::nullopt;
  const Microseconds midnight = *days * microseconds_per_day;
  if (reader.at_end()) return in_range(zone.to_instant(midnight));
  if (!reader.skip_one_of("Tt ")) return std::nullopt;
  const auto time = read_time(reader);
  if (!time) return std::nullopt;
  const Microseconds local = midnight + *time;
  if (reader.at_end()) return in_range(zone.to_instant(local));
  if (reader.skip_one_of("Zz")) return reader.at_end() ? in_range(local) : std::nullopt;
  const auto offset = read_offset(reader);
  if (!offset || !reader.at_end()) return std::nullopt;
  return in_range(local - *offset);
}

bool is_date(std::string_view text) {
  Reader reader(text);
  return read_date(reader).has_value() && reader.at_end();
}

std::pair<Microseconds, Microseconds> year_range(std::int64_t year, const TimeZone& zone) {
  // One year beyond either end is an empty range there, like any further one.
  const auto begin_of = [&zone](std::int64_t any_year) {
    const auto near = static_cast<std::int32_t>(std::clamp<std::int64_t>(any_year, 1, 10'000));
    return zone.to_instant(days_since_epoch({near, 1, 1}) * microseconds_per_day);
  };
  const bool last = year >= 10'000;  // year + 1 may not exist
  return {begin_of(year), last ? begin_of(10'000) : begin_of(year + 1)};
}

Microseconds now() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(since_epoch).count();
}

}  // namespace portico::base
