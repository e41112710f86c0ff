#include "access/maintenance.hpp"

#include <chrono>

#include "base/calendar.hpp"

namespace portico::access {
namespace {

/// Where no end is foreseen, or it was put off without a word.
constexpr std::chrono::seconds usual_wait{60};

}  // namespace

base::Error refusal_of(const Maintenance& maintenance, base::Microseconds now) {
  const base::Microseconds left = maintenance.until.value_or(now) - now;
  return {.code = base::ErrorCode::Unavailable,
          .message = maintenance.message,
          .detail = "maintenance",
          .retry_after = left <= 0 ? usual_wait.count()
                                   : (left + base::microseconds_per_second - 1) / base::microseconds_per_second};
}

}  // namespace portico::access
