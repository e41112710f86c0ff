#include "platform/origin_headers.hpp"

#include <algorithm>
#include <array>

namespace portico::platform {
namespace {

/// Features that browsers know (Permissions Policy's registry, and Chromium's own).
constexpr auto features = std::to_array<std::string_view>({"accelerometer",
                                                           "autoplay",
                                                           "bluetooth",
                                                           "browsing-topics",
                                                           "camera",
                                                           "clipboard-read",
                                                           "clipboard-write",
                                                           "compute-pressure",
                                                           "cross-origin-isolated",
                                                           "display-capture",
                                                           "encrypted-media",
                                                           "fullscreen",
                                                           "gamepad",
                                                           "geolocation",
                                                           "gyroscope",
                                                           "hid",
                                                           "identity-credentials-get",
                                                           "idle-detection",
                                                           "interest-cohort",
                                                           "keyboard-map",
                                                           "local-fonts",
                                                           "magnetometer",
                                                           "microphone",
                                                           "midi",
                                                           "otp-credentials",
                                                           "payment",
                                                           "picture-in-picture",
                                                           "publickey-credentials-create",
                                                           "publickey-credentials-get",
                                                           "screen-wake-lock",
                                                           "serial",
                                                           "speaker-selection",
                                                           "storage-access",
                                                           "sync-xhr",
                                                           "unload",
                                                           "usb",
                                                           "web-share",
                                                           "window-management",
                                                           "xr-spatial-tracking"});

/// `https://*.example.com` too: a star for what stands before a host, and nowhere else.
bool is_source(std::string_view host) {
  constexpr std::string_view any_below = "://*.";
  if (const std::size_t star = host.find(any_below); star != std::string_view::npos) {
    return is_source(host.substr(0, star)) && is_source(host.substr(star + any_below.size()));
  }
  static constexpr std::string_view marks = "-._:/[]";
  return !host.empty() && std::all_of(host.begin(), host.end(), [](char each) {
    return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') || (each >= '0' && each <= '9') ||
           marks.find(each) != std::string_view::npos;
  });
}

std::string sources_of(const std::vector<std::string>& hosts) {
  std::string sources;
  for (const std::string& host : hosts) {
    if (is_source(host)) sources.append(" ").append(host);
  }
  return sources;
}

void add_common_headers(http::Response& response) {
  static const std::string denied = permissions_policy();
  response.add("Permissions-Policy", denied);
  response.head.append(
      "X-Content-Type-Options: nosniff\r\n"
      "Referrer-Policy: no-referrer\r\n"
      "Cross-Origin-Opener-Policy: same-origin\r\n"
      "Cross-Origin-Resource-Policy: same-origin\r\n"
      "Origin-Agent-Cluster: ?1\r\n"
      "X-DNS-Prefetch-Control: off\r\n");
}

}  // namespace

std::string content_security_policy(const PagePolicy& policy) {
  const std::string hosts = sources_of(policy.hosts);
  std::string value = "default-src 'none'; script-src 'self'";
  if (!policy.nonce.empty()) value.append(" 'nonce-").append(policy.nonce).append("'");
  value += "; style-src 'self' 'unsafe-inline'";
  for (const std::string_view loaded : {"img-src", "font-src", "media-src"}) {
    value.append("; ").append(loaded).append(" 'self' data: blob:").append(hosts);
  }
  value += "; connect-src 'self'";
  if (is_source(policy.api_origin)) value.append(" ").append(policy.api_origin);
  value += hosts + "; worker-src 'self'; form-action 'none'; base-uri 'none'; frame-src 'none'; frame-ancestors ";
  value += is_source(policy.console) ? policy.console : std::string_view("'none'");
  return value;
}

std::string permissions_policy(std::string_view allowed) {
  std::string value;
  for (const std::string_view feature : features) {
    value.append(value.empty() ? "" : ", ").append(feature).append(feature == allowed ? "=(self)" : "=()");
  }
  return value;
}

std::string connection_allowlist(const PagePolicy& policy) {
  std::string value = "(response-origin";
  const auto allow = [&value](std::string_view origin) {
    if (is_source(origin)) value.append(" \"").append(origin).append("\"");
  };
  allow(policy.api_origin);
  for (const std::string& host : policy.hosts) allow(host);
  return value + ")";
}

void add_origin_headers(const PagePolicy& policy, http::Response& response) {
  response.add("Content-Security-Policy", content_security_policy(policy));
  response.add("Connection-Allowlist", connection_allowlist(policy));
  add_common_headers(response);
}

void add_own_page_headers(http::Response& response) {
  response.add("Content-Security-Policy",
               "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
               "frame-ancestors http: https:");
  response.add("Connection-Allowlist", "(response-origin)");
  add_common_headers(response);
}

}  // namespace portico::platform
