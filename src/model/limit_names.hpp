#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

#include "base/limits.hpp"

namespace portico::model {

/// One row of `limits:`: the member of base::Limits that a name stands for. Durations are whole seconds.
struct LimitName {
  std::string_view name;
  std::variant<std::size_t base::Limits::*, std::int64_t base::Limits::*, std::chrono::seconds base::Limits::*>
      member;
  std::int64_t max;  ///< more would be no limit, or more than the stores can take
};

/// A row for every member of base::Limits.
[[nodiscard]] std::span<const LimitName> limit_names();

/// The member's value in `limits`.
[[nodiscard]] std::int64_t limit_value(const base::Limits& limits, const LimitName& limit);
void set_limit(base::Limits& limits, const LimitName& limit, std::int64_t value);

}  // namespace portico::model
