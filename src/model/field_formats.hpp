#pragma once

#include <string_view>

namespace portico::model {

/// An e-mail address as HTML takes it (HTML Living Standard, "valid e-mail address"), which is what mail servers see
/// in practice: `name@host`, without comments, quotes and white space. Letters beyond ASCII are allowed on both sides
/// (RFC 6531). At most 254 bytes, 64 of them the name (RFC 5321 §4.5.3.1).
[[nodiscard]] bool is_email(std::string_view text);

/// An absolute URL of http or https with a host: a name (RFC 1123, letters beyond ASCII allowed), an IPv4 address in
/// four parts or an IPv6 address in brackets, and perhaps a port from 1 to 65535. No user name or password (RFC 9110
/// §4.2.4), and nowhere white space, control characters, `"`, `<`, `>` or a backslash.
[[nodiscard]] bool is_url(std::string_view text);

}  // namespace portico::model
