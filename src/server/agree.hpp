#pragma once

#include "base/result.hpp"
#include "contract/contract.hpp"
#include "contract/locate.hpp"
#include "http/request.hpp"

namespace portico::server {

/// Where a request goes, and in which form it is answered.
struct Agreement {
  contract::Location& location;
  contract::Contract& contract;
};

/// path, Accept -> Contract. Fills both with an error, too: as far as the request can be read, so that a refusal has
/// the form that was asked for. Errors: those of contract::locate and contract::negotiate.
base::Status agree(const model::Api& api, const http::Request& request, Agreement agreement);

}  // namespace portico::server
