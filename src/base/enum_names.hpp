#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace portico::base {

/// The enumerator of that name, where `names` are those of all, in their order.
template <typename Enum, std::size_t count>
[[nodiscard]] std::optional<Enum> find_name(const std::array<std::string_view, count>& names, std::string_view name) {
  const auto* const found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

}  // namespace portico::base
