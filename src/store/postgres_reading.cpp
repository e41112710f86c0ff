#include "store/postgres_reading.hpp"

#include <array>
#include <charconv>
#include <libpq-fe.h>
#include <limits>
#include <optional>
#include <string>

#include "base/calendar.hpp"
#include "base/decimal.hpp"
#include "base/time.hpp"

namespace portico::store {
namespace {

using base::Cell;
using base::Microseconds;
using plan::Reading;

constexpr std::string_view first_date = "0001-01-01";
constexpr std::string_view last_date = "9999-12-31";
constexpr std::string_view before_christ = " BC";
constexpr std::size_t date_length = first_date.size();

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Digits taken off the front, `count` of them; -1 where there are fewer.
std::int32_t take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return -1;
  std::int32_t number = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_digit(text[i])) return -1;
    number = number * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return number;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

/// `12`, up to eighteen digits: nearly all. False for what is of another form.
bool usual_whole(std::string_view text, std::int64_t& number) {
  constexpr std::size_t digits_that_fit = 18;
  if (text.empty() || text.size() > digits_that_fit) return false;
  std::int64_t sum = 0;
  for (const char c : text) {
    if (!is_digit(c)) return false;
    sum = sum * 10 + (c - '0');
  }
  number = sum;
  return true;
}

/// `-9223372036854775808`, `12`, `12.000`, `1e+15`
std::optional<std::int64_t> whole(std::string_view text) {
  std::int64_t number = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number);
  if (error == std::errc() && end == last) return number;
  return base::whole_decimal(text);
}

/// Whether `text` is beyond the years that can be written (infinities, years before Christ or of five digits), and
/// then on which side.
enum class Beyond : std::uint8_t { No, Before, After };
Beyond beyond(std::string_view text) {
  if (text == "infinity") return Beyond::After;
  if (text == "-infinity" || text.ends_with(before_christ)) return Beyond::Before;
  std::size_t digits = 0;
  while (digits < text.size() && is_digit(text[digits])) ++digits;
  return digits > 4 ? Beyond::After : Beyond::No;
}

/// `.101838`: up to six digits, as microseconds; -1: none behind the point, or more.
std::int64_t take_fraction(std::string_view& text) {
  if (!take(text, '.')) return 0;
  std::int64_t fraction = 0;
  int digits = 0;
  for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1), ++digits) {
    fraction = fraction * 10 + (text.front() - '0');
  }
  if (digits == 0 || digits > 6) return -1;
  for (; digits < 6; ++digits) fraction *= 10;
  return fraction;
}

/// `+00`, `-03:30`, `+00:00:30`, or nothing: seconds east of UTC.
std::optional<std::int64_t> take_offset(std::string_view& text) {
  if (text.empty()) return 0;
  const bool west = text.front() == '-';
  if (!west && text.front() != '+') return std::nullopt;
  text.remove_prefix(1);
  std::int64_t seconds = 0;
  for (const std::int64_t unit : {3600, 60, 1}) {
    const std::int32_t number = take_digits(text, 2);
    if (number < 0) return std::nullopt;
    seconds += number * unit;
    if (!take(text, ':')) break;
  }
  return west ? -seconds : seconds;
}

/// Numbers of digits at fixed places; notes what is no digit.
class Digits {
 public:
  explicit Digits(const char* text) : text_(text) {}
  [[nodiscard]] std::int32_t two(std::size_t at) {
    const auto tens = static_cast<unsigned>(text_[at] - '0');
    const auto ones = static_cast<unsigned>(text_[at + 1] - '0');
    wrong_ |= static_cast<unsigned>(tens > 9) | static_cast<unsigned>(ones > 9);
    return static_cast<std::int32_t>(tens * 10 + ones);
  }
  [[nodiscard]] std::int32_t four(std::size_t at) { return 100 * two(at) + two(at + 2); }
  void expect(std::size_t at, char c) { wrong_ |= static_cast<unsigned>(text_[at] != c); }
  [[nodiscard]] bool all_right() const { return wrong_ == 0; }

