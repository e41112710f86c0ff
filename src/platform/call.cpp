#include "platform/call.hpp"

#include <limits>

#include "base/text.hpp"

namespace portico::platform {

std::optional<std::string> Call::parameter(std::string_view name) const {
  std::optional<std::string> found;
  for (const operation::Parameter& each : inquiry.query.parameters) {
    if (each.name == name) found = each.value;
  }
  return found;
}

base::Result<int> Call::number(std::size_t argument) const {
  const auto number = base::parse_integer(arguments.at(argument));
  if (!number || *number < 0 || *number > std::numeric_limits<int>::max()) return nothing_there();
  return static_cast<int>(*number);
}

base::Result<Membership> membership_of(const Call& call) {
  for (Membership& each : call.registry().memberships(call.actor())) {
    if (each.account == call.arguments.at(0)) return std::move(each);
  }
  return nothing_there();
}

base::Error nothing_there() {
  return {.code = base::ErrorCode::NotFound, .message = {}};
}

}  // namespace portico::platform
