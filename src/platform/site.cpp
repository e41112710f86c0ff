#include "platform/site.hpp"

#include <algorithm>

#include "base/web_address.hpp"

namespace portico::platform {
namespace {

constexpr std::string_view scheme_end = "://";

/// What stands before the authority's end: `https://example.com/portico` gives `https://example.com`.
std::string_view origin_in(std::string_view url) {
  const std::size_t authority = url.find(scheme_end);
  if (authority == std::string_view::npos) return url;
  return url.substr(0, url.find('/', authority + scheme_end.size()));
}

std::string_view scheme_of(std::string_view origin) {
  return origin.substr(0, origin.find(scheme_end));
}

/// `:8080`, or nothing; the colons within an IPv6 address are none.
std::string_view port_of(std::string_view origin) {
  const std::size_t colon = origin.rfind(':');
  const std::size_t bracket = origin.rfind(']');
  if (colon == std::string_view::npos || (bracket != std::string_view::npos && bracket > colon)) return {};
  const std::string_view port = origin.substr(colon);
  return port.size() > 1 && port.find('/') == std::string_view::npos ? port : std::string_view{};
}

std::string_view prefix_of(VersionStatus status) {
  switch (status) {
    case VersionStatus::Development:
      return "dev--";
    case VersionStatus::Revision:
      return "rev--";
    case VersionStatus::Production:
    case VersionStatus::Denied:
    case VersionStatus::Down:
      break;
  }
  return {};
}

}  // namespace

std::shared_ptr<const Site> make_site(std::shared_ptr<const model::Api> api, std::string_view public_url) {
  server::TrustedProxies proxies(api->trusted_proxies);
  std::vector<model::ExtensionScope> scopes = model::scopes_of(*api);
  std::string url = public_url.empty() ? api->public_url : std::string(public_url);
  return std::make_shared<const Site>(Site{.api = std::move(api),
                                           .public_url = std::move(url),
                                           .proxies = std::move(proxies),
                                           .scopes = std::move(scopes)});
}

RegistryRules registry_rules(const Site& site) {
  const model::ExtensionRules& rules = *site.api->extensions;
  RegistryRules made{.scopes = {},
                     .run_token = rules.run_token,
                     .test_token = rules.test_token,
                     .session = rules.session,
                     .limits = site.api->limits};
  for (const model::ExtensionScope& scope : site.scopes) made.scopes.push_back(scope.name);
  return made;
}

std::string console_origin(const Site& site, const http::Request& request) {
  return std::string(origin_in(server::origin_of(site.public_url, site.proxies, request)));
}

std::string extension_host(const Site& site, std::string_view console) {
  return site.api->extensions->host + std::string(port_of(console));
}

std::string extension_origin(const Site& site, std::string_view console, const ExtensionPlace& place) {
  return std::string(scheme_of(console)) + std::string(scheme_end) + std::string(prefix_of(place.status)) +
         std::string(place.name) + '.' + extension_host(site, console);
}

std::optional<std::string> example_url(const Site& site, std::string_view console, const Version& version) {
  const model::Surface& surface = *site.api->extension_surface();
  std::string url(console);
  if (surface.base != "/") url += surface.base;
  for (const auto& resource : site.api->resources) {
    const bool is_list = (resource->operations & model::operation_bit(model::OperationKind::List)) != 0;
    const bool is_plain = resource->parents.empty() && !resource->is_object_path();
    const std::string scope = resource->name + ":read";
    const bool may = std::binary_search(version.scopes.begin(), version.scopes.end(), scope);
    if (!is_list || !is_plain || !may) continue;
    for (const model::PathStep& step : resource->path) url += "/" + step.text;
    return url;
  }
  return std::nullopt;
}

bool same_origin(std::string_view a, std::string_view b) {
  const auto first = base::parse_web_address(a);
  const auto second = base::parse_web_address(b);
  return first && second && first->target == "/" && second->target == "/" && first->is_secure == second->is_secure &&
         first->host == second->host && first->port == second->port;
}

}  // namespace portico::platform
