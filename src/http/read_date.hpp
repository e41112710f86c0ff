#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace portico::http {

/// A date of a header field, as seconds since 1970, in any of the three forms of RFC 9110 §5.6.7; nothing for what is
/// none of them. Years of two digits are from 1970 to 2069.
///
///   Sun, 06 Nov 1994 08:49:37 GMT     Sunday, 06-Nov-94 08:49:37 GMT     Sun Nov  6 08:49:37 1994
[[nodiscard]] std::optional<std::int64_t> read_date(std::string_view text);

}  // namespace portico::http
