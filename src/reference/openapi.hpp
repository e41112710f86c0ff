#pragma once

#include <string>

#include "reference/edition.hpp"

namespace portico::reference {

/// The reference of exactly this edition, for people's tools and generators of clients: a document of OpenAPI 3.1 as
/// JSON, its operations those that operation::visit_patterns leads to. In the envelope's dialect it lists all codes
/// (E6) in `x-codes`. `public_url`: what its server's address begins with; empty: the address is relative to where
/// the document was read.
[[nodiscard]] std::string openapi(const Edition& edition, std::string_view public_url);

/// The same, for who makes something else of it.
[[nodiscard]] base::Document openapi_document(const Edition& edition, std::string_view public_url);

}  // namespace portico::reference
