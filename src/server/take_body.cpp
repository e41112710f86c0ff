#include "server/take_body.hpp"

#include "operation/parse_body.hpp"
#include "operation/parse_file.hpp"

namespace portico::server {

base::Status take_body(const http::Request& request, const base::Limits& limits, operation::Operation& operation) {
  auto* change = std::get_if<operation::Change>(&operation);
  if (change != nullptr && change->file) {
    if (request.method != http::Method::Put) return base::ok();
    auto file = operation::parse_file(request, *change->resource->leaves[*change->file].field);
    if (!file) return std::move(file).error();
    change->file_body = *file;
    return base::ok();
  }
  auto body = operation::parse_body(request, limits);
  if (!body) return std::move(body).error();
  if (change != nullptr) change->body = std::move(*body);
  return base::ok();
}

}  // namespace portico::server
