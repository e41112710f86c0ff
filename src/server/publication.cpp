#include "server/publication.hpp"

#include <algorithm>

#include "contract/negotiate.hpp"
#include "model/scope.hpp"
#include "server/health.hpp"

namespace portico::server {
namespace {

/// Whether `/health` is the description's own.
bool takes_health_path(const model::Api& api) {
  const bool is_computed = std::any_of(api.computed.begin(), api.computed.end(),
                                       [](const auto& resource) { return resource->name == health_path.substr(1); });
  return std::any_of(api.surfaces.begin(), api.surfaces.end(), [&](const model::Surface& surface) {
    return surface.base == health_path ||
           (surface.base == "/" && (api.find_resource(health_path.substr(1)) != nullptr || is_computed));
  });
}

/// Without slashes at its end.
std::string chosen_url(const model::Api& api, std::string_view public_url) {
  std::string url(public_url.empty() ? api.public_url : public_url);
  while (url.ends_with('/')) url.pop_back();
  return url;
}

}  // namespace

Publication::Publication(std::shared_ptr<const model::Api> api, plan::SqlFlavor flavor, std::string_view public_url)
    : api_(std::move(api)),
      planner_(api_, flavor),
      media_type_header_(contract::media_type_header(*api_)),
      public_url_(chosen_url(*api_, public_url)),
      references_(*api_, public_url_),
      trusted_proxies_(api_->trusted_proxies),
      has_health_page_(!takes_health_path(*api_)) {
  for (model::ExtensionScope& scope : model::scopes_of(*api_)) scope_names_.push_back(std::move(scope.name));
  for (const auto& resource : api_->resources) {
    add_templates(resource->views);
    if (resource->summary) add_templates(resource->summary->shape->views);
  }
}

void Publication::add_templates(const std::vector<model::View>& views) {
  for (const model::View& view : views) {
    templates_.emplace(&view, std::array{render::Template::compile(view, contract::Format::Json),
                                         render::Template::compile(view, contract::Format::Xml)});
  }
}

const render::Template& Publication::row_template(const model::View& view, contract::Format format) const {
  return templates_.at(&view)[static_cast<std::size_t>(format)];
}

}  // namespace portico::server
