#include "server/cross_origin.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.hpp"
#include "operation/parse_operation.hpp"
#include "server/links.hpp"
#include "server/permission.hpp"

namespace portico::server {
namespace {

constexpr std::string_view methods = "GET, HEAD, POST, PUT, PATCH, DELETE";
constexpr std::string_view fields_sent =
    "Authorization, Content-Type, Content-Encoding, Accept, Idempotency-Key, If-Match, If-None-Match, "
    "If-Modified-Since, If-Unmodified-Since, If-Range, Range";
constexpr std::string_view fields_shown =
    "ETag, Location, Allow, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Content-Range, "
    "Accept-Ranges, Content-Disposition, Last-Modified, WWW-Authenticate, X-Request-Id, Idempotency-Replayed";
constexpr std::string_view preflight_seconds = "600";

/// Takes the path off `https://api.example.com:8443/base`.
std::string_view without_path(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return url;
  return url.substr(0, std::min(url.find('/', scheme + 3), url.size()));
}

/// `:8443` of `https://api.example.com:8443`, or nothing.
std::string_view port_of(std::string_view origin) {
  const std::size_t colon = origin.rfind(':');
  const std::size_t bracket = origin.rfind(']');  // of an IPv6 address
  const bool is_port = colon > origin.find("://") && (bracket == std::string_view::npos || colon > bracket);
  return is_port ? origin.substr(colon) : std::string_view();
}

bool is_label(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

/// The X of `https://X.HOST:8443`, where the API itself is reached by that scheme and port; else nothing.
std::string_view label_of(std::string_view origin, std::string_view own, std::string_view host) {
  const std::size_t scheme_end = own.find("://");
  if (scheme_end == std::string_view::npos) return {};
  const std::string_view scheme = own.substr(0, scheme_end + 3);
  const std::string tail = "." + std::string(host) + std::string(port_of(own));
  if (!origin.starts_with(scheme) || !origin.ends_with(tail) || origin.size() <= scheme.size() + tail.size())
    return {};
  const std::string_view label = origin.substr(scheme.size(), origin.size() - scheme.size() - tail.size());
  return is_label(label) ? label : std::string_view();
}

struct NamedMethod {
  http::Method method;
  std::string_view name;
};
constexpr std::array<NamedMethod, 6> asking_methods = {{
    {http::Method::Get, "GET"},
    {http::Method::Head, "HEAD"},
    {http::Method::Post, "POST"},
    {http::Method::Put, "PUT"},
    {http::Method::Patch, "PATCH"},
    {http::Method::Delete, "DELETE"},
}};

/// The methods by which a public key may do something there.
std::vector<std::string> public_methods(const Publication& publication, const contract::Location& location) {
  std::vector<std::string> names;
  const model::Api& api = publication.api();
  const auto target = operation::find_target(api, location);
  if (!target) return names;
  const access::Principal anyone{.kind = access::KeyKind::Public};
  for (const NamedMethod& known : asking_methods) {
    const auto operation = operation::parse_operation(api.limits, *target, known.method, {});
    if (!operation || !permit(anyone, *operation, publication, api.latest_version())) continue;
    names.emplace_back(known.name);
  }
  return names;
}

base::Error refusal() {
  return {.code = base::ErrorCode::Forbidden,
          .message =
              "From a browser, only the pages of the extension that the token is of may call; this request "
              "comes from another origin."};
}

}  // namespace

CrossOrigin::CrossOrigin(const Publication& publication, const http::Request& request,
                         const contract::Location& location) {
  origin_ = request.field("Origin");
  const bool is_page = origin_.data() != nullptr;
  if (publication.api().is_for_extensions(*location.surface)) {
    caller_ = Caller::NoPage;
    if (is_page) judge_extension(publication, request);
  } else if (is_page) {
    judge_public(publication, request, location);
  }
}

void CrossOrigin::judge_extension(const Publication& publication, const http::Request& request) {
  is_preflight_ =
      request.method == http::Method::Options && request.field("Access-Control-Request-Method").data() != nullptr;
  const std::string own = origin_of(publication.public_url(), publication.trusted_proxies(), request);
  label_ = label_of(origin_, without_path(own), publication.api().extensions->host);
  const auto origins =
      std::count_if(request.fields.begin(), request.fields.end(),
                    [](const http::HeaderField& field) { return http::same_name(field.name, "Origin"); });
  caller_ = label_.empty() || origins > 1 ? Caller::Stranger : Caller::Extension;
  methods_ = methods;
}

/// Of any version: which one is asked for may be what the answer is about.
void CrossOrigin::judge_public(const Publication& publication, const http::Request& request,
                               const contract::Location& location) {
  const std::vector<std::string> open = public_methods(publication, location);
  std::string_view method = request.method_name;
  if (request.method == http::Method::Options) {
    method = request.field("Access-Control-Request-Method");
    is_preflight_ = method.data() != nullptr;
  }
  if (std::find(open.begin(), open.end(), method) == open.end()) {
    is_preflight_ = false;
    return;
  }
  caller_ = Caller::Anyone;
  methods_ = base::joined(open, ", ");
  own_field_shown_ = publication.media_type_header();
}

base::Status CrossOrigin::answer_preflight(const Form& form, http::Response& response) const {
  if (caller_ == Caller::Stranger) return refusal();
  response.status = 204;
  response.add("Access-Control-Allow-Methods", methods_);
  response.add("Access-Control-Allow-Headers", fields_sent);
  response.add("Access-Control-Max-Age", preflight_seconds);
  response.add("Vary", "Access-Control-Request-Method, Access-Control-Request-Headers");
  add_common_fields(form, response);
  return base::ok();
}

base::Status CrossOrigin::admit(const access::Principal& principal) {
  switch (caller_) {
    case Caller::NotAsked:
    case Caller::NoPage:
    case Caller::Anyone:
      return base::ok();
    case Caller::Extension:
      if (label_.starts_with(principal.origin_prefix) &&
          label_.substr(principal.origin_prefix.size()) == principal.extension) {
        return base::ok();
      }
      caller_ = Caller::Stranger;
      return refusal();
    case Caller::Stranger:
      return refusal();
  }
  return refusal();
}

void CrossOrigin::mark(http::Response& response) const {
  if (caller_ == Caller::NotAsked) return;
  response.add("Vary", "Origin");
  if (caller_ != Caller::Extension && caller_ != Caller::Anyone) return;
  response.add("Access-Control-Allow-Origin", caller_ == Caller::Anyone ? "*" : origin_);
  std::string shown(fields_shown);
  if (!own_field_shown_.empty()) shown.append(", ").append(own_field_shown_);
  response.add("Access-Control-Expose-Headers", shown);
}

}  // namespace portico::server
