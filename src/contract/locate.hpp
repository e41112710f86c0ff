#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/api.hpp"

namespace portico::contract {

/// Where in the API a path points, before anything is known of resources.
struct Location {
  const model::Surface* surface = nullptr;
  std::optional<int> url_version;     ///< of `/vN/…`, whether the API has that version or not
  std::vector<std::string> segments;  ///< what follows, percent-decoded; `/orders/a%2Fb/` gives {"orders", "a/b"}
};

/// Finds the surface by its base path and takes the version off. Duplicate slashes count as one, a trailing slash is
/// accepted (P6). MalformedRequest: a bad percent-encoding, or bytes that are not UTF-8.
[[nodiscard]] base::Result<Location> locate(const model::Api& api, std::string_view path);

}  // namespace portico::contract
