#include "operation/parse_body.hpp"

#include <array>

#include <simdjson.h>

#include "operation/parse_query.hpp"

namespace portico::operation {
namespace {

using base::Error;
using base::ErrorCode;

enum class BodyType : std::uint8_t { Json, Form };

struct MediaType {
  std::string_view name;
  BodyType type;
};
constexpr std::array<MediaType, 2> media_types = {{
    {"application/json", BodyType::Json},
    {"application/x-www-form-urlencoded", BodyType::Form},
}};

std::optional<BodyType> type_of(std::string_view content_type) {
  std::string_view name = content_type.substr(0, content_type.find(';'));
  while (!name.empty() && (name.back() == ' ' || name.back() == '\t')) name.remove_suffix(1);
  for (const MediaType& known : media_types) {
    if (http::same_name(known.name, name)) return known.type;
  }
  return std::nullopt;
}

base::Status check_json(std::string_view body) {
  simdjson::dom::parser parser;
  const auto parsed = parser.parse(simdjson::padded_string(body));
  if (parsed.error() == simdjson::SUCCESS) return base::ok();
  return Error{.code = ErrorCode::MalformedBody,
               .message = std::string("The body is not JSON: ") + simdjson::error_message(parsed.error())};
}

base::Status check_form(std::string_view body) {
  if (body.starts_with('{') || body.starts_with('[')) return check_json(body);
  const Query form = parse_query(body);
  if (form.faults.empty()) return base::ok();
  return Error{.code = ErrorCode::MalformedBody, .faults = form.faults};
}

}  // namespace

base::Status check_body(const http::Request& request) {
  if (request.body.empty()) return base::ok();
  const auto type = type_of(request.field("Content-Type"));
  if (!type) {
    return Error{.code = ErrorCode::UnsupportedMediaType,
                 .message = "A body must be application/json or application/x-www-form-urlencoded."};
  }
  return *type == BodyType::Json ? check_json(request.body) : check_form(request.body);
}

}  // namespace portico::operation
