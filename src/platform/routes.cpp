#include "platform/routes.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "base/text.hpp"
#include "platform/endpoints.hpp"

namespace portico::platform {
namespace {

using base::Error;
using base::ErrorCode;
using base::Result;
using http::Method;

constexpr std::array table = std::to_array<Route>({
    {Method::Get, "/session", Who::SignedIn, Body::None, "", show_session},
    {Method::Post, "/session", Who::Anyone, Body::Json, "", begin_session},
    {Method::Delete, "/session", Who::SignedIn, Body::None, "", end_session},
    {Method::Patch, "/me", Who::SignedIn, Body::Json, "", change_profile},
    {Method::Get, "/scopes", Who::SignedIn, Body::None, "", list_scopes},
    {Method::Get, "/extensions", Who::SignedIn, Body::None, "", list_extensions},
    {Method::Post, "/extensions", Who::SignedIn, Body::Json, "", declare_extension},
    {Method::Get, "/extensions/{name}", Who::SignedIn, Body::None, "", show_extension},
    {Method::Patch, "/extensions/{name}", Who::SignedIn, Body::Json, "", change_extension},
    {Method::Get, "/extensions/{name}/image", Who::SignedIn, Body::None, "", show_image},
    {Method::Put, "/extensions/{name}/image", Who::SignedIn, Body::Image, "", put_image},
    {Method::Delete, "/extensions/{name}/image", Who::SignedIn, Body::None, "", delete_image},
    {Method::Get, "/extensions/{name}/history", Who::SignedIn, Body::None, "", show_history},
    {Method::Post, "/extensions/{name}/versions", Who::SignedIn, Body::None, "", begin_version},
    {Method::Get, "/extensions/{name}/versions/{version}", Who::SignedIn, Body::None, "", show_version},
    {Method::Patch, "/extensions/{name}/versions/{version}", Who::SignedIn, Body::Json, "", change_version},
    {Method::Post, "/extensions/{name}/versions/{version}/commits", Who::SignedIn, Body::Zip, "message", add_commit},
    {Method::Get, "/extensions/{name}/versions/{version}/commits/{commit}/files", Who::SignedIn, Body::None, "",
     list_files},
    {Method::Get, "/extensions/{name}/versions/{version}/commits/{commit}/files/{path...}", Who::SignedIn, Body::None,
     "", show_file},
    {Method::Post, "/extensions/{name}/versions/{version}/transitions", Who::SignedIn, Body::Json, "", move_version},
    {Method::Post, "/extensions/{name}/versions/{version}/authorisations", Who::SignedIn, Body::Json, "",
     authorise_version},
    {Method::Post, "/extensions/{name}/versions/{version}/test-token", Who::SignedIn, Body::Json, "",
     make_test_token},
    {Method::Post, "/extensions/{name}/versions/{version}/runs", Who::SignedIn, Body::Json, "", begin_run},
    {Method::Get, "/authorisations", Who::SignedIn, Body::None, "", list_authorisations},
    {Method::Delete, "/authorisations/{id}", Who::SignedIn, Body::None, "", revoke_authorisation},
    {Method::Post, "/runs/{run}/token", Who::SignedIn, Body::None, "", renew_token},
    {Method::Get, "/marketplace", Who::SignedIn, Body::None, "", show_marketplace},
    {Method::Get, "/review", Who::Operator, Body::None, "", show_review},
    {Method::Get, "/accounts/{account}/keys", Who::SignedIn, Body::None, "", list_keys},
    {Method::Post, "/accounts/{account}/keys", Who::SignedIn, Body::Json, "", create_key},
    {Method::Post, "/accounts/{account}/keys/{key}/rotate", Who::SignedIn, Body::None, "", rotate_key},
    {Method::Delete, "/accounts/{account}/keys/{key}", Who::SignedIn, Body::None, "", revoke_key},
    {Method::Get, "/accounts/{account}/usage", Who::SignedIn, Body::None, "since until step", show_usage},
    {Method::Get, "/accounts/{account}/requests", Who::SignedIn, Body::None, "status page", list_requests},
});

struct MethodName {
  Method method;
  std::string_view name;
};
constexpr std::array<MethodName, 5> method_names = {{{Method::Delete, "DELETE"},
                                                     {Method::Get, "GET"},
                                                     {Method::Patch, "PATCH"},
                                                     {Method::Post, "POST"},
                                                     {Method::Put, "PUT"}}};

std::string_view take_step(std::string_view& path) {
  path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()));
  const std::string_view step = path.substr(0, path.find('/'));
  path.remove_prefix(step.size());
  return step;
}

