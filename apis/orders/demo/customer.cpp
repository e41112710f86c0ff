#include "customer.hpp"

#include <array>
#include <cstdio>
#include <utility>

#include "random.hpp"

namespace portico::demo {
namespace {

/// Where the customers live, in thousandths.
constexpr std::array<unsigned, country_count> residence_weights = {780, 50, 50, 40, 30, 20, 15, 8, 7};

struct Identity {
  Country home;    ///< whose names the customer bears
  Country living;  ///< where the addresses are
  bool company;
};

// What Latin letters look like in a mailbox; two bytes of UTF-8 each.
constexpr std::array<std::pair<std::string_view, std::string_view>, 66> plain_letters = {{
    {"á", "a"},  {"à", "a"},  {"â", "a"},  {"ã", "a"},  {"ä", "ae"}, {"å", "aa"}, {"æ", "ae"}, {"ą", "a"},
    {"ç", "c"},  {"ć", "c"},  {"é", "e"},  {"è", "e"},  {"ê", "e"},  {"ë", "e"},  {"ę", "e"},  {"í", "i"},
    {"ì", "i"},  {"î", "i"},  {"ï", "i"},  {"ı", "i"},  {"ł", "l"},  {"ñ", "n"},  {"ń", "n"},  {"ó", "o"},
    {"ò", "o"},  {"ô", "o"},  {"õ", "o"},  {"ö", "oe"}, {"ø", "oe"}, {"ś", "s"},  {"ş", "s"},  {"ß", "ss"},
    {"ú", "u"},  {"ù", "u"},  {"ü", "ue"}, {"ź", "z"},  {"ż", "z"},  {"Á", "a"},  {"À", "a"},  {"Ä", "ae"},
    {"Å", "aa"}, {"Æ", "ae"}, {"Ç", "c"},  {"Ć", "c"},  {"É", "e"},  {"È", "e"},  {"Ë", "e"},  {"Í", "i"},
    {"Î", "i"},  {"Ł", "l"},  {"Ñ", "n"},  {"Ó", "o"},  {"Ö", "oe"}, {"Ø", "oe"}, {"Ś", "s"},  {"Ş", "s"},
    {"Ú", "u"},  {"Ü", "ue"}, {"Ź", "z"},  {"Ż", "z"},  {"û", "u"},  {"ÿ", "y"},  {"ğ", "g"},  {"ý", "y"},
    {"Ò", "o"},  {"Ù", "u"},
}};

std::string_view plain_letter(std::string_view letter) {
  for (const auto& [accented, plain] : plain_letters) {
    if (accented == letter) return plain;
  }
  return {};
}

std::string make_postcode(const Town& town, Random& random) {
  std::string postcode(town.postcode);
  if (town.postcode_max == 0) return filled_in(postcode, random);
  std::int64_t number = random.between(1, town.postcode_max);
  for (auto c = postcode.rbegin(); c != postcode.rend(); ++c) {
    if (*c != '#') continue;
    *c = static_cast<char>('0' + number % 10);
    number /= 10;
  }
  return postcode;
}

std::string make_street(const CountryTables& tables, Random& random) {
  std::string street(random.one_of(tables.streets));
  const std::string number = std::to_string(1 + random.below(1 + random.below(180)));
  return street.replace(street.find('%'), 1, number);
}

std::string make_landline(const CountryTables& tables, const Town& town, Random& random) {
  std::string number(town.landline);
  // Where the area code begins with a trunk zero, it is dropped behind the calling code; Italy keeps it.
  if (tables.code != "IT" && number.front() == '0') number.erase(0, 1);
  const std::size_t trunk = town.landline.size() - number.size();
  while (number.size() + trunk < tables.landline_digits) number += static_cast<char>('0' + random.below(10));
  return std::string(tables.calling_code) + number;
}

std::string international(const CountryTables& tables, std::string_view mobile) {
  if (mobile.front() == '0') mobile.remove_prefix(1);
  return std::string(tables.calling_code).append(mobile);
}

std::string make_addition(const Identity& identity, std::string_view last_name, Random& random) {
  if (identity.company) {
    constexpr std::array<std::string_view, 8> trades = {"Talleres",    "Construcciones", "Panadería", "Asesoría",
                                                        "Carpintería", "Transportes",    "Clínica",   "Hermanos"};
    constexpr std::array<std::string_view, 3> forms = {"S.L.", "S.A.", "S.L.U."};
    return std::string(random.one_of(trades)).append(" ").append(last_name).append(", ").append(random.one_of(forms));
  }
  if (identity.living != Country::Spain || !random.chance_in_thousand(620)) return {};
  constexpr std::array<std::string_view, 4> doors = {"A", "B", "izda.", "dcha."};
  return std::to_string(1 + random.below(9)) + ".º " + std::string(random.one_of(doors));
}

Document make_cif(Random& random) {
  constexpr std::array<char, 5> kinds = {'A', 'B', 'B', 'F', 'G'};
  const char kind = random.one_of(kinds);
  const std::string digits = filled_in("#######", random);
  return {DocumentKind::Cif, kind + digits + cif_check(kind, digits), "ES"};
}

Document make_nie(Random& random) {
  const std::int64_t first = random.between(0, 2);
  const std::string digits = filled_in("#######", random);
  const std::int64_t number = first * 10'000'000 + std::stoll(digits);
  return {DocumentKind::Nie, static_cast<char>('X' + first) + digits + nif_letter(number), "ES"};
}

Document make_nif(Random& random) {
  const std::string digits = filled_in("########", random);
  return {DocumentKind::Nif, digits + nif_letter(std::stoll(digits)), "ES"};
}

Document make_document(const Identity& identity, Random& random) {
  if (identity.company) return make_cif(random);
  const CountryTables& home = tables_of(identity.home);
  if (identity.home == Country::Spain) {
    if (random.chance_in_thousand(985)) return make_nif(random);
    return {DocumentKind::Passport, filled_in(home.passport, random), home.code};
  }
  if (identity.living == Country::Spain && random.chance_in_thousand(850)) return make_nie(random);
  if (random.chance_in_thousand(550)) return {DocumentKind::Passport, filled_in(home.passport, random), home.code};
  return {DocumentKind::Other, filled_in(home.identity_card, random), home.code};
}

Identity make_identity(Random& random) {
  const auto living = static_cast<Country>(random.weighted(residence_weights));
  Country home = living;
  if (random.chance_in_thousand(80)) home = static_cast<Country>(random.below(country_count));
  const bool company = living == Country::Spain && home == Country::Spain && random.chance_in_thousand(20);
  return {home, living, company};
}

void name(Customer& customer, const Identity& identity, Random& random) {
  const CountryTables& tables = tables_of(identity.home);
  const bool woman = random.chance_in_thousand(520);
  customer.first_name = woman ? random.one_of(tables.women) : random.one_of(tables.men);
  customer.last_name = random.one_of(tables.last_names);
  const bool two_names = identity.home == Country::Spain || identity.home == Country::Portugal;
  if (two_names) customer.last_name.append(" ").append(random.one_of(tables.last_names));
  customer.gender = woman ? Gender::Female : Gender::Male;
  if (random.chance_in_thousand(60)) customer.gender = Gender::NotKnown;
  if (identity.company) customer.gender = Gender::NotApplicable;
}

std::string make_email(const Customer& customer, const CountryTables& tables, Random& random) {
  constexpr std::array<std::string_view, 3> international_domains = {"gmail.example", "outlook.example",
                                                                     "icloud.example"};
  const std::string first = mailbox_form(customer.first_name);
  const std::string last = mailbox_form(customer.last_name.substr(0, customer.last_name.find(' ')));
  std::string box = random.chance_in_thousand(700) ? first + "." + last : first.substr(0, 1) + last;
  box += std::to_string(random.below(10'000));
  if (random.chance_in_thousand(600)) return box + "@" + std::string(random.one_of(international_domains));
  return box + "@" + std::string(tables.mail_domain) + ".example";
}

std::string make_birthday(Random& random) {
  const auto year = random.between(1946, 2001);
  const auto month = random.between(1, 12);
  const auto day = random.between(1, 28);
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", static_cast<int>(year), static_cast<int>(month),
                static_cast<int>(day));
  return text;
}

Address make_address(const Customer& customer, const Identity& identity, Random& random) {
  const CountryTables& tables = tables_of(identity.living);
  // The first towns of a table are the large ones.
  const std::size_t towns = tables.towns.size();
  const Town& town = tables.towns[random.chance_in_thousand(450) ? random.below(1 + towns / 6) : random.below(towns)];
  Address address;
  address.first_name = customer.first_name;
  address.last_name = customer.last_name;
  address.phone = international(tables, customer.phone_number);
  if (random.chance_in_thousand(250)) address.alt_phone = make_landline(tables, town, random);
  address.street = make_street(tables, random);
  address.address_addition = make_addition(identity, customer.last_name, random);
  address.city = town.name;
  address.state = town.state;
  address.country = tables.code;
  address.postcode = make_postcode(town, random);
  return address;
}

}  // namespace

std::string_view name_of(DocumentKind kind) {
  constexpr std::array<std::string_view, 5> names = {"nif", "nie", "cif", "passport", "others"};
  return names[static_cast<std::size_t>(kind)];
}

Customer make_customer(std::uint64_t seed) {
  Random random(seed);
  const Identity identity = make_identity(random);
  const CountryTables& living = tables_of(identity.living);
  Customer customer;
  customer.id = random.id();
  customer.account_id = random.id();
  name(customer, identity, random);
  customer.email = make_email(customer, living, random);
  customer.birthday = make_birthday(random);
  customer.language = living.language;
  customer.phone_number = filled_in(living.mobile, random);
  customer.phone_country = living.code;
  customer.document = make_document(identity, random);
  customer.address = make_address(customer, identity, random);
  return customer;
}

char nif_letter(std::int64_t digits) {
  return "TRWAGMYFPDXBNJZSQVHLCKE"[digits % 23];
}

char cif_check(char kind, std::string_view digits) {
  int sum = 0;
  for (std::size_t place = 0; place < digits.size(); ++place) {
    const int digit = digits[place] - '0';
    const int doubled = digit * 2;
    sum += place % 2 == 0 ? doubled / 10 + doubled % 10 : digit;
  }
  const int check = (10 - sum % 10) % 10;
  const bool letter = std::string_view("KPQSNW").find(kind) != std::string_view::npos;
  return letter ? "JABCDEFGHI"[check] : static_cast<char>('0' + check);
}

std::string mailbox_form(std::string_view text) {
  std::string box;
  for (std::size_t place = 0; place < text.size(); ++place) {
    const char c = text[place];
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) box += c;
    if (c >= 'A' && c <= 'Z') box += static_cast<char>(c - 'A' + 'a');
    if (c == ' ' && !box.empty() && box.back() != '.') box += '.';
    if ((static_cast<unsigned char>(c) & 0xE0U) == 0xC0U) box += plain_letter(text.substr(place++, 2));
  }
  return box;
}

}  // namespace portico::demo
