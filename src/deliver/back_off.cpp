#include "deliver/back_off.hpp"

#include <algorithm>

namespace portico::deliver {
namespace {

constexpr std::chrono::seconds pause_least{1};
constexpr std::chrono::seconds pause_most{3'600};
constexpr std::int64_t doublings_most = 12;  // 4,096 s are beyond the most already

}  // namespace

std::chrono::microseconds pause_after(std::int64_t tries, double fraction) {
  const std::int64_t doublings = std::clamp<std::int64_t>(tries - 1, 0, doublings_most);
  const std::chrono::seconds whole = std::min(pause_most, pause_least * (std::int64_t{1} << doublings));
  const std::chrono::duration<double, std::micro> part = whole * (0.5 + 0.5 * std::clamp(fraction, 0.0, 1.0));
  return std::chrono::duration_cast<std::chrono::microseconds>(part);
}

}  // namespace portico::deliver
