#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "platform/extension_host.hpp"
#include "platform/registry.hpp"

namespace portico::platform {

/// A request for something on an extension's origin, and what answering goes by; all that a worker needs of it.
struct OriginRequest {
  Place place;
  http::Method method = http::Method::Get;
  std::string path;                ///< percent-encoded, as sent
  std::string query;               ///< the same
  std::string if_none_match;       ///< all fields of that name; empty: none
  bool is_service_worker = false;  ///< it would be one's script (Service Workers, 4.4.2): `Service-Worker: script`
  std::string public_url;  ///< where the API is reached, as far as the surface's own path; empty: at the console's
  std::string api_base;    ///< the extension surface's path: `/api`
  base::Microseconds now = 0;
};

/// Where answers come from: the registry's functions of the same names.
struct OriginSource {
  std::function<std::optional<Version>(std::string_view name, VersionStatus)> served_version;
  std::function<std::optional<Registry::ServedFile>(const Version&, std::string_view path)> served_file;
  std::function<std::optional<BegunRun>(std::string_view ticket, std::string_view name, VersionStatus)> begin_run;
  std::function<std::string(std::string_view account)> account_name;  ///< empty: it has none
};

/// The answer: a file of the commit that runs, as it is; for GET of `/?run=TICKET` with a good ticket, which is good
/// once, index.html with the first script in front of all others; a page that says why not for all else. Nothing but
/// files is there: neither the API nor the developer space. No file becomes a service worker: it would outlive its
/// version, and see the tickets and tokens of those that follow.
[[nodiscard]] http::Response answer_origin(const OriginRequest& request, const OriginSource& source);

}  // namespace portico::platform
