#include "base/decimal.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <limits>
#include <string>

namespace portico::base {
namespace {

bool is_digit(char letter) {
  return letter >= '0' && letter <= '9';
}

bool skip(std::string_view& text, char letter) {
  if (text.empty() || text.front() != letter) return false;
  text.remove_prefix(1);
  return true;
}

std::string_view take_digits(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  const std::string_view digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

/// `e-7`, or nothing at all: 0. Beyond 1,000 either way all is zero or too large.
std::optional<int> read_exponent(std::string_view text) {
  if (text.empty()) return 0;
  if (text.front() != 'e' && text.front() != 'E') return std::nullopt;
  text.remove_prefix(1);
  const bool negative = skip(text, '-');
  if (!negative) skip(text, '+');
  if (text.empty()) return std::nullopt;
  int exponent = 0;
  for (const char letter : text) {
    if (!is_digit(letter)) return std::nullopt;
    exponent = std::min(exponent * 10 + (letter - '0'), 1'000);
  }
  return negative ? -exponent : exponent;
}

/// The digits before the place where the rest is cut off, with the rest rounded in.
std::optional<std::uint64_t> rounded(std::string_view digits, std::int64_t kept) {
  constexpr std::uint64_t most = std::uint64_t{1} << 63U;
  std::uint64_t number = 0;
  for (std::int64_t place = 0; place < kept; ++place) {
    const auto at = static_cast<std::size_t>(place);
    const auto digit = at < digits.size() ? static_cast<std::uint64_t>(digits[at] - '0') : 0;
    if (number == 0 && at >= digits.size()) return 0;
    if (number > (most - digit) / 10) return std::nullopt;
    number = number * 10 + digit;
  }
  const bool up =
      kept >= 0 && static_cast<std::size_t>(kept) < digits.size() && digits[static_cast<std::size_t>(kept)] >= '5';
  return number + (up ? 1 : 0);
}

/// The shortest form of a double.
class RealText {
 public:
  explicit RealText(double real) {
    length_ = std::to_chars(text_.data(), text_.data() + text_.size(), real).ptr - text_.data();
  }
  [[nodiscard]] std::string_view text() const { return {text_.data(), static_cast<std::size_t>(length_)}; }

 private:
  std::array<char, 64> text_ = {};  // it has 24 letters at most
  std::ptrdiff_t length_ = 0;
};

/// A number as it is written.
struct Decimal {
  bool negative = false;
  std::string digits;
  std::int64_t whole = 0;  ///< how many of the digits stand before the point: also less than none, or more than all
};

std::optional<Decimal> read_decimal(std::string_view text) {
  Decimal decimal;
  decimal.negative = skip(text, '-');
  if (!decimal.negative) skip(text, '+');
  decimal.digits = take_digits(text);
  decimal.whole = static_cast<std::int64_t>(decimal.digits.size());
  if (skip(text, '.')) decimal.digits += take_digits(text);
  const auto exponent = read_exponent(text);
  if (decimal.digits.empty() || !exponent) return std::nullopt;
  decimal.whole += *exponent;
  return decimal;
}

std::optional<std::int64_t> scaled(const Decimal& decimal, int places) {
  const auto number = rounded(decimal.digits, decimal.whole + places);
  if (!number) return std::nullopt;
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (*number > most + (decimal.negative ? 1 : 0)) return std::nullopt;
  return decimal.negative ? static_cast<std::int64_t>(std::uint64_t{0} - *number)
                          : static_cast<std::int64_t>(*number);
}

bool is_whole(const Decimal& decimal) {
  const auto digits = static_cast<std::int64_t>(decimal.digits.size());
  const auto from = static_cast<std::size_t>(std::clamp<std::int64_t>(decimal.whole, 0, digits));
  return decimal.digits.find_first_not_of('0', from) == std::string::npos;
}

}  // namespace

std::optional<std::int64_t> scaled_decimal(std::string_view text, int places) {
  const auto decimal = read_decimal(text);
  return decimal ? scaled(*decimal, places) : std::nullopt;
}

std::optional<std::int64_t> scaled_decimal(double real, int places) {
  return scaled_decimal(RealText(real).text(), places);
}

std::optional<std::int64_t> whole_decimal(std::string_view text) {
  const auto decimal = read_decimal(text);
  return decimal && is_whole(*decimal) ? scaled(*decimal, 0) : std::nullopt;
}

std::optional<std::int64_t> whole_decimal(double real) {
  return whole_decimal(RealText(real).text());
}

bool is_decimal(std::string_view text) {
  return read_decimal(text).has_value();
}

}  // namespace portico::base
