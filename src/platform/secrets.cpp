#include "platform/secrets.hpp"

#include "access/key.hpp"
#include "base/ids.hpp"

namespace portico::platform {

std::string new_secret() {
  return base::make_id() + base::make_id();
}

std::string hash_of(std::string_view secret) {
  return base::to_hex(access::hash_of_secret(secret));
}

}  // namespace portico::platform
