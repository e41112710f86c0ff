#include "http/read_date.hpp"

#include <algorithm>
#include <array>

#include "base/calendar.hpp"

namespace portico::http {
namespace {

constexpr std::array<std::string_view, 7> days = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                  "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::size_t short_day = 3;

/// Takes a date apart from its front; remembers that something was not as it should be.
class Words {
 public:
  explicit Words(std::string_view text) : left_(text) {}

  [[nodiscard]] bool all_right() const { return right_ && left_.empty(); }
  [[nodiscard]] bool takes(std::string_view word) {
    if (!left_.starts_with(word)) return false;
    left_.remove_prefix(word.size());
    return true;
  }
  void expect(std::string_view word) { right_ = takes(word) && right_; }

  /// Exactly so many digits.
  [[nodiscard]] int number(std::size_t digits) {
    int number = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      const char c = i < left_.size() ? left_[i] : ' ';
      if (c < '0' || c > '9') {
        right_ = false;
        return 0;
      }
      number = number * 10 + (c - '0');
    }
    left_.remove_prefix(digits);
    return number;
  }
  /// From 1.
  [[nodiscard]] int month() {
    const auto* const found =
        std::find_if(months.begin(), months.end(), [this](std::string_view name) { return takes(name); });
    right_ = right_ && found != months.end();
    return static_cast<int>(found - months.begin()) + 1;
  }

 private:
  std::string_view left_;
  bool right_ = true;
};

struct Moment {
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
};

void take_time(Words& words, Moment& moment) {
  moment.hour = words.number(2);
  words.expect(":");
  moment.minute = words.number(2);
  words.expect(":");
  moment.second = words.number(2);
}

/// `, 06 Nov 1994 08:49:37 GMT`
void take_usual(Words& words, Moment& moment) {
  words.expect(", ");
  moment.day = words.number(2);
  words.expect(" ");
  moment.month = words.month();
  words.expect(" ");
  moment.year = words.number(4);
  words.expect(" ");
  take_time(words, moment);
  words.expect(" GMT");
}

/// `, 06-Nov-94 08:49:37 GMT`
void take_rfc_850(Words& words, Moment& moment) {
  words.expect(", ");
  moment.day = words.number(2);
  words.expect("-");
  moment.month = words.month();
  words.expect("-");
  const int year = words.number(2);
  moment.year = year + (year < 70 ? 2000 : 1900);
  words.expect(" ");
  take_time(words, moment);
  words.expect(" GMT");
}

/// ` Nov  6 08:49:37 1994`
void take_asctime(Words& words, Moment& moment) {
  words.expect(" ");
  moment.month = words.month();
  words.expect(" ");
  moment.day = words.takes(" ") ? words.number(1) : words.number(2);
  words.expect(" ");
  take_time(words, moment);
  words.expect(" ");
  moment.year = words.number(4);
}

bool is_moment(const Moment& moment) {
  if (moment.year < 1 || moment.month < 1 || moment.month > 12) return false;
  return moment.day >= 1 && moment.day <= base::days_in_month(moment.year, moment.month) && moment.hour < 24 &&
         moment.minute < 60 && moment.second <= 60;
}

std::int64_t seconds_of(const Moment& moment) {
  const std::int64_t day = base::days_since_epoch({.year = moment.year, .month = moment.month, .day = moment.day});
  return ((day * 24 + moment.hour) * 60 + moment.minute) * 60 + moment.second;
}

}  // namespace

/// The day's name tells the forms apart, and is not looked at beyond that.
std::optional<std::int64_t> read_date(std::string_view text) {
  Words words(text);
  Moment moment;
  const bool is_long =
      std::any_of(days.begin(), days.end(), [&words](std::string_view day) { return words.takes(day); });
  if (is_long) {
    take_rfc_850(words, moment);
  } else if (std::any_of(days.begin(), days.end(),
                         [&words](std::string_view day) { return words.takes(day.substr(0, short_day)); })) {
    if (text.substr(short_day).starts_with(',')) {
      take_usual(words, moment);
    } else {
      take_asctime(words, moment);
    }
  } else {
    return std::nullopt;
  }
  if (!words.all_right() || !is_moment(moment)) return std::nullopt;
  return seconds_of(moment);
}

}  // namespace portico::http
