#pragma once

#include "base/limits.hpp"
#include "base/result.hpp"
#include "http/request.hpp"
#include "operation/operation.hpp"

namespace portico::server {

/// body -> Document, or the file that it is: into the operation, which views into the request then. A document that
/// says something to an operation that takes none is among the operation's faults. Errors: those of
/// operation::parse_body and parse_file.
[[nodiscard]] base::Status take_body(const http::Request& request, const base::Limits& limits,
                                     operation::Operation& operation);

}  // namespace portico::server
