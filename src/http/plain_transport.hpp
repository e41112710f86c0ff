#pragma once

#include <memory>

#include "http/asio.hpp"
#include "http/transport.hpp"

namespace portico::http {

/// Over TCP as it is.
[[nodiscard]] std::shared_ptr<Transport> make_plain_transport(Socket socket);

}  // namespace portico::http
