#pragma once

#include <chrono>

#include "access/maintenance.hpp"
#include "base/result.hpp"
#include "store/key_registry.hpp"

namespace portico::store {

/// What a registry in the process says of maintenance, looked at four times a second at most.
class MaintenanceLook {
 public:
  /// As it was a quarter of a second ago at most. Where it cannot be read, as it was: who needs the registry's keys
  /// learns of that.
  [[nodiscard]] const access::MaintenanceState& at(const KeyRegistry& registry) {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_look_) return state_;
    next_look_ = now + between_looks;
    try {
      state_ = registry.maintenance();
    } catch (const std::exception&) {  // of the file, or no memory
    }
    return state_;
  }

 private:
  static constexpr std::chrono::milliseconds between_looks{250};
  std::chrono::steady_clock::time_point next_look_ = {};
  access::MaintenanceState state_;
};

}  // namespace portico::store