/// The steps of a path, decoded; duplicate slashes count as one, a trailing one is none (P6).
Result<std::vector<std::string>> steps_of(std::string_view path) {
  std::vector<std::string> steps;
  for (std::string_view step = take_step(path); !step.empty(); step = take_step(path)) {
    auto decoded = base::percent_decoded(step, base::Plus::Literal);
    if (!decoded || !base::is_utf8(*decoded) || decoded->find('\0') != std::string::npos) {
      return Error{.code = ErrorCode::MalformedRequest,
                   .message = "The path must be UTF-8 without U+0000, with two hexadecimal digits behind each '%'."};
    }
    steps.push_back(std::move(*decoded));
  }
  return steps;
}

/// The arguments where the steps fit the pattern.
std::optional<std::vector<std::string>> fit(std::string_view pattern, const std::vector<std::string>& steps) {
  std::vector<std::string> arguments;
  std::size_t at = 0;
  for (std::string_view wanted = take_step(pattern); !wanted.empty(); wanted = take_step(pattern), ++at) {
    if (at >= steps.size()) return std::nullopt;
    if (wanted.ends_with("...}")) {
      const std::vector<std::string> rest(steps.begin() + static_cast<std::ptrdiff_t>(at), steps.end());
      arguments.push_back(base::joined(rest, "/"));
      return arguments;
    }
    if (wanted.front() == '{') {
      arguments.push_back(steps[at]);
    } else if (wanted != steps[at]) {
      return std::nullopt;
    }
  }
  if (at != steps.size()) return std::nullopt;
  return arguments;
}

void allow(Method method, std::vector<std::string>& allowed) {
  const auto* known = std::find_if(method_names.begin(), method_names.end(),
                                   [&](const MethodName& each) { return each.method == method; });
  allowed.emplace_back(known->name);
  if (method == Method::Get) allowed.emplace_back("HEAD");
}

}  // namespace

std::span<const Route> routes() {
  return table;
}

Result<RouteMatch> find_route(Method method, std::string_view path) {
  const auto steps = steps_of(path);
  if (!steps) return steps.error();
  const Method wanted = method == Method::Head ? Method::Get : method;
  RouteMatch match;
  std::string_view pattern;
  for (const Route& route : table) {
    if (!pattern.empty() && route.pattern != pattern) continue;
    auto arguments = fit(route.pattern, *steps);
    if (!arguments) continue;
    pattern = route.pattern;
    allow(route.method, match.allowed);
    if (route.method == wanted) match.route = &route;
    match.arguments = std::move(*arguments);
  }
  if (pattern.empty()) {
    return Error{.code = ErrorCode::NotFound,
                 .message = "There is nothing at this path of the developer space's API."};
  }
  match.allowed.emplace_back("OPTIONS");
  std::sort(match.allowed.begin(), match.allowed.end());
  return match;
}

std::size_t body_bytes_max(const Route& route, const base::Limits& limits) {
  switch (route.body) {
    case Body::Zip:
      return std::max(limits.body_bytes, limits.upload_bytes);
    case Body::Image:
      return std::max(limits.body_bytes, limits.image_bytes);
    case Body::None:
    case Body::Json:
      break;
  }
  return limits.body_bytes;
}

}  // namespace portico::platform
