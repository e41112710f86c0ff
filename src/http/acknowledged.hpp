#pragma once

#include <cstdint>

namespace portico::http {

/// How many bytes the other end of a connected TCP socket has acknowledged since it was opened; 0 where the system
/// does not say.
[[nodiscard]] std::uint64_t acknowledged_bytes(int descriptor);

}  // namespace portico::http
