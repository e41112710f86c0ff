#pragma once

#include <string>
#include <string_view>

#include "reference/edition.hpp"

namespace portico::reference {

/// The reference of an edition as a collection of Postman (format 2.1.0): a folder for each resource, a request for
/// each operation, with every parameter, switched off, and a body with what must be said. Where the server is, the
/// key and the media type are variables of the collection. `public_url`: where clients reach it.
[[nodiscard]] std::string postman(const Edition& edition, std::string_view public_url);

}  // namespace portico::reference
