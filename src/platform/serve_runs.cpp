#include <optional>

#include "platform/endpoints.hpp"
#include "platform/json.hpp"
#include "platform/life_cycle.hpp"

namespace portico::platform {
namespace {

using base::Document;
using base::Error;
using base::ErrorCode;
using base::Result;

Result<std::string> take_account(const Call& call) {
  json::Fields fields(call.body);
  auto account = fields.required_text("account");
  if (auto read = fields.end(); !read) return std::move(read).error();
  return std::move(*account);
}

/// The version that a path names.
Result<Version> find_named(const Call& call) {
  const auto number = call.number(1);
  if (!number) return number.error();
  return call.registry().find_version(call.actor(), call.arguments[0], *number);
}

/// As it can be pasted into a shell: an origin and a path of ours hold no quotes. Null: there is nothing to read.
Document curl_line(const std::string& token, const std::optional<std::string>& url) {
  if (!url) return json::null();
  return json::text("curl -H 'Authorization: Bearer " + token + "' " + *url);
}

}  // namespace

Result<Reply> make_test_token(Call& call) {
  const auto version = find_named(call);
  if (!version) return version.error();
  const auto account = take_account(call);
  if (!account) return account.error();
  if (version->status != VersionStatus::Development) {
    return Error{.code = ErrorCode::Forbidden,
                 .message = "Test tokens are for the version in development, and this one is " +
                            standing_of(version->status) + "."};
  }
  const auto made = call.registry().test_token(call.actor(), call.arguments[0], *account);
  if (!made) return made.error();
  return with_document(
      201, json::object({{"token", json::text(made->token)},
                         {"expires", json::instant(made->expires)},
                         {"curl", curl_line(made->token, example_url(call.site, call.inquiry.console, *version))}}));
}

Result<Reply> begin_run(Call& call) {
  const auto version = find_named(call);
  if (!version) return version.error();
  const auto account = take_account(call);
  if (!account) return account.error();
  const std::string& console = call.inquiry.console;
  const auto made = call.registry().run(call.actor(), call.arguments[0], version->number, *account, console);
  if (!made) return made.error();
  const std::string origin =
      extension_origin(call.site, console, {.name = call.arguments[0], .status = version->status});
  return with_document(201, json::object({{"run", json::text(made->run)},
                                          {"url", json::text(origin + "/?run=" + made->ticket)},
                                          {"origin", json::text(origin)}}));
}

Result<Reply> renew_token(Call& call) {
  const auto made = call.registry().renew(call.actor(), call.arguments[0]);
  if (!made) return made.error();
  return with_document(201,
                       json::object({{"token", json::text(made->token)}, {"expires", json::instant(made->expires)}}));
}

}  // namespace portico::platform
