#pragma once

#include <cstddef>

#include "http/request.hpp"
#include "model/api.hpp"

namespace portico::server {

/// How long the body of a request with that head may be: Limits::body_bytes, and what a file may have where the
/// request puts one (Field::max_bytes). Knows the path alone; who asks is found out when the body has come.
[[nodiscard]] std::size_t body_bytes_max(const model::Api& api, const http::Request& request);

}  // namespace portico::server
