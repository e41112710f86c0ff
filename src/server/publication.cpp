#include "server/publication.hpp"

#include "contract/negotiate.hpp"

namespace portico::server {

Publication::Publication(std::shared_ptr<const model::Api> api, plan::SqlFlavor flavor, std::string_view public_url)
    : api_(std::move(api)),
      planner_(api_, flavor),
      media_type_header_(contract::media_type_header(*api_)),
      public_url_(public_url.empty() ? api_->public_url : public_url),
      trusted_proxies_(api_->trusted_proxies) {
  while (public_url_.ends_with('/')) public_url_.pop_back();
  for (const auto& resource : api_->resources) {
    for (const model::View& view : resource->views) {
      templates_.emplace(&view, std::array{render::Template::compile(view, contract::Format::Json),
                                           render::Template::compile(view, contract::Format::Xml)});
    }
  }
}

const render::Template& Publication::row_template(const model::View& view, contract::Format format) const {
  return templates_.at(&view)[static_cast<std::size_t>(format)];
}

}  // namespace portico::server
