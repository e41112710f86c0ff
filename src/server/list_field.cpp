#include "server/list_field.hpp"

namespace portico::server {

std::string_view list_field(const http::Request& request, std::string_view name, std::string& joined) {
  std::string_view value;
  for (const http::HeaderField& field : request.fields) {
    if (!http::same_name(field.name, name)) continue;
    if (value.data() == nullptr) {
      value = field.value;
    } else {
      joined = std::string(value).append(", ").append(field.value);
      value = joined;
    }
  }
  return value;
}

}  // namespace portico::server
