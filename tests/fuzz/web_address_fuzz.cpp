// URLs that messages are sent to: what is understood cannot break out of a request line, and means the same again.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/web_address.hpp"

namespace {

namespace base = portico::base;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto address = base::parse_web_address(std::string(data, data + size));
  if (!address) return 0;
  require(address->port > 0 && !address->host.empty());
  require(address->target.starts_with('/'));
  const std::string line = address->target + address->host_field() + address->authority();
  require(std::all_of(line.begin(), line.end(), [](char each) { return each > ' ' && each < '\x7F'; }));
  const std::string written = (address->is_secure ? "https://" : "http://") + address->authority() + address->target;
  const auto again = base::parse_web_address(written);
  if (written.size() > 8'192) return 0;  // letters that are no ASCII have become longer
  require(again.has_value());
  require(again->authority() == address->authority() && again->target == address->target);
  return 0;
}
