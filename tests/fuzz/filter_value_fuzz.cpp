// Filter values: every lookup on every leaf takes any text, and gives typed values or a sentence that says what is
// wrong.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.hpp"
#include "plan/bind_value.hpp"
#include "shipped_api.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace portico;
  const model::Api& api = fuzz::shipped_api();
  if (size < 3) return 0;
  const auto& leaves = api.resources[data[0] % api.resources.size()]->leaves;
  const model::Leaf& leaf = leaves[data[1] % leaves.size()];
  const auto lookup = static_cast<model::Lookup>(data[2] % model::lookup_names.size());
  const std::string_view text(reinterpret_cast<const char*>(data) + 3, size - 3);
  if (!model::allows(leaf.field->lookups, lookup) || !base::is_utf8(text)) return 0;
  const auto typed = plan::bind_value(*leaf.field, lookup, text, {api.time_zone, api.limits});
  if (const auto* problem = std::get_if<std::string>(&typed)) {
    if (problem->empty()) std::abort();
  } else if (std::get<0>(typed).empty()) {
    std::abort();
  }
  return 0;
}
