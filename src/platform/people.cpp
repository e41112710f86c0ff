#include "platform/people.hpp"

#include <algorithm>
#include <array>

#include "base/enum_names.hpp"

namespace portico::platform {
namespace {

constexpr std::array<std::string_view, 2> role_names = {"operator", "developer"};

}  // namespace

std::string_view name_of(Role role) {
  return role_names.at(static_cast<std::size_t>(role));
}

std::optional<Role> find_role(std::string_view name) {
  return base::find_name<Role>(role_names, name);
}

bool User::has(Role role) const {
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

}  // namespace portico::platform
