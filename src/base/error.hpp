#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace portico::base {

/// What went wrong, in the contract's terms. Knows no HTTP: `render/problem` maps code × dialect to status and body.
enum class ErrorCode : std::uint8_t {
  InvalidData,           ///< faulty fields, filters or parameters; `faults` says which
  MalformedBody,         ///< the body does not parse
  MalformedRequest,      ///< the request itself is broken: framing, target, encoding
  NotAuthenticated,      ///< no credentials at all
  MalformedCredentials,  ///< credentials that are no bearer token
  InvalidToken,          ///< unknown or revoked
  ExpiredToken,          ///< was valid once
  Forbidden,             ///< known, but not allowed; or the object's state forbids it
  NotFound,              ///< no such object (or another account's), resource or page
  MethodNotAllowed,      ///< `allowed_methods` says which are
  NotAcceptable,         ///< nothing that `Accept` names can be served
  RequestTimeout,        ///< head or body did not arrive in time
  Conflict,              ///< uniqueness, or a concurrent change
  BrokenReference,       ///< refers to something that is not there, or is still referred to
  PreconditionFailed,    ///< `If-Match` or `If-None-Match` does not hold
  RangeNotSatisfiable,   ///< no part of a range lies in the file; `alternatives` says how long it is
  BodyTooLarge,          ///< over Limits::body_bytes, or what a field takes
  TargetTooLarge,        ///< over Limits::target_bytes
  HeadTooLarge,          ///< over Limits::head_bytes or Limits::head_fields
  UnsupportedMediaType,  ///< a body in a content type that is not read
  TooManyRequests,       ///< a key's rate or concurrency is spent
  Internal,              ///< a fault of ours; `message` goes to the log, never to the client
  Unavailable,           ///< maintenance, database away, overload
};

/// How many codes there are, for tables indexed by code and for the test that walks them.
inline constexpr std::size_t error_code_count = static_cast<std::size_t>(ErrorCode::Unavailable) + 1;

/// One thing to blame. `path` is as the client wrote it: {"customer", "phone", "number"}, {"articles", "0", "price"},
/// or one element for a query parameter. Several faults may share a path.
struct Fault {
  std::vector<std::string> path;
  std::string message;
};

/// Why there is no value. A value type; owns everything it holds.
struct Error {
  ErrorCode code = ErrorCode::Internal;
  std::string message;                         ///< for the client, except with Internal; empty: the code's own text
  std::vector<Fault> faults = {};              ///< what to blame, in the order found
  std::vector<std::string> alternatives = {};  ///< NotAcceptable: the media types to be had; MethodNotAllowed:
                                               ///< methods; RangeNotSatisfiable: `bytes */1000`
  std::string detail = {};                     ///< for the log alone, never for the client
  std::int64_t own_code = 0;     ///< E6: a positive code that the description gives; 0: the code's usual one
  std::int64_t retry_after = 0;  ///< TooManyRequests, Unavailable: seconds until it is worth to try again; 0: usual
};

}  // namespace portico::base
