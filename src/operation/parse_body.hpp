#pragma once

#include <optional>

#include "base/document.hpp"
#include "base/limits.hpp"
#include "base/result.hpp"
#include "http/request.hpp"

namespace portico::operation {

/// How a body wrote its values. In a form all are texts: digits are how an integer looks (P7), `true` a boolean, and
/// an empty text stands for null where the field is no text.
enum class Writing : std::uint8_t { Json, Form };

struct Body {
  base::Document document;
  Writing writing = Writing::Json;
};

/// Reads a body (P6): application/json (RFC 8259, strict UTF-8, no name twice in an object) or
/// application/x-www-form-urlencoded with nested names (`a[b][0][c]=x`; `a[]=x` appends); one with `Content-Encoding:
/// gzip` is inflated first. A form content type whose body begins with `{` or `[`, white space before it aside, is
/// read as JSON. Nothing where there is no body, or nothing in it once inflated, whatever its content type says.
/// UnsupportedMediaType: another content type or coding, gzip several times, a charset other than UTF-8, several
/// Content-Type fields, or a body without one. MalformedBody: white space only; what does not parse, with the place;
/// a name given twice, or as both a value and an object; an index of a list left out. BodyTooLarge: inflated it is
/// over Limits::body_bytes. Deeper than Limits::body_depth or with more values than Limits::body_values:
/// MalformedBody, naming the limit.
[[nodiscard]] base::Result<std::optional<Body>> parse_body(const http::Request& request, const base::Limits& limits);

}  // namespace portico::operation
