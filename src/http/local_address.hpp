#pragma once

#include <string>

namespace portico::http {

/// This end of a connected TCP socket, as it stands in URLs: `127.0.0.1:8080`, `[::1]:8080`, and IPv4 too where an
/// IPv6 socket took the connection. Empty where the system does not say.
[[nodiscard]] std::string local_address(int descriptor);

}  // namespace portico::http
