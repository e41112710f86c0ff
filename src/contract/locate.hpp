#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/api.hpp"

namespace portico::contract {

/// What is written with leading zeros, `v01`, is no version's name.
inline constexpr int misspelt_version = -1;

/// The number of a version, of up to five digits, or misspelt_version; nothing where it is none.
[[nodiscard]] std::optional<int> parse_version(std::string_view digits);

/// Where in the API a path points, before anything is known of resources.
struct Location {
  const model::Surface* surface = nullptr;
  std::optional<int> url_version;     ///< of `/vN/…`, whether the API has that version or not
  std::vector<std::string> segments;  ///< what follows, percent-decoded; `/orders/a%2Fb/` gives {"orders", "a/b"}
};

/// Finds the surface by its base path and takes the version off. Duplicate slashes count as one, a trailing slash is
/// accepted (P6). MalformedRequest: a bad percent-encoding, or bytes that are not UTF-8.
[[nodiscard]] base::Result<Location> locate(const model::Api& api, std::string_view path);

/// Where a path that locate() refuses would lead, as far as it can be read, for the form of the refusal: surface and
/// version, no segments. Where no surface has it, the first.
[[nodiscard]] Location locate_refused(const model::Api& api, std::string_view path);

}  // namespace portico::contract
