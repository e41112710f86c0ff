#include "platform/conduct.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <sodium.h>

#include "operation/json_body.hpp"
#include "platform/json.hpp"

namespace portico::platform {
namespace {

using base::Error;
using base::ErrorCode;
using base::Status;

/// RFC 9110 §9.2.1
bool is_safe(http::Method method) {
  return method == http::Method::Get || method == http::Method::Head;
}

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

Status check_origin(const Inquiry& inquiry) {
  if (is_safe(inquiry.method) || !inquiry.is_foreign) return base::ok();
  return Error{.code = ErrorCode::Forbidden,
               .message =
                   "The request comes from a page of another origin; only pages of the developer space itself "
                   "may change anything here."};
}

/// Cookie -> Session, User
Status identify(Call& call) {
  auto found = call.registry().find_session(call.inquiry.cookie);
  if (call.inquiry.cookie.empty() || !found) {
    return Error{.code = ErrorCode::NotAuthenticated, .message = "You are not signed in, or your session has ended."};
  }
  std::tie(call.session, call.user) = std::move(*found);
  if (is_safe(call.inquiry.method) || same_secret(call.inquiry.csrf, call.session.csrf)) return base::ok();
  return Error{.code = ErrorCode::Forbidden,
               .message = "X-CSRF-Token must be the session's; GET /session says which that is."};
}

Status check_role(Who who, const User& user) {
  if (who != Who::Operator || user.has(Role::Operator)) return base::ok();
  return Error{.code = ErrorCode::Forbidden, .message = "Only operators may do that."};
}

/// Whether `names`, separated by spaces, hold that one.
bool holds(std::string_view names, std::string_view name) {
  while (!names.empty()) {
    const std::size_t end = std::min(names.find(' '), names.size());
    if (names.substr(0, end) == name) return true;
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  return false;
}

Status check_query(const Route& route, const operation::Query& query) {
  std::vector<base::Fault> faults = query.faults;
  std::set<std::string_view> given;
  for (const operation::Parameter& parameter : query.parameters) {
    const bool is_new = given.insert(parameter.name).second;
    if (holds(route.parameters, parameter.name)) {
      if (!is_new) operation::blame(faults, parameter.name, "Given more than once.");
      continue;
    }
    operation::blame(faults, parameter.name,
                     route.parameters.empty()
                         ? "Unknown parameter; there are none here."
                         : "Unknown parameter; known here: " + std::string(route.parameters) + ".");
  }
  if (faults.empty()) return base::ok();
  return Error{.code = ErrorCode::InvalidData, .message = {}, .faults = std::move(faults)};
}

Status require_type(const Inquiry& inquiry, std::string_view wanted) {
  if (inquiry.content_type == wanted) return base::ok();
  return Error{.code = ErrorCode::UnsupportedMediaType,
               .message = "The body must be " + std::string(wanted) + ", and one Content-Type field must say so."};
}

Status read_object(Call& call) {
  auto document = operation::read_json(call.inquiry.body, call.site.api->limits);
  if (!document) return std::move(document).error();
  if (document->kind != base::Document::Kind::Object) {
    return Error{
        .code = ErrorCode::InvalidData,
        .message = "The body must be a JSON object, not " + std::string(base::words_for(document->kind)) + "."};
  }
  call.body = std::move(*document);
  return base::ok();
}

Status check_length(const Call& call, std::size_t most) {
  if (call.inquiry.body.size() <= most) return base::ok();
  return Error{.code = ErrorCode::BodyTooLarge,
               .message = "The body is longer than " + std::to_string(most) + " bytes."};
}

Status take_body(const Route& route, Call& call) {
  const base::Limits& limits = call.site.api->limits;
  switch (route.body) {
    case Body::Json:
      if (auto typed = require_type(call.inquiry, "application/json"); !typed) return typed;
      return read_object(call);
    case Body::Zip:
      if (auto typed = require_type(call.inquiry, "application/zip"); !typed) return typed;
      return check_length(call, limits.upload_bytes);
    case Body::Image:
      return check_length(call, limits.image_bytes);
    case Body::None:
      break;
  }
  if (call.inquiry.body.empty()) return base::ok();
  if (auto typed = require_type(call.inquiry, "application/json"); !typed) return typed;
  if (auto read = read_object(call); !read) return read;
  return json::Fields(call.body).end();
}

Status admit(const Route& route, Call& call) {
  if (auto ours = check_origin(call.inquiry); !ours) return ours;
  if (route.who != Who::Anyone) {
    if (auto known = identify(call); !known) return known;
  }
  if (auto permitted = check_role(route.who, call.user); !permitted) return permitted;
  if (auto asked = check_query(route, call.inquiry.query); !asked) return asked;
  return take_body(route, call);
}

}  // namespace

Reply conduct(const Site& site, const Inquiry& inquiry, const RouteMatch& match, Desk& desk) {
  Call call{.site = site, .inquiry = inquiry, .desk = desk, .arguments = match.arguments};
  base::Result<Reply> made = Reply{};
  if (auto admitted = admit(*match.route, call); !admitted) {
    made = std::move(admitted).error();
  } else {
    made = match.route->answer(call);
  }
  Reply reply = made ? std::move(*made) : refusal(made.error());
  reply.user = call.user.id;
  return reply;
}

}  // namespace portico::platform
