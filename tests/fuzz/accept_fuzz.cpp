// Accept: whatever it says, negotiation gives a contract that the API has, or an error that lists what there is.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "contract/negotiate.hpp"
#include "shipped_api.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace portico;
  const model::Api& api = fuzz::shipped_api();
  contract::Location location{.surface = &api.surfaces.front()};
  if (size > 0 && data[0] < 8) location.url_version = data[0];
  const std::string_view accept(reinterpret_cast<const char*>(data), size);
  const auto agreed = contract::negotiate(api, location, accept);
  if (agreed) {
    bool known = false;
    for (const int version : api.versions) known = known || version == agreed->version;
    if (!known || (location.url_version && agreed->version != *location.url_version)) std::abort();
  } else if (agreed.error().code != base::ErrorCode::NotAcceptable || agreed.error().alternatives.empty()) {
    std::abort();
  }
  return 0;
}
