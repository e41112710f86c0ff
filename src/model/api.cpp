#include "model/api.hpp"

#include <algorithm>
#include <stdexcept>

namespace portico::model {

std::string_view name_of(Mode mode) {
  switch (mode) {
    case Mode::Production:
      return "production";
    case Mode::Sandbox:
      return "sandbox";
  }
  throw std::logic_error("a mode outside the enum");
}

const Resource* Api::find_resource(std::string_view name) const {
  const auto found = std::find_if(resources.begin(), resources.end(),
                                  [name](const auto& resource) { return resource->name == name; });
  return found == resources.end() ? nullptr : found->get();
}

bool Api::has_webhooks() const {
  return std::any_of(resources.begin(), resources.end(),
                     [](const auto& resource) { return !resource->webhooks.empty(); });
}

bool Api::is_for_extensions(const Surface& surface) const {
  return extensions.has_value() && surface.dialect == DialectKind::CodeEnvelope;
}

const Surface* Api::extension_surface() const {
  const auto found = std::find_if(surfaces.begin(), surfaces.end(),
                                  [this](const Surface& surface) { return is_for_extensions(surface); });
  return found == surfaces.end() ? nullptr : &*found;
}

const View& Api::view(const Resource& resource, int version) const {
  // Versions have no gaps, so the first one is all it takes.
  return resource.views.at(static_cast<std::size_t>(version - versions.front()));
}

}  // namespace portico::model
