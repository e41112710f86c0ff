#include "plan/comparison.hpp"

#include <array>

#include "base/calendar.hpp"
#include "base/code_points.hpp"

namespace portico::plan {
namespace {

using base::microseconds_per_second;

constexpr std::array<std::string_view, 5> symbols = {" < ", " <= ", " = ", " >= ", " > "};

/// Half a hundredth above `hundredths`: 4 gives 45 thousandths of a tenth. Without the sign, as decimal units.
std::string half_units(std::uint64_t hundredths) {
  std::string digits = std::to_string(hundredths) + '5';
  if (digits.size() < 4) digits.insert(0, 4 - digits.size(), '0');
  return digits.insert(digits.size() - 3, 1, '.');
}

/// Half a hundredth below, and above. 64 bits without a sign hold what either needs.
std::string lower_edge(std::int64_t hundredths) {
  if (hundredths > 0) return half_units(static_cast<std::uint64_t>(hundredths) - 1);
  return '-' + half_units(std::uint64_t{0} - static_cast<std::uint64_t>(hundredths));
}
std::string upper_edge(std::int64_t hundredths) {
  if (hundredths >= 0) return half_units(static_cast<std::uint64_t>(hundredths));
  return '-' + half_units(std::uint64_t{0} - static_cast<std::uint64_t>(hundredths) - 1);
}

/// Where the last code point of `text` begins. Precondition: not empty.
std::size_t last_code_point(std::string_view text) {
  std::size_t at = text.size() - 1;
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) --at;
  return at;
}

}  // namespace

std::string_view symbol_of(Comparison comparison) {
  return symbols.at(static_cast<std::size_t>(comparison));
}

Comparison comparison_of(model::Lookup lookup) {
  if (lookup == model::Lookup::Gt) return Comparison::Greater;
  if (lookup == model::Lookup::Gte) return Comparison::GreaterOrEqual;
  if (lookup == model::Lookup::Lt) return Comparison::Less;
  return lookup == model::Lookup::Lte ? Comparison::LessOrEqual : Comparison::Equal;
}

// Half away from zero: an edge above zero is shown as the number above it, one below zero as the number below.
UnitEdge unit_edge(Comparison comparison, std::int64_t hundredths) {
  const bool lower_is_inside = hundredths > 0;
  const bool upper_is_outside = hundredths >= 0;
  switch (comparison) {
    case Comparison::Less:
      return {lower_is_inside ? Comparison::Less : Comparison::LessOrEqual, lower_edge(hundredths)};
    case Comparison::Equal:
    case Comparison::GreaterOrEqual:
      return {lower_is_inside ? Comparison::GreaterOrEqual : Comparison::Greater, lower_edge(hundredths)};
    case Comparison::LessOrEqual:
      return {upper_is_outside ? Comparison::Less : Comparison::LessOrEqual, upper_edge(hundredths)};
    case Comparison::Greater:
      return {upper_is_outside ? Comparison::GreaterOrEqual : Comparison::Greater, upper_edge(hundredths)};
  }
  return {};
}

std::string seconds_text(base::Microseconds instant) {
  const bool negative = instant < 0;
  const std::uint64_t size =
      negative ? std::uint64_t{0} - static_cast<std::uint64_t>(instant) : static_cast<std::uint64_t>(instant);
  const std::string fraction = std::to_string(size % std::uint64_t{microseconds_per_second});
  return (negative ? "-" : "") + std::to_string(size / std::uint64_t{microseconds_per_second}) + '.' +
         std::string(6 - fraction.size(), '0') + fraction;
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const bool hex = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
    if (dash ? text[i] != '-' : !hex) return false;
  }
  return true;
}

std::string behind_prefix(std::string_view prefix) {
  while (!prefix.empty()) {
    const std::size_t at = last_code_point(prefix);
    const base::CodePoint last = base::decode(prefix, at);
    if (last.well_formed && last.value < 0x10FFFF) {
      const bool before_surrogates = last.value == 0xD7FF;
      return std::string(prefix.substr(0, at)) + base::encoded(before_surrogates ? 0xE000 : last.value + 1);
    }
    prefix.remove_suffix(prefix.size() - at);
  }
  return {};
}

}  // namespace portico::plan
