#include "platform/reply.hpp"

#include "contract/contract.hpp"
#include "render/problem.hpp"

namespace portico::platform {

Reply empty_reply(int status) {
  Reply reply;
  reply.response.status = status;
  reply.response.head =
      "Cache-Control: no-store\r\n"
      "X-Content-Type-Options: nosniff\r\n"
      "Referrer-Policy: no-referrer\r\n"
      "Cross-Origin-Resource-Policy: same-origin\r\n"
      "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'; sandbox\r\n";
  return reply;
}

Reply with_document(int status, const base::Document& document) {
  Reply reply = empty_reply(status);
  reply.response.add("Content-Type", contract::Contract{}.content_type);
  base::append_json(document, reply.response.body);
  return reply;
}

Reply refusal(const base::Error& error) {
  Reply reply = empty_reply(500);
  render::write_problem(contract::Contract{}, error, reply.response);
  if (reply.response.status == 401) reply.response.add("WWW-Authenticate", "Session realm=\"developers\"");
  reply.fault = error.code == base::ErrorCode::Internal ? error.message : error.detail;
  return reply;
}

}  // namespace portico::platform
