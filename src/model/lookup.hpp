#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <string_view>

namespace portico::model {

/// How a filter compares (contract.md, "Filters"). No lookup in a parameter's name means Exact.
enum class Lookup : std::uint8_t {
  Exact,
  IExact,
  Regex,
  IRegex,
  Contains,
  IContains,
  StartsWith,
  IStartsWith,
  EndsWith,
  IEndsWith,
  In,
  Search,
  Year,
  Month,
  WeekDay,
  Day,
  Hour,
  IsNull,
  Gt,
  Gte,
  Lt,
  Lte,
};

/// The lookups' names on the wire, in the order of the enum.
inline constexpr std::array<std::string_view, 22> lookup_names = {
    "exact",    "iexact",    "regex", "iregex", "contains", "icontains", "startswith", "istartswith",
    "endswith", "iendswith", "in",    "search", "year",     "month",     "week_day",   "day",
    "hour",     "isnull",    "gt",    "gte",    "lt",       "lte"};

[[nodiscard]] constexpr std::string_view name_of(Lookup lookup) {
  return lookup_names[static_cast<std::size_t>(lookup)];
}
[[nodiscard]] std::optional<Lookup> find_lookup(std::string_view name);

/// A set of lookups: what a field allows.
using LookupSet = std::bitset<lookup_names.size()>;

[[nodiscard]] inline bool allows(const LookupSet& set, Lookup lookup) {
  return set.test(static_cast<std::size_t>(lookup));
}

/// The families that a description's `filter:` names: string, date, isnull, range, choices. A single lookup's name
/// stands for itself. Nothing for an unknown name.
[[nodiscard]] std::optional<LookupSet> find_lookup_family(std::string_view name);

}  // namespace portico::model
