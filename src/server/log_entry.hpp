#pragma once

#include "access/principal.hpp"
#include "http/server.hpp"
#include "server/request_log.hpp"

namespace portico::server {

/// What the log says of a request whose answer is ready, as far as request, answer and caller tell it. Refers to its
/// arguments.
[[nodiscard]] LogEntry log_entry(http::Exchange& exchange, const access::Principal& principal);

}  // namespace portico::server
