#pragma once

#include <string_view>

#include "base/result.hpp"
#include "http/request.hpp"
#include "http/response.hpp"

namespace portico::server {

/// Where a load balancer asks whether requests sent here would be answered. No key, no version, always JSON; see
/// Publication::has_health_page.
inline constexpr std::string_view health_path = "/health";

/// 200 `{"status": "ok"}`, or 503 with the reason and Retry-After; 405 for anything but GET and HEAD, and what is
/// allowed for OPTIONS.
void represent_health(http::Method method, const base::Status& health, http::Response& response);

}  // namespace portico::server
