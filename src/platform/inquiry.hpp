#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/request.hpp"
#include "operation/parse_query.hpp"
#include "platform/site.hpp"

namespace portico::platform {

/// A request to the developer space's API, in copies of its own, so that it may go to another thread.
struct Inquiry {
  http::Method method = http::Method::Get;
  std::string console;  ///< the origin that it came to: console_origin
  std::string peer;
  std::string cookie;  ///< the session's; empty: none
  std::string csrf;    ///< X-CSRF-Token; empty: none
  /// What is wrong with Origin, if it was sent: it is another than `console`.
  bool is_foreign = false;
  std::string content_type;  ///< without parameters, lower case; empty: none, or several
  operation::Query query;
  std::string body;
};

/// Copies what is needed of it.
[[nodiscard]] Inquiry take_inquiry(const Site& site, const http::Request& request);

/// Whether cookies are for encrypted connections only: where the console is reached by https.
[[nodiscard]] bool is_secure(std::string_view console);

/// `Set-Cookie` of a session that ends in so many seconds; 0: now (RFC 6265 §4.1).
struct SessionCookie {
  std::string_view value;
  std::int64_t seconds = 0;
};
[[nodiscard]] std::string set_cookie(const SessionCookie& cookie, std::string_view console);

}  // namespace portico::platform
