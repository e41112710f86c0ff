#include "platform/people.hpp"

#include <algorithm>
#include <array>

namespace portico::platform {
namespace {

constexpr std::array<std::string_view, 2> role_names = {"operator", "developer"};

}  // namespace

std::string_view name_of(Role role) {
  return role_names.at(static_cast<std::size_t>(role));
}

std::optional<Role> find_role(std::string_view name) {
  const auto* const found = std::find(role_names.begin(), role_names.end(), name);
  if (found == role_names.end()) return std::nullopt;
  return static_cast<Role>(found - role_names.begin());
}

bool User::has(Role role) const {
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

}  // namespace portico::platform
