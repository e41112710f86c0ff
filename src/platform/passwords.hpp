#pragma once

#include <string>
#include <string_view>

namespace portico::platform {

/// What is kept of a password: argon2id with a salt of its own, as libsodium writes it. Takes some 50 ms of one core
/// and 64 MiB (OWASP asks for 19 MiB and two passes at least). Throws std::bad_alloc where there is no such memory.
[[nodiscard]] std::string hash_of_password(std::string_view password);

/// Whether it is that password's. Takes as long for every password, and for a hash that is empty (nobody's: then it
/// is not).
[[nodiscard]] bool is_password(std::string_view password, const std::string& hash);

}  // namespace portico::platform
