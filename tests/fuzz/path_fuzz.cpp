// Paths: located and matched without a fault; what is found is one of the resources, and segments are never empty.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "contract/locate.hpp"
#include "operation/parse_operation.hpp"
#include "shipped_api.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace portico;
  const model::Api& api = fuzz::shipped_api();
  const auto location = contract::locate(api, std::string_view(reinterpret_cast<const char*>(data), size));
  if (!location) return 0;
  if (location->surface == nullptr) std::abort();
  for (const std::string& segment : location->segments) {
    if (segment.empty()) std::abort();
  }
  const auto target = operation::find_target(api, *location);
  if (target && (target->resource == nullptr || operation::allowed_methods(*target).empty())) std::abort();
  return 0;
}
