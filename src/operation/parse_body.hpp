#pragma once

#include "base/result.hpp"
#include "http/request.hpp"

namespace portico::operation {

/// Whether a body is one that is read (P6), where the operation itself asks for none: UnsupportedMediaType for a
/// content type other than application/json and application/x-www-form-urlencoded, or none; MalformedBody for one
/// that does not parse. A form that begins with `{` or `[` is read as JSON. No body is always good, whatever its
/// content type says.
[[nodiscard]] base::Status check_body(const http::Request& request);

}  // namespace portico::operation
