#pragma once

#include <optional>
#include <span>
#include <string>

#include "platform/extension.hpp"
#include "platform/people.hpp"

namespace portico::platform {

/// Who may.
enum class Mover : std::uint8_t { Developer, Operator, Either };
enum class Reason : std::uint8_t { Optional, Needed };

/// One way of a version from one status to another.
struct LifeStep {
  Transition transition;
  VersionStatus from;
  VersionStatus to;
  Mover who;
  Reason reason;
};

/// All there are; each transition once.
[[nodiscard]] std::span<const LifeStep> life_cycle();
[[nodiscard]] const LifeStep& step_of(Transition transition);

/// Whether the user is one who may take that step with the extension.
[[nodiscard]] bool may_take(const LifeStep& step, const User& user, const Extension& extension);

/// Where a version stands, behind `is` or `not`: `in development`, `in production`, `denied`.
[[nodiscard]] std::string standing_of(VersionStatus status);

/// Who may run a version that stands so, and let it act for an account of theirs. Nobody: it does not run.
enum class Runner : std::uint8_t { Anybody, Developer, Operator, Nobody };
[[nodiscard]] Runner runner_of(VersionStatus status);

}  // namespace portico::platform
