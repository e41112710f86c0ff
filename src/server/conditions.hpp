#pragma once

#include <cstdint>
#include <string>
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

/// What tells a representation from the one that a client has.
struct Validators {
  std::string entity_tag;     ///< strong, with its quotes
  std::int64_t modified = 0;  ///< seconds since 1970
};

/// The same with If-Unmodified-Since and If-Modified-Since, each where the field of entity tags in its place is not
/// there. What is no date says nothing (RFC 9110 §13.1.3).
[[nodiscard]] Verdict judge_conditions(const http::Request& request, const Validators& validators);

/// Whether a Range field counts (RFC 9110 §13.1.5): there is no If-Range, or it names that very representation.
[[nodiscard]] bool range_holds(const http::Request& request, const Validators& validators);

}  // namespace portico::server
