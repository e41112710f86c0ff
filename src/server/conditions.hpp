#pragma once

#include <cstdint>
#include <string_view>

#include "http/request.hpp"

namespace portico::server {

/// What the conditions of a reading request make of a representation that is there.
enum class Verdict : std::uint8_t {
  Send,
  NotModified,  ///< 304: the client has it already
  Failed,       ///< 412: it is none that the client wants
};

/// RFC 9110 §13.2.2 for GET and HEAD: If-Match first (strong comparison), then If-None-Match (weak). `entity_tag` is
/// the representation's, strong. What follows no grammar names no tag.
[[nodiscard]] Verdict judge_conditions(const http::Request& request, std::string_view entity_tag);

}  // namespace portico::server
