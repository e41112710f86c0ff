#include "platform/developer_space.hpp"

#include "base/text.hpp"
#include "platform/conduct.hpp"
#include "platform/console.hpp"
#include "platform/routes.hpp"

namespace portico::platform {
namespace {

using base::Error;
using base::ErrorCode;

/// The answer to OPTIONS (RFC 9110 §9.3.7). Pages of other origins have no business here: no CORS.
Reply methods_reply(const RouteMatch& match) {
  Reply reply = empty_reply(204);
  reply.response.add("Allow", base::joined(match.allowed, ", "));
  return reply;
}

/// The answer to a request for a page, or for what pages load.
Reply page_reply(const Site& site, const http::Request& request) {
  const std::string console = console_origin(site, request);
  const std::string host = extension_host(site, console);
  Reply reply;
  serve_console({.files = console_files(),
                 .scheme = std::string_view(console).substr(0, console.find(':')),
                 .extension_host = host},
                request, reply.response);
  return reply;
}

}  // namespace

void DeveloperSpace::answer(http::Exchange& exchange) {
  try {
    answer_call(exchange);
  } catch (const std::exception& fault) {
    errands_->reply(exchange, refusal({.code = ErrorCode::Internal, .message = fault.what()}));
  }
}

void DeveloperSpace::answer_call(http::Exchange& exchange) {
  const http::Request& request = exchange.request();
  if (!is_below(request.path, space_path)) {
    return errands_->reply(exchange, page_reply(*site_, request));
  }
  auto match = find_route(request.method, request.path.substr(space_path.size()));
  if (!match) return errands_->reply(exchange, refusal(match.error()));
  if (request.method == http::Method::Options) return errands_->reply(exchange, methods_reply(*match));
  if (match->route == nullptr) {
    return errands_->reply(
        exchange,
        refusal({.code = ErrorCode::MethodNotAllowed, .message = {}, .alternatives = std::move(match->allowed)}));
  }
  errands_->run(exchange, [site = site_, inquiry = take_inquiry(*site_, request),
                           match = std::move(*match)](Desk& desk) { return conduct(*site, inquiry, match, desk); });
}

void DeveloperSpace::refuse(http::Exchange& exchange, const Error& error) {
  errands_->fill(exchange, refusal(error));
}

std::size_t DeveloperSpace::body_bytes_max(const http::Request& request) const {
  const base::Limits& limits = site_->api->limits;
  if (!is_below(request.path, space_path)) return limits.body_bytes;
  const auto match = find_route(request.method, request.path.substr(space_path.size()));
  const bool is_known = match && match->route != nullptr;
  return is_known ? platform::body_bytes_max(*match->route, limits) : limits.body_bytes;
}

}  // namespace portico::platform