 private:
  const char* text_;
  unsigned wrong_ = 0;
};

/// `2015-10-02 18:15:45+00`, or with six digits of a second as `2015-10-02 18:15:45.101838+00`: nearly all that a
/// session in UTC sends. False for what is of another form.
bool usual_instant(std::string_view text, Microseconds& at) {
  constexpr std::size_t whole_seconds = 22;
  constexpr std::size_t with_fraction = 29;
  if (text.size() != whole_seconds && text.size() != with_fraction) return false;
  Digits digits(text.data());
  const std::int32_t year = digits.four(0);
  const std::int32_t month = digits.two(5);
  const std::int64_t day = base::days_since_epoch({.year = year, .month = month, .day = digits.two(8)});
  const std::int64_t hour = digits.two(11);
  const std::int64_t minute = digits.two(14);
  const std::int64_t second = digits.two(17);
  std::int64_t fraction = 0;
  if (text.size() == with_fraction) {
    digits.expect(19, '.');
    fraction = 10'000 * digits.two(20) + 100 * digits.two(22) + digits.two(24);
  }
  const std::size_t zone = text.size() - 3;
  digits.expect(4, '-');
  digits.expect(7, '-');
  digits.expect(10, ' ');
  digits.expect(13, ':');
  digits.expect(16, ':');
  digits.expect(zone, '+');
  digits.expect(zone + 1, '0');
  digits.expect(zone + 2, '0');
  if (!digits.all_right() || year < 1 || month < 1 || month > 12) return false;
  at = ((day * 24 + hour) * 60 + minute) * base::microseconds_per_minute + second * base::microseconds_per_second +
       fraction;
  return true;
}

/// `2015-10-02 18:15:45.101838+00`
std::optional<Microseconds> instant(std::string_view text) {
  if (text.size() < date_length || text[4] != '-' || !is_digit(text.back())) {
    switch (beyond(text)) {
      case Beyond::No:
        return std::nullopt;
      case Beyond::Before:
        return base::microseconds_min;
      case Beyond::After:
        return base::microseconds_max;
    }
  }
  const std::int32_t year = take_digits(text, 4);
  if (year < 1 || !take(text, '-')) return std::nullopt;
  const std::int32_t month = take_digits(text, 2);
  if (month < 1 || month > 12 || !take(text, '-')) return std::nullopt;
  const std::int32_t day = take_digits(text, 2);
  if (day < 1) return std::nullopt;
  const std::int64_t days = base::days_since_epoch({.year = year, .month = month, .day = day});
  if (text.empty()) return days * base::microseconds_per_day;  // a date
  if (!take(text, ' ')) return std::nullopt;
  const std::int32_t hour = take_digits(text, 2);
  if (hour < 0 || !take(text, ':')) return std::nullopt;
  const std::int32_t minute = take_digits(text, 2);
  if (minute < 0 || !take(text, ':')) return std::nullopt;
  const std::int32_t second = take_digits(text, 2);
  const std::int64_t fraction = take_fraction(text);
  const auto offset = take_offset(text);
  if (second < 0 || fraction < 0 || !offset || !text.empty()) return std::nullopt;
  const Microseconds at = days * base::microseconds_per_day + hour * base::microseconds_per_hour +
                          minute * base::microseconds_per_minute +
                          (second - *offset) * base::microseconds_per_second + fraction;
  return std::clamp(at, base::microseconds_min, base::microseconds_max);
}

std::optional<std::string_view> date(std::string_view text) {
  switch (beyond(text)) {
    case Beyond::Before:
      return first_date;
    case Beyond::After:
      return last_date;
    case Beyond::No:
      break;
  }
  if (text.size() < date_length || text[4] != '-' || text[7] != '-') return std::nullopt;
  return text.substr(0, date_length);
}

