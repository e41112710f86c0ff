#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "contract/contract.hpp"
#include "contract/locate.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "operation/parse_query.hpp"
#include "plan/plan.hpp"
#include "server/publication.hpp"
#include "store/store.hpp"

namespace portico::server {

/// What the form of an answer depends on, of one request.
struct Form {
  const Publication& publication;
  const contract::Contract& contract;
};

/// What the links of a page depend on beside it.
struct Origin {
  const http::Request& request;
  const contract::Location& location;
  const operation::Query& query;
};

/// Answer -> Representation, into an empty `response`. NotFound, and `response` as it was: a page past the end, no
/// such object, or another account's.
base::Status represent(const plan::Plan& plan, const store::Answer& answer, const Form& form, const Origin& origin,
                       http::Response& response);

/// Replaces whatever `response` holds.
void represent_error(const base::Error& error, const Form& form, http::Response& response);

/// The answer to OPTIONS.
void represent_methods(const std::vector<std::string>& methods, const Form& form, http::Response& response);

}  // namespace portico::server
