#pragma once

#include <chrono>
#include <cstdint>

namespace portico::deliver {

/// How long to wait after so many tries (from 1) that failed: a second, doubled each time, up to an hour; of that a
/// random part between the half and the whole, so that what failed together does not come back together. `fraction`:
/// 0 the half, 1 the whole.
[[nodiscard]] std::chrono::microseconds pause_after(std::int64_t tries, double fraction);

}  // namespace portico::deliver
