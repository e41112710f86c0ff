#include "model/name_rules.hpp"

#include <algorithm>

namespace portico::model {
namespace {

constexpr std::size_t database_name_bytes_max = 63;
constexpr std::size_t others_name_bytes_max = 1'000;  // SQLite knows no limit
constexpr std::size_t name_bytes_max = 100;

bool is_letter(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_name(std::string_view name, std::string_view separators) {
  if (name.empty() || name.size() > name_bytes_max || !is_letter(name.front())) return false;
  char before = name.front();
  for (const char c : name) {
    const bool separates = separators.find(c) != std::string_view::npos;
    if (!separates && !is_letter(c) && !is_digit(c)) return false;
    if (separates && separators.find(before) != std::string_view::npos) return false;
    before = c;
  }
  return separators.find(before) == std::string_view::npos;
}

std::string article(std::string_view what) {
  const bool vowel = !what.empty() && std::string_view("aeiou").find(what.front()) != std::string_view::npos;
  return (vowel ? "an " : "a ") + std::string(what);
}

void add_bad_name(const NamedPlace& place, std::string hint, MistakeList& mistakes) {
  mistakes.add(place.position, article(place.what) + " cannot be called " + quoted(place.name), std::move(hint));
}

bool is_version_like(std::string_view part) {
  return part.size() > 1 && part.front() == 'v' && std::all_of(part.begin() + 1, part.end(), is_digit);
}

}  // namespace

void check_field_name(const NamedPlace& place, MistakeList& mistakes) {
  if (is_name(place.name, "_")) return;
  add_bad_name(place, "lower-case letters, digits and single '_' between them, a letter first", mistakes);
}

void check_dashed_name(const NamedPlace& place, MistakeList& mistakes) {
  if (is_name(place.name, "_-")) return;
  add_bad_name(place, "lower-case letters, digits and single '-' or '_' between them, a letter first", mistakes);
}

void check_database_name(const NamedPlace& place, Maker maker, MistakeList& mistakes) {
  if (maker == Maker::Others) {
    // A NUL would end the statement that names it.
    const bool has_nul = place.name.find('\0') != std::string_view::npos;
    if (place.name.empty() || place.name.size() > others_name_bytes_max || has_nul) {
      add_bad_name(place, "one to 1,000 bytes, and none of them 0", mistakes);
    }
    return;
  }
  if (place.name.empty() || place.name.size() > database_name_bytes_max) {
    add_bad_name(place, "one to 63 bytes", mistakes);
  } else if (std::any_of(place.name.begin(), place.name.end(), [](char c) { return c >= 0 && c < ' '; })) {
    add_bad_name(place, "no line breaks or tabs", mistakes);
  } else if (place.name.starts_with("sqlite_") || place.name.starts_with("portico_")) {
    add_bad_name(place, "names that begin with 'sqlite_' or 'portico_' are taken", mistakes);
  }
}

void check_schema(const NamedPlace& place, Maker maker, MistakeList& mistakes) {
  constexpr std::size_t suffix_bytes = std::string_view("_sandbox").size();
  const bool is_ours = maker == Maker::Portico;
  if (is_ours && place.name.size() + suffix_bytes > database_name_bytes_max) {
    add_bad_name(place, "one to 55 bytes: NAME_sandbox is a schema too", mistakes);
  } else if (is_ours && (place.name.starts_with("pg_") || place.name == "information_schema")) {
    add_bad_name(place, "PostgreSQL keeps its own tables there", mistakes);
  } else {
    check_database_name(place, maker, mistakes);
  }
}

void check_vendor(const NamedPlace& place, MistakeList& mistakes) {
  if (!is_name(place.name, ".-")) {
    add_bad_name(place, "lower-case letters, digits and single '.' or '-' between them, a letter first", mistakes);
    return;
  }
  for (std::string_view rest = place.name; !rest.empty();) {
    const std::string_view part = rest.substr(0, rest.find('.'));
    if (part == "sandbox" || is_version_like(part)) {
      add_bad_name(place, "no part of it may read as a mode or a version: " + quoted(part), mistakes);
      return;
    }
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
  }
}

}  // namespace portico::model
