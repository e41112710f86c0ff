#pragma once

#include <string>

#include "contract/contract.hpp"
#include "contract/locate.hpp"
#include "http/request.hpp"

namespace portico::server {

/// What tells a request from another that has the same Idempotency-Key: BLAKE2b-256, in hex, of its method, the path
/// as it was understood (P6: `//orders` is `/orders`), the query as sent, what was agreed of the answer's form
/// (version, mode, format), the content type, its coding, and the body's bytes. Not part of it: credentials (an
/// account's keys are as good as each other), conditions, and what proxies add.
[[nodiscard]] std::string fingerprint_of(const http::Request& request, const contract::Location& location,
                                         const contract::Contract& contract);

}  // namespace portico::server
