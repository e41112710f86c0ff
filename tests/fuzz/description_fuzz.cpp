// Descriptions: any text gives an Api or at least one mistake, in order, inside of the text.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "model/load_yaml.hpp"

namespace {

using portico::model::Api;
using portico::model::Mistake;
using portico::model::Mistakes;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_mistakes(const Mistakes& mistakes) {
  require(!mistakes.empty());
  std::size_t line = 1;
  for (const Mistake& mistake : mistakes) {
    require(mistake.position.line >= line && mistake.position.column >= 1 && !mistake.message.empty());
    line = mistake.position.line;
  }
}

void check_resource(const Api& api, const portico::model::Resource& resource) {
  require(!resource.key.empty() && !resource.default_order.empty());
  for (const std::size_t leaf : resource.key) require(leaf < resource.leaves.size());
  require(resource.names.empty() == (resource.is_keyless || resource.key.size() > 1));
  for (const auto& leaf : resource.leaves) require(leaf.field->is_leaf() && leaf.join <= resource.joins.size());
  for (const int version : api.versions) {
    const auto& view = api.view(resource, version);
    require(view.resource == &resource && view.version == version);
    require(view.paths.size() == view.leaves.size());
  }
}

void check_api(const Api& api) {
  require(!api.versions.empty() && !api.surfaces.empty());
  require(api.accounts == nullptr || (!api.accounts->owner_column.empty() && api.accounts->key.size() == 1));
  for (const auto& resource : api.resources) check_resource(api, *resource);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);  // the fuzzer's bytes are characters
  const auto loaded = portico::model::load_yaml(text);
  if (const auto* mistakes = std::get_if<Mistakes>(&loaded)) {
    check_mistakes(*mistakes);
  } else {
    check_api(*std::get<std::shared_ptr<const Api>>(loaded));
  }
  return 0;
}
