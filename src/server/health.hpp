#pragma once

#include <string_view>

#include "base/result.hpp"
#include "http/request.hpp"
#include "http/response.hpp"

namespace portico::server {

/// Where a load balancer asks whether requests sent here would be answered. No key, no version, always JSON; see
/// Publication::has_health_page.
inline constexpr std::string_view health_path = "/health";

/// Whether a path is that page's; duplicate slashes count as one, a trailing slash is accepted (P6).
[[nodiscard]] bool is_health_path(std::string_view path);

/// What a store says of itself.
struct Health {
  base::Status reading;
  base::Status changing;
};

/// 200 `{"status": "ok"}`, or 503 with the reason and Retry-After; 405 for anything but GET and HEAD, and what is
/// allowed for OPTIONS. Where only changes would fail it is 200 `degraded`: who reads must not lose every server at
/// once to a full disk that all of them share.
void represent_health(http::Method method, const Health& health, http::Response& response);

}  // namespace portico::server
