#pragma once

#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/time.hpp"
#include "model/api.hpp"

namespace portico::access {

/// That nothing is served for a while. Lasts until it is ended, not until `until`.
struct Maintenance {
  std::string message;                           ///< for clients
  std::optional<base::Microseconds> until = {};  ///< when it is expected to end
  base::Microseconds since = 0;
  bool operator==(const Maintenance&) const = default;
};

/// Of each mode, if there is any.
struct MaintenanceState {
  std::optional<Maintenance> production;
  std::optional<Maintenance> sandbox;
  [[nodiscard]] const std::optional<Maintenance>& of(model::Mode mode) const {
    return mode == model::Mode::Sandbox ? sandbox : production;
  }
  [[nodiscard]] std::optional<Maintenance>& of(model::Mode mode) {
    return mode == model::Mode::Sandbox ? sandbox : production;
  }
  bool operator==(const MaintenanceState&) const = default;
};

/// What a request is refused with meanwhile: Unavailable, with the time that is left, or else a minute.
[[nodiscard]] base::Error refusal_of(const Maintenance& maintenance, base::Microseconds now);

}  // namespace portico::access
