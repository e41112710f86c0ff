#pragma once

#include <string>
#include <string_view>

namespace portico::platform {

/// 256 random bits in 64 hex digits, for whom it is shown to once.
[[nodiscard]] std::string new_secret();

/// What is kept of it: BLAKE2b-256, in hex.
[[nodiscard]] std::string hash_of(std::string_view secret);

}  // namespace portico::platform
