#include "platform/extension.hpp"

#include <algorithm>
#include <array>

#include "base/enum_names.hpp"

namespace portico::platform {
namespace {

constexpr std::array<std::string_view, 5> status_names = {"development", "revision", "production", "denied", "down"};
constexpr std::array<std::string_view, 5> transition_names = {"submit", "publish", "return", "deny", "down"};

}  // namespace

std::string_view name_of(VersionStatus status) {
  return status_names.at(static_cast<std::size_t>(status));
}

std::optional<VersionStatus> find_status(std::string_view name) {
  return base::find_name<VersionStatus>(status_names, name);
}

std::string_view name_of(Transition transition) {
  return transition_names.at(static_cast<std::size_t>(transition));
}

std::optional<Transition> find_transition(std::string_view name) {
  return base::find_name<Transition>(transition_names, name);
}

bool covers(const Authorisation& authorisation, const Version& version) {
  return std::includes(authorisation.scopes.begin(), authorisation.scopes.end(), version.scopes.begin(),
                       version.scopes.end()) &&
         std::includes(authorisation.hosts.begin(), authorisation.hosts.end(), version.hosts.begin(),
                       version.hosts.end());
}

bool admits(const Authorisation& authorisation, const Version& version) {
  const bool carries_over =
      version.status == VersionStatus::Production && authorisation.version_number <= version.number;
  return (authorisation.version == version.id || carries_over) && covers(authorisation, version);
}

}  // namespace portico::platform
