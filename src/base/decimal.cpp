#include "base/decimal.hpp"

#include <array>
#include <charconv>
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

}  // namespace

std::optional<std::int64_t> scaled_decimal(std::string_view text, int places) {
  const bool negative = skip(text, '-');
  if (!negative) skip(text, '+');
  std::string digits(take_digits(text));
  const auto whole = static_cast<std::int64_t>(digits.size());
  if (skip(text, '.')) digits += take_digits(text);
  const auto exponent = read_exponent(text);
  if (digits.empty() || !exponent) return std::nullopt;
  const auto number = rounded(digits, whole + *exponent + places);
  if (!number) return std::nullopt;
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (*number > most + (negative ? 1 : 0)) return std::nullopt;
  return negative ? static_cast<std::int64_t>(std::uint64_t{0} - *number) : static_cast<std::int64_t>(*number);
}

std::optional<std::int64_t> scaled_decimal(double real, int places) {
  std::array<char, 64> text = {};  // the shortest form of a double has 24 letters at most
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), real);
  if (error != std::errc()) return std::nullopt;
  return scaled_decimal(std::string_view(text.data(), static_cast<std::size_t>(end - text.data())), places);
}

}  // namespace portico::base
