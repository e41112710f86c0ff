#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/request.hpp"
#include "model/api.hpp"
#include "model/scope.hpp"
#include "platform/extension.hpp"
#include "platform/registry.hpp"
#include "server/links.hpp"

namespace portico::platform {

/// Where all that is ours lies, beside the extensions' own origins: pages, and below them the developer space's API.
inline constexpr std::string_view console_path = "/developers";
inline constexpr std::string_view space_path = "/developers/api";

/// What the programme for extensions goes by; made once for each description that is read. Immutable; shared by all
/// threads. Precondition: Api::extensions.
struct Site {
  std::shared_ptr<const model::Api> api;
  std::string public_url;  ///< of the command line, else the description's; empty: from the request (P12)
  server::TrustedProxies proxies;
  std::vector<model::ExtensionScope> scopes;  ///< all that there are
};
/// `public_url`: in place of the description's, unless empty. Precondition: Api::extensions.
[[nodiscard]] std::shared_ptr<const Site> make_site(std::shared_ptr<const model::Api> api,
                                                    std::string_view public_url);

/// What of it the registry goes by.
[[nodiscard]] RegistryRules registry_rules(const Site& site);

/// The origin that the developer space is reached at, `http://localhost:8080`: scheme and authority, no path.
[[nodiscard]] std::string console_origin(const Site& site, const http::Request& request);

/// The part that all extensions' hosts end with, and the port that they share with the console where it names one:
/// `ext.localhost:8080`. `console`: see console_origin.
[[nodiscard]] std::string extension_host(const Site& site, std::string_view console);

/// Where an extension's version that stands so is served.
struct ExtensionPlace {
  std::string_view name;
  VersionStatus status = VersionStatus::Production;
};
/// `http://plot.ext.localhost:8080`, `http://dev--plot.…`, `http://rev--plot.…`. Nothing is served of versions that
/// are denied or down; what is said of them is production's.
[[nodiscard]] std::string extension_origin(const Site& site, std::string_view console, const ExtensionPlace& place);

/// A list that the version may read, for a first call; nothing where it asks for none.
[[nodiscard]] std::optional<std::string> example_url(const Site& site, std::string_view console,
                                                     const Version& version);

/// Whether two origins are the same (RFC 6454 §5): `HTTP://Localhost:80` and `http://localhost` are. What is no
/// origin is none's: `null`.
[[nodiscard]] bool same_origin(std::string_view a, std::string_view b);

}  // namespace portico::platform
