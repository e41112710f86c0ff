#include "platform/inquiry.hpp"

#include <algorithm>

#include "http/characters.hpp"

namespace portico::platform {
namespace {

constexpr std::string_view plain_cookie = "portico_session";
constexpr std::string_view secure_cookie =
    "__Host-portico_session";  // RFC 6265bis §4.1.3.2: none but this host sets it

std::string_view cookie_name(std::string_view console) {
  return is_secure(console) ? secure_cookie : plain_cookie;
}

/// The one cookie of that name; empty where there is none or several: then nobody knows which of them is ours.
/// cookie-string = name "=" value *( "; " name "=" value ) (RFC 6265 §4.2.1)
std::string cookie_of(const http::Request& request, std::string_view name) {
  std::optional<std::string> found;
  for (const http::HeaderField& field : request.fields) {
    if (!http::same_name(field.name, "Cookie")) continue;
    for (std::string_view left = field.value; !left.empty();) {
      const std::size_t end = std::min(left.find(';'), left.size());
      const std::string_view pair = http::trimmed(left.substr(0, end));
      left.remove_prefix(std::min(end + 1, left.size()));
      if (pair.substr(0, pair.find('=')) != name || pair.size() <= name.size()) continue;
      if (found) return {};
      found = pair.substr(name.size() + 1);
    }
  }
  return found.value_or("");
}

std::string content_type_of(const http::Request& request) {
  std::optional<std::string> found;
  for (const http::HeaderField& field : request.fields) {
    if (!http::same_name(field.name, "Content-Type")) continue;
    if (found) return {};
    found = http::trimmed(field.value.substr(0, field.value.find(';')));
    std::transform(found->begin(), found->end(), found->begin(), http::lower);
  }
  return found.value_or("");
}

/// Any Origin field that is not ours makes it foreign, `null` too.
bool is_foreign(const http::Request& request, std::string_view console) {
  return std::any_of(request.fields.begin(), request.fields.end(), [&](const http::HeaderField& field) {
    return http::same_name(field.name, "Origin") && !same_origin(field.value, console);
  });
}

}  // namespace

bool is_secure(std::string_view console) {
  return console.starts_with("https://");
}

std::string set_cookie(const SessionCookie& cookie, std::string_view console) {
  std::string text = std::string(cookie_name(console)) + '=' + std::string(cookie.value) +
                     "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(cookie.seconds);
  if (is_secure(console)) text += "; Secure";
  return text;
}

Inquiry take_inquiry(const Site& site, const http::Request& request) {
  Inquiry inquiry;
  inquiry.method = request.method;
  inquiry.console = console_origin(site, request);
  inquiry.peer = server::client_address(site.proxies, request);
  inquiry.cookie = cookie_of(request, cookie_name(inquiry.console));
  inquiry.csrf = request.field("X-CSRF-Token");
  inquiry.is_foreign = is_foreign(request, inquiry.console);
  inquiry.content_type = content_type_of(request);
  inquiry.query = operation::parse_query(request.query);
  for (operation::Parameter& parameter : inquiry.query.parameters) parameter.raw = {};  // points into the request
  inquiry.body = request.body;
  return inquiry;
}

}  // namespace portico::platform
