
#include <algorithm>
#include <iostream>
#include <optional>

#include "app/cli/commands.hpp"
#include "app/cli/description.hpp"
#include "app/misuse.hpp"
#include "base/text.hpp"
#include "reference/openapi.hpp"
#include "reference/postman.hpp"

namespace portico::app {
namespace {

/// Where a server is whose description says nothing, as `serve` starts it. A collection is in no place of its own.
constexpr std::string_view usual_url = "http://localhost:8080";

const model::Surface* find_surface(const model::Api& api, const std::string& name) {
  if (name.empty()) return &api.surfaces.front();
  const auto found = std::find_if(api.surfaces.begin(), api.surfaces.end(),
                                  [&name](const model::Surface& surface) { return surface.name == name; });
  return found == api.surfaces.end() ? nullptr : &*found;
}

std::string names_of_apis(const model::Api& api) {
  std::vector<std::string> names;
  for (const model::Surface& surface : api.surfaces) names.push_back(surface.name);
  return base::enumerated(names);
}

std::string names_of_versions(const model::Api& api) {
  std::vector<std::string> names;
  for (const int version : api.versions) names.push_back(std::to_string(version));
  return base::enumerated(names);
}

}  // namespace

ExitCode write_reference(const ReferenceOptions& options) {
  const std::shared_ptr<const model::Api> api = load_description(options.description);
  const model::Surface* surface = find_surface(*api, options.api);
  if (surface == nullptr) throw MisuseError("--api " + options.api + ": there is " + names_of_apis(*api));
  const int version = options.version.value_or(api->latest_version());
  if (std::find(api->versions.begin(), api->versions.end(), version) == api->versions.end()) {
    throw MisuseError("--version " + std::to_string(version) + ": there is " + names_of_versions(*api));
  }
  std::string public_url = options.public_url.empty() ? api->public_url : options.public_url;
  while (public_url.ends_with('/')) public_url.pop_back();
  const reference::Edition edition{.api = *api, .surface = *surface, .version = version};
  if (options.form == ReferenceForm::Openapi) {
    std::cout << reference::openapi(edition, public_url) << '\n';
  } else {
    std::cout << reference::postman(edition, public_url.empty() ? usual_url : public_url) << '\n';
  }
  return ExitCode::Done;
}

}  // namespace portico::app
