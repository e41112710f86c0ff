#include <utility>

#include "access/key.hpp"
#include "base/ids.hpp"
#include "base/web_address.hpp"
#include "platform/input_rules.hpp"
#include "platform/registry_impl.hpp"
#include "platform/secrets.hpp"

namespace portico::platform {
namespace {

using base::ErrorCode;
using SeenVersion = Registry::Impl::SeenVersion;

/// Ended tokens are kept so long, to be told that they have expired; and so many of the older ones go with each new
/// one. Runs are kept as long after their last token, for pages that slept.
constexpr base::Microseconds kept_after = base::Microseconds{24} * 3'600 * 1'000'000;
constexpr std::int64_t swept = 100;

base::Error ended() {
  return refused(ErrorCode::Forbidden, "This run has ended, or what it needs: open the extension again.");
}

/// Whose token, and for what.
struct TokenGround {
  access::KeyKind kind = access::KeyKind::Run;
  std::string authorisation;
  std::string account;
  std::string version;
  VersionStatus status = VersionStatus::Development;
  std::int64_t commit = 0;
  std::string run;
};

MintedToken mint(const Registry::Impl& ground, const TokenGround& wanted) {
  const bool is_run = wanted.kind == access::KeyKind::Run;
  const access::NewKey made =
      access::make_run_token({.kind = wanted.kind,
                              .account = wanted.account,
                              .lifetime = is_run ? ground.rules.run_token : ground.rules.test_token,
                              .now = ground.now()});
  const base::Microseconds expires = made.record.expires.value();
  ground.run(
      "DELETE FROM portico_run_tokens WHERE id IN (SELECT id FROM portico_run_tokens WHERE expires < $1 ORDER BY "
      "expires "
      "LIMIT $2)",
      {made.record.created - kept_after, swept});
  ground.run(
      "INSERT INTO portico_run_tokens(id, secret_hash, kind, authorisation, version, status, commit_number, run, "
      "created, "
      "expires) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
      {made.record.id, store::Bytes{made.record.secret_hash}, bound(access::name_of(wanted.kind)),
       wanted.authorisation, wanted.version, bound(name_of(wanted.status)), wanted.commit, wanted.run,
       made.record.created, expires});
  return {.token = made.token, .run = wanted.run, .expires = expires};
}

/// A run whose authorisation, version, user and membership are as when it was made. A status that was left and came
/// back to is another.
constexpr std::string_view standing_runs =
    " FROM portico_runs r JOIN portico_authorisations a ON a.id = r.authorisation JOIN portico_versions v ON v.id = "
    "r.version JOIN portico_extensions e ON e.id = v.extension JOIN portico_users u ON u.id = a.user_id JOIN "
    "portico_members m ON m.user_id = a.user_id AND m.account = a.account WHERE a.revoked IS NULL AND v.status = "
    "r.status AND v.changed <= r.created AND u.removed IS NULL";

/// The columns behind what is selected before them.
constexpr std::string_view run_columns = "r.id, a.id, a.account, r.version, r.status, r.commit_number";
constexpr std::size_t run_column_count = 6;

TokenGround token_ground_of(store::OwnRow& row) {
  return {.kind = access::KeyKind::Run,
          .authorisation = text_of(row.at(1)),
          .account = text_of(row.at(2)),
          .version = text_of(row.at(3)),
          .status = find_status(text_of(row.at(4))).value(),
          .commit = integer_of(row.at(5)),
          .run = text_of(row.at(0))};
}

/// An origin as browsers write it: what messages are sent to exactly.
bool is_origin(std::string_view text) {
  const auto address = base::parse_web_address(text);
  return address && said(address->is_secure ? "https://" : "http://", address->host_field()) == text;
}

/// The user's own authorisation that lets the version act for the account, all that it asks for.
base::Result<Authorisation> agreed(const Registry::Impl& ground, const SeenVersion& seen, std::string_view account) {
  if (!ground.membership(seen.user.id, account)) return no_such_membership();
  auto authorisation = ground.authorisation_for(seen, account);
  if (!authorisation) {
    return refused(ErrorCode::Forbidden, "You have not authorised this version for this account.");
  }
  if (!covers(*authorisation, seen.version)) {
    return refused(ErrorCode::Forbidden,
                   "The version asks for more than you agreed to; authorise it again for this account.");
  }
  return *std::move(authorisation);
}

}  // namespace

base::Error no_such_membership() {
  return refused(ErrorCode::Forbidden, "You do not act for this account.");
}

base::Result<MintedToken> Registry::test_token(std::string_view actor, std::string_view name,
                                               std::string_view account) {
  return impl_->transact([&]() -> base::Result<MintedToken> {
    const auto own = impl_->own(actor, name);
    if (!own) return own.error();
    auto version = impl_->version_in(own->extension.id, VersionStatus::Development);
    if (!version) {
      return refused(ErrorCode::Forbidden, "Test tokens are for a version in development; there is none.");
    }
    SeenVersion seen;
    static_cast<Impl::Seen&>(seen) = *own;
    seen.version = *std::move(version);
    const auto authorisation = agreed(*impl_, seen, account);
    if (!authorisation) return authorisation.error();
    MintedToken token = mint(*impl_, {.kind = access::KeyKind::Test,
                                      .authorisation = authorisation->id,
                                      .account = std::string(account),
                                      .version = seen.version.id,
                                      .status = VersionStatus::Development,
                                      .commit = seen.version.running,
                                      .run = {}});
    impl_->audit(
        {.actor = actor, .action = "test-token", .extension = seen.extension.id, .version = seen.version.id});
    return token;
  });
}

base::Result<Ticket> Registry::run(std::string_view actor, std::string_view name, int number,
                                   std::string_view account, std::string_view console) {
  return impl_->transact([&]() -> base::Result<Ticket> {
    const auto seen = impl_->see_version(actor, name, number);
    if (!seen) return seen.error();
    if (auto may = may_run(*seen); !may) return std::move(may).error();
    if (!is_origin(console)) return invalid({"console"}, "It must be an origin, such as https://api.example.com.");
    const auto authorisation = agreed(*impl_, *seen, account);
    if (!authorisation) return authorisation.error();
    const Ticket ticket{.ticket = new_secret(), .run = base::make_id()};
    const base::Microseconds now = impl_->now();
    impl_->run(
        "DELETE FROM portico_runs WHERE id IN (SELECT id FROM portico_runs WHERE expires < $1 ORDER BY expires LIMIT "
        "$2)",
        {now - kept_after, swept});
    impl_->run(
        "INSERT INTO portico_runs(id, ticket_hash, authorisation, version, status, commit_number, console, created, "
        "expires) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        {ticket.run, hash_of(ticket.ticket), authorisation->id, seen->version.id,
         bound(name_of(seen->version.status)), std::int64_t{seen->version.running}, bound(console), now,
         now + micros(run_ticket_lifetime)});
    return ticket;
  });
}

