#include "server/log_entry.hpp"

namespace portico::server {

LogEntry log_entry(http::Exchange& exchange, const access::Principal& principal) {
  const auto took = std::chrono::steady_clock::now() - exchange.began();
  const http::Request& request = exchange.request();
  return {.request_id = exchange.request_id(),
          .peer = request.peer_address,
          .method = request.method_name,
          .path = request.path,
          .query = request.query,
          .status = exchange.response().status,
          .body_bytes = exchange.response().body.size(),
          .took = std::chrono::duration_cast<std::chrono::microseconds>(took),
          .account = principal.account,
          .key_id = principal.key_id,
          .user = principal.user,
          .extension = principal.extension,
          .key_kind = access::name_of(principal.kind)};
}

}  // namespace portico::server
