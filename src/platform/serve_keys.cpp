#include "base/time.hpp"
#include "platform/endpoints.hpp"
#include "platform/input_rules.hpp"
#include "platform/json.hpp"

namespace portico::platform {
namespace {

using base::Document;
using base::Error;
using base::ErrorCode;
using base::Result;

/// Keys do all that an account may: they are for who may do all of it for the account.
base::Status check_membership(const Call& call) {
  const auto membership = membership_of(call);
  if (!membership) return membership.error();
  if (membership->everything) return base::ok();
  return Error{.code = ErrorCode::Forbidden,
               .message = "An account's keys are for its members who may do everything for it."};
}

std::vector<base::Member> members_of(const access::KeyRecord& key) {
  return {{"id", json::text(key.id)},
          {"kind", json::text(access::name_of(key.kind))},
          {"mode", json::text(access::name_of(key.modes))},
          {"label", json::text(key.label)},
          {"created", json::instant(key.created)},
          {"expires", json::instant(key.expires)},
          {"revoked", json::instant(key.revoked)}};
}

/// The only time that a private key's token is seen.
Reply made_reply(const access::NewKey& made) {
  std::vector<base::Member> members = {{"token", json::text(made.token)}};
  for (base::Member& member : members_of(made.record)) members.push_back(std::move(member));
  return with_document(201, json::object(std::move(members)));
}

/// Others may have ended it since it was found.
Error ended_already(const Call& call) {
  const auto key = call.desk.keys->find(call.arguments[1]);
  const std::string when = key && key->revoked ? " at " + base::format_timestamp(*key->revoked) : "";
  return {.code = ErrorCode::Conflict, .message = "The key was revoked" + when + " already."};
}

/// A key of the account's, not of another's, and no access token.
Result<access::KeyRecord> find_key(const Call& call) {
  auto found = call.desk.keys->find(call.arguments[1]);
  const bool is_ours =
      found && found->account == call.arguments[0] && found->kind != access::KeyKind::Access && found->parent.empty();
  if (!is_ours) return nothing_there();
  if (found->revoked) return ended_already(call);
  return std::move(*found);
}

std::optional<access::KeyKind> take_kind(json::Fields& fields) {
  const auto name = fields.required_text("kind");
  if (!name) return std::nullopt;
  const auto kind = access::find_kind(*name);
  if (kind == access::KeyKind::Private || kind == access::KeyKind::Public) return kind;
  fields.blame("kind", "Must be private or public.");
  return std::nullopt;
}

/// For an account that is not there a key would open nothing.
std::optional<access::KeyModes> take_modes(const Call& call, json::Fields& fields) {
  const auto name = fields.required_text("mode");
  if (!name) return std::nullopt;
  const auto modes = access::find_modes(*name);
  const bool has_sandbox = call.site.api->has_sandbox();
  if (!modes || (!has_sandbox && *modes != access::KeyModes::Production)) {
    fields.blame("mode", has_sandbox ? "Must be production, sandbox or both." : "Must be production.");
    return std::nullopt;
  }
  for (const model::Mode mode : {model::Mode::Production, model::Mode::Sandbox}) {
    if (!access::works_in(*modes, mode) || call.desk.find_account(mode, call.arguments[0])) continue;
    fields.blame("mode", "The account is not there in " + std::string(model::name_of(mode)) + ".");
    return std::nullopt;
  }
  return modes;
}

std::optional<base::Microseconds> take_expiry(json::Fields& fields, base::Microseconds now) {
  const auto text = fields.text("expires");
  if (!text) return std::nullopt;
  const auto instant = base::parse_timestamp(*text, base::TimeZone::utc());
  if (!instant || *instant <= now) {
    fields.blame("expires", "Must be a moment that is still to come, such as 2030-01-31T00:00:00Z.");
  }
  return instant;
}

}  // namespace

Result<Reply> list_keys(Call& call) {
  if (auto permitted = check_membership(call); !permitted) return std::move(permitted).error();
  std::vector<Document> shown;
  for (const access::KeyRecord& key : call.desk.keys->list()) {
    if (key.account == call.arguments[0]) shown.push_back(json::object(members_of(key)));
  }
  return with_document(200, json::results(std::move(shown)));
}

Result<Reply> create_key(Call& call) {
  if (auto permitted = check_membership(call); !permitted) return std::move(permitted).error();
  const base::Microseconds now = base::now();
  json::Fields fields(call.body);
  const auto kind = take_kind(fields);
  const auto modes = take_modes(call, fields);
  const auto label = fields.required_text("label");
  const std::string fault = label ? label_fault(*label) : "";
  if (!fault.empty()) fields.blame("label", fault);
  const auto expires = take_expiry(fields, now);
  if (auto read = fields.end(); !read) return std::move(read).error();
  const access::NewKey made = access::make_key({.account = call.arguments[0],
                                                .kind = *kind,
                                                .modes = *modes,
                                                .label = *label,
                                                .expires = expires,
                                                .now = now});
  call.desk.keys->add(made);
  return made_reply(made);
}

Result<Reply> rotate_key(Call& call) {
  if (auto permitted = check_membership(call); !permitted) return std::move(permitted).error();
  const auto old = find_key(call);
  if (!old) return old.error();
  const access::NewKey made = access::make_key({.account = old->account,
                                                .kind = old->kind,
                                                .modes = old->modes,
                                                .label = old->label,
                                                .expires = old->expires,
                                                .now = base::now()});
  if (!call.desk.keys->replace(old->id, made)) return ended_already(call);
  return made_reply(made);
}

Result<Reply> revoke_key(Call& call) {
  if (auto permitted = check_membership(call); !permitted) return std::move(permitted).error();
  const auto key = find_key(call);
  if (!key) return key.error();
  if (!call.desk.keys->revoke(key->id, base::now())) return ended_already(call);
  return empty_reply(204);
}

}  // namespace portico::platform