std::optional<BegunRun> Registry::begin_run(std::string_view ticket, std::string_view name, VersionStatus status) {
  if (!is_extension_name(name)) return std::nullopt;
  auto begun = impl_->transact([&]() -> base::Result<BegunRun> {
    const base::Microseconds now = impl_->now();
    auto row = impl_->first(
        said("SELECT ", run_columns, ", r.console, ", user_columns, ", ", extension_columns, ", ", version_columns,
             standing_runs,
             " AND r.ticket_hash = $1 AND r.begun IS NULL AND r.expires > $2 AND e.name = $3 AND r.status = $4"),
        {hash_of(ticket), now, bound(name), bound(name_of(status))});
    if (!row) return ended();
    const TokenGround ground = token_ground_of(*row);
    constexpr std::size_t user_at = run_column_count + 1;
    constexpr std::size_t extension_at = user_at + 7;
    constexpr std::size_t version_at = extension_at + 7;
    BegunRun run{.token = mint(*impl_, ground),
                 .user = user_of(*row, user_at),
                 .account = ground.account,
                 .extension = extension_of(*row, extension_at),
                 .version = version_of(*row, version_at),
                 .console = text_of(row->at(run_column_count))};
    run.version.running = static_cast<int>(ground.commit);
    const auto taken = impl_->run("UPDATE portico_runs SET begun = $2, expires = $3 WHERE id = $1 AND begun IS NULL",
                                  {ground.run, now, run.token.expires});
    if (taken.changed == 0) return ended();
    return run;
  });
  if (!begun) return std::nullopt;
  return *std::move(begun);
}

base::Result<MintedToken> Registry::renew(std::string_view actor, std::string_view run) {
  if (!base::is_id(actor) || !base::is_id(run)) return ended();
  return impl_->transact([&]() -> base::Result<MintedToken> {
    auto row = impl_->first(
        said("SELECT ", run_columns, standing_runs, " AND r.id = $1 AND a.user_id = $2 AND r.begun IS NOT NULL"),
        {bound(run), bound(actor)});
    if (!row) return ended();
    MintedToken token = mint(*impl_, token_ground_of(*row));
    impl_->run("UPDATE portico_runs SET expires = $2 WHERE id = $1", {bound(run), token.expires});
    return token;
  });
}

}  // namespace portico::platform
