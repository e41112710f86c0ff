#include "model/lookup.hpp"

#include <algorithm>
#include <initializer_list>

namespace portico::model {
namespace {

constexpr LookupSet set_of(std::initializer_list<Lookup> lookups) {
  unsigned long long bits = 0;
  for (const Lookup lookup : lookups) bits |= 1ULL << static_cast<unsigned>(lookup);
  return LookupSet(bits);
}

struct Family {
  std::string_view name;
  LookupSet lookups;
};

// The families of contract.md, "Filters". `isnull` is a family of one, and so is every lookup's own name.
using enum Lookup;
constexpr std::array<Family, 5> families = {{
    {"string", set_of({Exact, IExact, Regex, IRegex, Contains, IContains, StartsWith, IStartsWith, EndsWith,
                       IEndsWith, In, Search})},
    {"date", set_of({Year, Month, WeekDay, Day, Hour})},
    {"isnull", set_of({IsNull})},
    {"range", set_of({Exact, Gt, Gte, Lt, Lte})},
    {"choices", set_of({Exact, In})},
}};

}  // namespace

std::optional<Lookup> find_lookup(std::string_view name) {
  const auto* const found = std::find(lookup_names.begin(), lookup_names.end(), name);
  if (found == lookup_names.end()) return std::nullopt;
  return static_cast<Lookup>(found - lookup_names.begin());
}

std::optional<LookupSet> find_lookup_family(std::string_view name) {
  for (const Family& family : families) {
    if (family.name == name) return family.lookups;
  }
  const std::optional<Lookup> single = find_lookup(name);
  if (!single) return std::nullopt;
  return set_of({*single});
}

}  // namespace portico::model
