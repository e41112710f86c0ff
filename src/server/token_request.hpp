#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "access/key.hpp"
#include "base/limits.hpp"
#include "http/request.hpp"

namespace portico::server {

/// What a client wants of the token endpoint (RFC 6749 §4.4.2).
struct TokenRequest {
  std::string client_id;      ///< a key's public part
  std::string client_secret;  ///< the key's text
  access::Scope scope = access::Scope::Everything;
};

/// Why it gets no token: `error` as RFC 6749 §5.2 has it.
struct TokenRefusal {
  int status = 400;
  std::string_view error;
  std::string description;
  std::int64_t retry_after = 0;  ///< seconds; 0: nothing is said of it
};

/// Reads a request to the token endpoint: a form, with the client's credentials in it or in `Authorization: Basic`,
/// but not in both (§2.3). Parameters without a value are none; unknown ones are passed over (§3.2).
[[nodiscard]] std::variant<TokenRequest, TokenRefusal> read_token_request(const http::Request& request,
                                                                          const base::Limits& limits);

}  // namespace portico::server
