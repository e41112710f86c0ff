#include "platform/extension_origins.hpp"

#include <chrono>
#include <string>
#include <utility>

#include "platform/answer_origin.hpp"
#include "platform/extension_host.hpp"
#include "server/links.hpp"
#include "server/list_field.hpp"

namespace portico::platform {
namespace {

/// Where the client says that it sent the request, whatever the API's own public URL.
Place place_of(const Site& site, const http::Request& request) {
  const std::string& host = site.api->extensions->host;
  if (!site.proxies.contain(request.peer_address)) return find_place(request.host, host);
  const std::string origin = server::origin_of({}, site.proxies, request);
  return find_place(std::string_view(origin).substr(origin.find("://") + 3), host);
}

base::Microseconds now() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(since_epoch).count();
}

OriginRequest origin_request(const Site& site, const http::Request& request) {
  std::string joined;
  return {.place = place_of(site, request),
          .method = request.method,
          .path = std::string(request.path),
          .query = std::string(request.query),
          .if_none_match = std::string(server::list_field(request, "If-None-Match", joined)),
          .is_service_worker = request.field("Service-Worker").data() != nullptr,
          .public_url = site.public_url,
          .api_base = site.api->extension_surface()->base,
          .now = now()};
}

OriginSource source_of(Desk& desk) {
  return {.served_version = [&desk](std::string_view name,
                                    VersionStatus status) { return desk.registry->served_version(name, status); },
          .served_file = [&desk](const Version& version,
                                 std::string_view path) { return desk.registry->served_file(version, path); },
          .begin_run = [&desk](std::string_view ticket, std::string_view name,
                               VersionStatus status) { return desk.registry->begin_run(ticket, name, status); },
          .account_name =
              [&desk](std::string_view account) {
                return desk.find_account(model::Mode::Production, std::string(account)).value_or(std::string());
              }};
}

}  // namespace

bool ExtensionOrigins::owns(const http::Request& request) const {
  return site_ != nullptr && place_of(*site_, request).kind != Place::Kind::Elsewhere;
}

void ExtensionOrigins::answer(http::Exchange& exchange) {
  errands_->run(exchange, [request = origin_request(*site_, exchange.request())](Desk& desk) {
    Reply reply;
    reply.response = answer_origin(request, source_of(desk));
    return reply;
  });
}

void ExtensionOrigins::refuse(http::Exchange& exchange, const base::Error& error) {
  errands_->fill(exchange, refusal(error));
}

}  // namespace portico::platform