std::optional<std::int64_t> number_of(Reading reading, std::string_view text) {
  switch (reading) {
    case Reading::Integer:
      return whole(text);
    case Reading::Hundredths:
      return base::scaled_decimal(text, 2);
    case Reading::Boolean:
      if (text.size() != 1 || (text[0] != 't' && text[0] != 'f')) return std::nullopt;
      return text[0] == 't' ? 1 : 0;
    case Reading::Instant:
      return instant(text);
    case Reading::Seconds: {
      const auto at = base::scaled_decimal(text, 6);
      if (!at) return std::nullopt;
      return std::clamp(*at, base::microseconds_min, base::microseconds_max);
    }
    case Reading::Text:
    case Reading::Date:
      break;
  }
  return std::nullopt;
}

constexpr std::array<std::string_view, 7> reading_names = {
    "a text", "an integer", "a decimal number", "a boolean", "a point in time", "a number of seconds", "a date"};

/// Whether PostgreSQL's numeric and floating-point types hold that, where `reading` has no place for it: what is no
/// number, or too large, or not whole.
bool does_not_fit(Reading reading, std::string_view text) {
  if (reading != Reading::Integer && reading != Reading::Hundredths && reading != Reading::Seconds) return false;
  return text == "NaN" || text == "Infinity" || text == "-Infinity" || base::is_decimal(text);
}

base::Error unreadable(const pg_result* result, int column, Reading reading) {
  const std::string words = std::string("the column \"") + PQfname(result, column) + "\" holds a value that is not " +
                            std::string(reading_names[static_cast<std::size_t>(reading)]);
  return {.code = base::ErrorCode::Internal, .message = words};
}

/// What is neither a text nor written as usual. A number that does not fit is shown as null.
bool read_unusual(Reading reading, std::string_view text, Cell& cell) {
  if (reading == Reading::Date) {
    const auto day = date(text);
    if (!day) return false;
    cell = {.kind = Cell::Kind::Text, .text = *day};
    return true;
  }
  const auto number = number_of(reading, text);
  if (!number && !does_not_fit(reading, text)) return false;
  if (!number) {
    cell = {};
    return true;
  }
  cell = {.kind = Cell::Kind::Integer, .integer = *number};
  return true;
}

}  // namespace

// The forms that nearly all cells have are read into their place: as optionals on the way they would take twice as
// long.
bool read_cell(Reading reading, std::string_view text, Cell& cell) {
  switch (reading) {
    case Reading::Text:
      cell.kind = Cell::Kind::Text;
      cell.text = text;
      return true;
    case Reading::Integer:
      cell.kind = Cell::Kind::Integer;
      return usual_whole(text, cell.integer) || read_unusual(reading, text, cell);
    case Reading::Instant:
      cell.kind = Cell::Kind::Integer;
      return usual_instant(text, cell.integer) || read_unusual(reading, text, cell);
    case Reading::Hundredths:
    case Reading::Boolean:
    case Reading::Seconds:
    case Reading::Date:
      break;
  }
  return read_unusual(reading, text, cell);
}

base::Status read_rows(const PostgresResult& owned, std::span<const Reading> readings, Rows& rows) {
  const pg_result* const result = owned.get();
  const int count = PQntuples(result);
  rows.expect(static_cast<std::size_t>(count));
  rows.hold(owned.texts());
  for (int row = 0; row < count; ++row) {
    for (std::size_t i = 0; i < readings.size(); ++i) {
      const auto column = static_cast<int>(i);
      const auto length = static_cast<std::size_t>(PQgetlength(result, row, column));
      Cell& cell = rows.add_cell();
      if (length == 0 && PQgetisnull(result, row, column) != 0) continue;
      const std::string_view text(PQgetvalue(result, row, column), length);
      if (!read_cell(readings[i], text, cell)) return unreadable(result, column, readings[i]);
    }
  }
  return base::ok();
}

}  // namespace portico::store
