#pragma once

#include <string_view>

#include "model/api.hpp"
#include "server/handle_request.hpp"

namespace portico::server {

/// Whether that is the path of the token endpoint, if the description has one. As everywhere duplicate slashes count
/// as one, and a trailing one is accepted (P6).
[[nodiscard]] bool is_token_path(const model::Api& api, std::string_view path);

/// Answers a request to the token endpoint (RFC 6749 §4.4): completes the exchange now, or later on the same loop.
/// Throws nothing. Precondition: Api::oauth.
void issue_token(const Service& service, http::Exchange& exchange);

}  // namespace portico::server
