#include "server/body_room.hpp"

#include <algorithm>

#include "contract/locate.hpp"
#include "operation/parse_operation.hpp"

namespace portico::server {

std::size_t body_bytes_max(const model::Api& api, const http::Request& request) {
  const std::size_t usual = api.limits.body_bytes;
  if (request.method != http::Method::Put) return usual;
  const auto location = contract::locate(api, request.path);
  if (!location) return usual;
  const auto target = operation::find_target(api, *location);
  if (!target || !target->file) return usual;
  const model::Field& field = *target->resource->leaves[*target->file].field;
  return std::max(usual, static_cast<std::size_t>(field.max_bytes));
}

}  // namespace portico::server
