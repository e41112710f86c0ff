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

void check_api(const Api& api) {
  require(!api.versions.empty() && !api.surfaces.empty() && api.accounts != nullptr);
  for (const auto& resource : api.resources) {
    require(!resource->owner_column.empty() && resource->key < resource->leaves.size());
    require(!resource->names.empty() && !resource->default_order.empty());
    for (const int version : api.versions) {
      const auto& view = api.view(*resource, version);
      require(view.resource == resource.get() && view.version == version);
      require(view.paths.size() == view.leaves.size());
    }
  }
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
