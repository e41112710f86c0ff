#pragma once

#include <string>
#include <string_view>

#include "http/request.hpp"

namespace portico::server {

/// All values of a list field as one (RFC 9110 §5.3); a null pointer where there is no such field. Where there is one
/// field, as nearly always, it is that view of the request; `joined` holds them only where there are several.
[[nodiscard]] std::string_view list_field(const http::Request& request, std::string_view name, std::string& joined);

}  // namespace portico::server
