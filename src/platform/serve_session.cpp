#include "base/calendar.hpp"
#include "platform/endpoints.hpp"
#include "platform/input_rules.hpp"
#include "platform/json.hpp"

namespace portico::platform {
namespace {

using base::Document;
using base::Result;

std::string account_name(const Call& call, const std::string& account) {
  return call.desk.find_account(model::Mode::Production, account).value_or(account);
}

Document roles_of(const User& user) {
  std::vector<Document> roles;
  for (const Role role : user.roles) roles.push_back(json::text(name_of(role)));
  return json::list(std::move(roles));
}

Document accounts_of(const Call& call, const User& user) {
  std::vector<Document> accounts;
  for (const Membership& each : call.registry().memberships(user.id)) {
    const std::vector<std::string> scopes = each.everything ? registry_rules(call.site).scopes : each.scopes;
    accounts.push_back(json::object({{"id", json::text(each.account)},
                                     {"name", json::text(account_name(call, each.account))},
                                     {"everything", json::boolean(each.everything)},
                                     {"scopes", json::texts(scopes)}}));
  }
  return json::list(std::move(accounts));
}

/// Faults by the names that an object within the body has, in that object.
base::Error below(base::Error error, const std::string& object) {
  for (base::Fault& fault : error.faults) fault.path.insert(fault.path.begin(), object);
  return error;
}

Reply session_reply(const Call& call, int status, const User& user, const Session& session) {
  Document shown = json::object({{"user", json::object({{"id", json::text(user.id)},
                                                        {"email", json::text(user.email)},
                                                        {"name", json::text(user.name)},
                                                        {"roles", roles_of(user)},
                                                        {"locale", json::text(user.locale)}})},
                                 {"csrf", json::text(session.csrf)},
                                 {"accounts", accounts_of(call, user)},
                                 {"extension_host", json::text(extension_host(call.site, call.inquiry.console))},
                                 {"api", json::text(call.site.api->extension_surface()->base)},
                                 {"expires", json::instant(session.expires)}});
  Reply reply = with_document(status, shown);
  reply.user = user.id;
  return reply;
}

Reply signed_in_reply(const Call& call, const SignedIn& made) {
  Reply reply = session_reply(call, 201, made.user, made.session);
  const base::Microseconds left = made.session.expires - made.session.created;
  reply.response.add("Set-Cookie", set_cookie({.value = made.cookie, .seconds = left / base::microseconds_per_second},
                                              call.inquiry.console));
  return reply;
}

/// What `password` in a body asks for.
std::optional<PasswordChange> take_password(const Call& call, json::Fields& fields) {
  const Document* object = fields.object("password");
  if (object == nullptr) return std::nullopt;
  json::Fields inner(*object, {"password"});
  const auto current = inner.required_text("current");
  const auto wanted = inner.required_text("new");
  fields.take(std::move(inner));
  if (!current || !wanted) return std::nullopt;
  return PasswordChange{
      .user = call.actor(), .current = *current, .wanted = *wanted, .session_hash = call.session.hash};
}

/// Before anything is changed.
base::Status check_profile(const std::optional<std::string>& name, const std::optional<std::string>& locale) {
  std::vector<base::Fault> faults;
  if (name) check_person(*name, faults);
  if (locale) check_locale(*locale, faults);
  if (faults.empty()) return base::ok();
  return base::Error{.code = base::ErrorCode::InvalidData, .message = {}, .faults = std::move(faults)};
}

}  // namespace

Result<Reply> show_session(Call& call) {
  return session_reply(call, 200, call.user, call.session);
}

Result<Reply> begin_session(Call& call) {
  json::Fields fields(call.body);
  const auto email = fields.required_text("email");
  const auto password = fields.required_text("password");
  if (auto read = fields.end(); !read) return std::move(read).error();
  auto made = call.registry().sign_in(*email, *password, call.inquiry.peer);
  if (!made) return std::move(made).error();
  if (!call.inquiry.cookie.empty()) call.registry().sign_out(call.inquiry.cookie);
  return signed_in_reply(call, *made);
}

Result<Reply> end_session(Call& call) {
  call.registry().sign_out(call.inquiry.cookie);
  Reply reply = empty_reply(204);
  reply.response.add("Set-Cookie", set_cookie({.value = "", .seconds = 0}, call.inquiry.console));
  return reply;
}

Result<Reply> change_profile(Call& call) {
  json::Fields fields(call.body);
  const auto name = fields.text("name");
  const auto locale = fields.text("locale");
  const auto password = take_password(call, fields);
  if (auto read = fields.end(); !read) return std::move(read).error();
  if (auto fits = check_profile(name, locale); !fits) return std::move(fits).error();
  if (password) {
    if (auto set = call.registry().change_password(*password); !set) return below(std::move(set).error(), "password");
  }
  if (name || locale) {
    auto set =
        call.registry().set_profile(call.actor(), name.value_or(call.user.name), locale.value_or(call.user.locale));
    if (!set) return std::move(set).error();
  }
  const auto changed = call.registry().find_user(call.actor());
  return session_reply(call, 200, changed.value_or(call.user), call.session);
}

}  // namespace portico::platform
