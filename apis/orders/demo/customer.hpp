#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "people_tables.hpp"

namespace portico::demo {

struct Address {
  std::string first_name;
  std::string last_name;
  std::string phone;      ///< with the country's calling code: `+34612345678`
  std::string alt_phone;  ///< the town's own network; empty: none
  std::string street;
  std::string address_addition;  ///< empty: none
  std::string_view city;
  std::string_view state;
  std::string_view country;
  std::string postcode;
};

enum class DocumentKind : std::uint8_t { Nif, Nie, Cif, Passport, Other };
[[nodiscard]] std::string_view name_of(DocumentKind kind);

struct Document {
  DocumentKind kind = DocumentKind::Nif;
  std::string number;
  std::string_view country;
};

/// ISO/IEC 5218, as the API numbers them.
enum class Gender : std::uint8_t { NotKnown = 0, Male = 1, Female = 2, NotApplicable = 3 };

/// Somebody who buys; all of it follows from the seed, so that the many need not be kept.
struct Customer {
  std::string id;
  std::string account_id;
  std::string email;
  Gender gender = Gender::NotKnown;
  std::string first_name;
  std::string last_name;
  std::string birthday;  ///< `YYYY-MM-DD`
  std::string_view language;
  std::string phone_number;  ///< as dialled inside the country
  std::string_view phone_country;
  Document document;
  Address address;
};

[[nodiscard]] Customer make_customer(std::uint64_t seed);

/// The check letter of a Spanish nif's eight digits (for a nie, X, Y and Z count as 0, 1 and 2 in front of its
/// seven).
[[nodiscard]] char nif_letter(std::int64_t digits);

/// The check character of a cif: a letter for bodies that have one there, else a digit. `digits` are the seven.
[[nodiscard]] char cif_check(char kind, std::string_view digits);

/// `text` in lower-case ASCII letters and digits, for the part of an address before the @: `Muñoz Peña` ->
/// `munoz.pena`.
[[nodiscard]] std::string mailbox_form(std::string_view text);

}  // namespace portico::demo
