#include "server/health.hpp"

#include "render/tree_writer.hpp"

namespace portico::server {
namespace {

constexpr std::string_view retry_after_seconds = "5";
constexpr std::string_view allowed = "GET, HEAD, OPTIONS";

void write_body(std::string_view status, std::string_view reason, http::Response& response) {
  render::Sink sink(response.body);
  render::TreeWriter writer(contract::Format::Json, sink);
  writer.open_document();
  writer.open_object();
  writer.member("status", [&] { writer.text(status); });
  if (!reason.empty()) writer.member("reason", [&] { writer.text(reason); });
  writer.close_object();
  writer.close_document();
  sink.finish();
}

}  // namespace

bool is_health_path(std::string_view path) {
  const std::size_t first = path.find_first_not_of('/');
  if (first == 0 || first == std::string_view::npos) return false;
  return path.substr(first, path.find_last_not_of('/') - first + 1) == health_path.substr(1);
}

void represent_health(http::Method method, const Health& health, http::Response& response) {
  if (method == http::Method::Options) {
    response.status = 204;
    response.add("Allow", allowed);
    return;
  }
  response.head.append("Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n");
  response.add("Content-Type", "application/json; charset=utf-8");
  if (method != http::Method::Get && method != http::Method::Head) {
    response.status = 405;
    response.add("Allow", allowed);
    return write_body("unknown", "The method is not allowed; GET and HEAD are.", response);
  }
  if (health.reading && health.changing) return write_body("ok", {}, response);
  if (health.reading) return write_body("degraded", "Reading works; changes cannot be made at present.", response);
  response.status = 503;
  response.add("Retry-After", retry_after_seconds);
  const std::string& words = health.reading.error().message;
  write_body("unavailable", words.empty() ? std::string_view("The database cannot be reached.") : words, response);
}

}  // namespace portico::server
