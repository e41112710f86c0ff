#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace portico::demo {

enum class Country : std::uint8_t { Spain, Portugal, France, Germany, Italy, Poland, Netherlands, Sweden, Denmark };
inline constexpr std::size_t country_count = 9;

/// A town with what its addresses and telephones look like. In `postcode`, `#` is a digit and `@` a letter;
/// `postcode_max` > 0: the digits together are a number from 1 to that.
struct Town {
  std::string_view name;
  std::string_view state;
  std::string_view postcode;
  std::int64_t postcode_max;
  std::string_view landline;  ///< area code, as dialled inside the country
};

/// What a country's people are called and live in. All in the spelling of the country.
struct CountryTables {
  std::string_view code;      ///< ISO 3166-1 alpha-2
  std::string_view language;  ///< ISO 639-1
  std::string_view calling_code;
  std::string_view mobile;         ///< a pattern, as Town::postcode
  std::size_t landline_digits;     ///< area code included
  std::string_view passport;       ///< a pattern
  std::string_view identity_card;  ///< a pattern; empty where the country is Spain, whose nif is computed
  std::span<const std::string_view> women;
  std::span<const std::string_view> men;
  std::span<const std::string_view> last_names;
  std::span<const std::string_view> streets;  ///< `%` stands for the house number
  std::span<const Town> towns;
  std::string_view mail_domain;  ///< of the country's own mailboxes, under `.example`
};

[[nodiscard]] const CountryTables& tables_of(Country country);

}  // namespace portico::demo
