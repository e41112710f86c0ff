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

/// What the links of an answer depend on beside it, and whether the client has it already.
struct Origin {
  const http::Request& request;
  const contract::Location& location;
  const operation::Query& query;
};

/// Answer -> Representation, into an empty `response`, with its entity tag; or 304 without a body where the client
/// has it already, or of a summary of no rows. With an error `response` is as it was. NotFound: a page past the end,
/// no such object, or another account's; PreconditionFailed; InvalidData: a sum that 64 bits do not hold.
base::Status represent(const plan::Plan& plan, const store::Answer& answer, const Form& form, const Origin& origin,
                       http::Response& response);

/// 200 with the body that `response` holds, and its entity tag, which is of `marks` too (file_marks); or 304, or
/// PreconditionFailed, without it.
base::Status send_body(const Form& form, const http::Request& request, http::Response& response,
                       std::string_view marks = {});

/// What every answer's head holds, whatever the answer is.
void add_common_fields(const Form& form, http::Response& response);

/// Replaces whatever `response` holds.
void represent_error(const base::Error& error, const Form& form, http::Response& response);

/// What of an error is for the log alone, where the answer to it has that status.
[[nodiscard]] std::string fault_of(const base::Error& error, int status);

/// The answer to OPTIONS.
void represent_methods(const std::vector<std::string>& methods, const Form& form, http::Response& response);

}  // namespace portico::server
