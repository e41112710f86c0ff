#include "platform/life_cycle.hpp"

#include <array>
#include <stdexcept>

namespace portico::platform {
namespace {

using S = VersionStatus;
constexpr auto steps = std::to_array<LifeStep>({
    {Transition::Submit, S::Development, S::Revision, Mover::Developer, Reason::Optional},
    {Transition::Publish, S::Revision, S::Production, Mover::Operator, Reason::Optional},
    {Transition::Return, S::Revision, S::Development, Mover::Operator, Reason::Needed},
    {Transition::Deny, S::Revision, S::Denied, Mover::Operator, Reason::Needed},
    {Transition::Down, S::Production, S::Down, Mover::Either, Reason::Needed},
});

}  // namespace

std::span<const LifeStep> life_cycle() {
  return steps;
}

const LifeStep& step_of(Transition transition) {
  for (const LifeStep& step : steps) {
    if (step.transition == transition) return step;
  }
  throw std::logic_error("a transition without a step");
}

bool may_take(const LifeStep& step, const User& user, const Extension& extension) {
  const bool is_developer = extension.owner == user.id;
  const bool is_operator = user.has(Role::Operator);
  switch (step.who) {
    case Mover::Developer:
      return is_developer;
    case Mover::Operator:
      return is_operator;
    case Mover::Either:
      return is_developer || is_operator;
  }
  return false;
}

std::string standing_of(VersionStatus status) {
  const std::string name(name_of(status));
  const bool is_place = status != VersionStatus::Denied && status != VersionStatus::Down;
  return is_place ? "in " + name : name;
}

Runner runner_of(VersionStatus status) {
  switch (status) {
    case VersionStatus::Development:
      return Runner::Developer;
    case VersionStatus::Revision:
      return Runner::Operator;
    case VersionStatus::Production:
      return Runner::Anybody;
    case VersionStatus::Denied:
    case VersionStatus::Down:
      return Runner::Nobody;
  }
  return Runner::Nobody;
}

}  // namespace portico::platform
