#include "base/daylight_rule.hpp"

#include <algorithm>

#include "base/calendar.hpp"

namespace portico::base {
namespace {

constexpr std::int64_t seconds_per_day = 86'400;

using Change = DaylightRule::Change;

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  [[nodiscard]] bool at_end() const { return text_.empty(); }
  [[nodiscard]] bool at(char letter) const { return text_.starts_with(letter); }
  bool skip(char letter) {
    if (!at(letter)) return false;
    text_.remove_prefix(1);
    return true;
  }

  // Three letters or more, or anything in angle brackets.
  bool skip_name() {
    const bool quoted = skip('<');
    std::size_t length = 0;
    while (length < text_.size() && (quoted ? text_[length] != '>' : is_letter(text_[length]))) ++length;
    if (length < 3) return false;
    text_.remove_prefix(length);
    return !quoted || skip('>');
  }

  // A number without a sign, from `least` to `most`.
  std::optional<std::int32_t> number(std::int32_t least, std::int32_t most) {
    std::int32_t value = 0;
    std::size_t digits = 0;
    for (; digits < text_.size() && digits < 3 && text_[digits] >= '0' && text_[digits] <= '9'; ++digits) {
      value = value * 10 + (text_[digits] - '0');
    }
    if (digits == 0 || value < least || value > most) return std::nullopt;
    text_.remove_prefix(digits);
    return value;
  }

  // [+-]hh[:mm[:ss]] in seconds; hours up to a week, either way.
  std::optional<std::int64_t> time() {
    const bool negative = skip('-');
    if (!negative) skip('+');
    const auto hours = number(0, 167);
    if (!hours) return std::nullopt;
    std::int64_t seconds = std::int64_t{3600} * *hours;
    for (const std::int64_t unit : {60, 1}) {
      if (!skip(':')) break;
      const auto part = number(0, 59);
      if (!part) return std::nullopt;
      seconds += unit * *part;
    }
    return negative ? -seconds : seconds;
  }

 private:
  static bool is_letter(char letter) { return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z'); }
  std::string_view text_;
};

// M3.5.0, J60 or 59
std::optional<Change> read_day(Reader& reader) {
  Change change;
  if (reader.skip('M')) {
    const auto month = reader.number(1, 12);
    if (!month || !reader.skip('.')) return std::nullopt;
    const auto week = reader.number(1, 5);
    if (!week || !reader.skip('.')) return std::nullopt;
    const auto week_day = reader.number(0, 6);
    if (!week_day) return std::nullopt;
    return Change{.day = Change::Day::Weekday, .month = *month, .week = *week, .number = *week_day};
  }
  const bool without_leap = reader.skip('J');
  const auto number = without_leap ? reader.number(1, 365) : reader.number(0, 365);
  if (!number) return std::nullopt;
  change.day = without_leap ? Change::Day::WithoutLeap : Change::Day::SinceNewYear;
  change.number = *number;
  return change;
}

// ,day[/time]
std::optional<Change> read_change(Reader& reader) {
  if (!reader.skip(',')) return std::nullopt;
  auto change = read_day(reader);
  if (!change || !reader.skip('/')) return change;
  const auto time = reader.time();
  if (!time) return std::nullopt;
  change->time = *time;
  return change;
}

std::int64_t day_of(const Change& change, std::int32_t year) {
  const std::int64_t new_year = days_since_epoch({year, 1, 1});
  switch (change.day) {
    case Change::Day::Weekday: {
      const std::int64_t first = days_since_epoch({year, change.month, 1});
      const std::int64_t first_week_day = (first + 4) - floor_divide(first + 4, 7) * 7;  // 1970-01-01: Thursday
      const std::int64_t day = (change.number - first_week_day + 7) % 7 + std::int64_t{7} * (change.week - 1);
      return first + (day < days_in_month(year, change.month) ? day : day - 7);
    }
    case Change::Day::WithoutLeap:
      return new_year + change.number - 1 + (is_leap_year(year) && change.number >= 60 ? 1 : 0);
    case Change::Day::SinceNewYear:
      return new_year + change.number;
  }
  return new_year;
}

std::int64_t wall_time_of(const Change& change, std::int32_t year) {
  return day_of(change, year) * seconds_per_day + change.time;
}

}  // namespace

// std offset dst [offset] , begin , end     offsets count westward, and daylight time is an hour ahead by default
std::optional<DaylightRule> DaylightRule::parse(std::string_view text) {
  Reader reader(text);
  DaylightRule rule;
  if (!reader.skip_name()) return std::nullopt;
  const auto standard = reader.time();
  if (!standard || !reader.skip_name()) return std::nullopt;
  rule.standard_offset_ = -*standard;
  rule.daylight_offset_ = rule.standard_offset_ + 3600;
  if (!reader.at(',')) {
    const auto daylight = reader.time();
    if (!daylight) return std::nullopt;
    rule.daylight_offset_ = -*daylight;
  }
  const auto begin = read_change(reader);
  if (!begin) return std::nullopt;
  const auto end = read_change(reader);
  if (!end || !reader.at_end()) return std::nullopt;
  rule.begin_ = *begin;
  rule.end_ = *end;
  return rule;
}

DaylightRule::YearChanges DaylightRule::changes_around(std::int64_t local) const {
  const std::int32_t year = calendar_day(floor_divide(local, seconds_per_day)).year;
  return {.daylight_begin = wall_time_of(begin_, year) - standard_offset_,
          .daylight_end = wall_time_of(end_, year) - daylight_offset_};
}

std::int64_t DaylightRule::offset_at(std::int64_t instant) const {
  const auto [begin, end] = changes_around(instant + standard_offset_);
  const bool daylight = begin < end ? begin <= instant && instant < end : !(end <= instant && instant < begin);
  return daylight ? daylight_offset_ : standard_offset_;
}

std::int64_t DaylightRule::to_instant(std::int64_t local) const {
  const std::int64_t as_standard = local - standard_offset_;
  const std::int64_t as_daylight = local - daylight_offset_;
  const bool is_standard = offset_at(as_standard) == standard_offset_;
  const bool is_daylight = offset_at(as_daylight) == daylight_offset_;
  if (is_standard && is_daylight) return std::min(as_standard, as_daylight);
  if (is_standard) return as_standard;
  if (is_daylight) return as_daylight;
  // A gap: at the begin of daylight time where that is ahead, at its end where it is behind (Europe/Dublin).
  const auto [begin, end] = changes_around(local);
  return daylight_offset_ > standard_offset_ ? begin : end;
}

}  // namespace portico::base
