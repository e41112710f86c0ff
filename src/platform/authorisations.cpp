#include <utility>

#include "base/ids.hpp"
#include "platform/life_cycle.hpp"
#include "platform/registry_impl.hpp"

namespace portico::platform {
namespace {

using base::ErrorCode;
using SeenVersion = Registry::Impl::SeenVersion;

constexpr std::string_view select_authorisations =
    "SELECT a.id, a.user_id, a.account, a.extension, e.name, a.version, v.number, a.scopes, a.hosts, a.created, "
    "a.revoked, v.status FROM portico_authorisations a JOIN portico_extensions e ON e.id = a.extension JOIN "
    "portico_versions v "
    "ON v.id = a.version";

Authorisation authorisation_of(store::OwnRow& row) {
  Authorisation authorisation;
  authorisation.id = text_of(row.at(0));
  authorisation.user = text_of(row.at(1));
  authorisation.account = text_of(row.at(2));
  authorisation.extension = text_of(row.at(3));
  authorisation.extension_name = text_of(row.at(4));
  authorisation.version = text_of(row.at(5));
  authorisation.version_number = static_cast<int>(integer_of(row.at(6)));
  authorisation.scopes = items_of(text_of(row.at(7)));
  authorisation.hosts = items_of(text_of(row.at(8)));
  authorisation.created = integer_of(row.at(9));
  authorisation.revoked = optional_integer_of(row.at(10));
  authorisation.version_status = find_status(text_of(row.at(11))).value();
  return authorisation;
}

std::vector<Authorisation> authorisations_of(store::OwnAnswer answer) {
  std::vector<Authorisation> all;
  all.reserve(answer.rows.size());
  for (store::OwnRow& row : answer.rows) all.push_back(authorisation_of(row));
  return all;
}

struct Agreement {
  std::string id;
  bool is_new = false;  ///< or has become another
};

/// What was agreed to for exactly this version, again: tokens that were made under it stay.
std::optional<Agreement> agree_anew(const Registry::Impl& ground, const SeenVersion& seen, std::string_view account) {
  auto row = ground.first(
      "SELECT id, scopes, hosts FROM portico_authorisations WHERE user_id = $1 AND account = $2 AND version = $3 AND "
      "revoked IS NULL",
      {seen.user.id, bound(account), seen.version.id});
  if (!row) return std::nullopt;
  const std::string scopes = listed(seen.version.scopes);
  const std::string hosts = listed(seen.version.hosts);
  Agreement agreed{.id = text_of(row->at(0))};
  if (text_of(row->at(1)) == scopes && text_of(row->at(2)) == hosts) return agreed;
  ground.run("UPDATE portico_authorisations SET scopes = $2, hosts = $3, created = $4 WHERE id = $1",
             {agreed.id, scopes, hosts, ground.now()});
  agreed.is_new = true;
  return agreed;
}

Agreement agree(const Registry::Impl& ground, const SeenVersion& seen, std::string_view account) {
  if (auto agreed = agree_anew(ground, seen, account)) return *std::move(agreed);
  Agreement agreed{.id = base::make_id(), .is_new = true};
  ground.run(
      "INSERT INTO portico_authorisations(id, user_id, account, extension, version, scopes, hosts, created) VALUES "
      "($1, $2, $3, $4, $5, $6, $7, $8)",
      {agreed.id, seen.user.id, bound(account), seen.extension.id, seen.version.id, listed(seen.version.scopes),
       listed(seen.version.hosts), ground.now()});
  return agreed;
}

/// Whether the version is, or was, in production: what was agreed to for it, and for those before it, lets the one
/// that is there run. Elsewhere an authorisation is for its own version alone.
bool was_published(VersionStatus status) {
  return status == VersionStatus::Production || status == VersionStatus::Down;
}

}  // namespace

base::Status may_run(const SeenVersion& seen) {
  const auto stands = [&](std::string_view who) {
    return refused(ErrorCode::Forbidden,
                   said("A version in ", std::string(name_of(seen.version.status)), " ", std::string(who)));
  };
  switch (runner_of(seen.version.status)) {
    case Runner::Anybody:
      return base::ok();
    case Runner::Developer:
      if (seen.is_owner()) return base::ok();
      return stands("is run by its developer only.");
    case Runner::Operator:
      if (seen.is_operator()) return base::ok();
      return stands("is run by operators only.");
    case Runner::Nobody:
      break;
  }
  return refused(ErrorCode::Conflict,
                 said("The version is ", std::string(name_of(seen.version.status)), "; it does not run any more."));
}

std::optional<Authorisation> Registry::Impl::authorisation_for(const SeenVersion& seen,
                                                               std::string_view account) const {
  auto answer = run(
      said(select_authorisations,
           " WHERE a.user_id = $1 AND a.account = $2 AND a.extension = $3 AND v.number <= $4 AND a.revoked IS NULL "
           "ORDER BY v.number DESC"),
      {seen.user.id, bound(account), seen.extension.id, std::int64_t{seen.version.number}});
  auto all = authorisations_of(std::move(answer));
  for (Authorisation& authorisation : all) {
    if (admits(authorisation, seen.version)) return authorisation;
  }
  // One that does not cover all: its user is asked again.
  const bool was_asked =
      !all.empty() && (seen.version.status == VersionStatus::Production || all.front().version == seen.version.id);
  if (was_asked) return std::move(all.front());
  return std::nullopt;
}

base::Result<Authorisation> Registry::authorise(std::string_view actor, std::string_view name, int number,
                                                std::string_view account) {
  return impl_->transact([&]() -> base::Result<Authorisation> {
    const auto seen = impl_->see_version(actor, name, number);
    if (!seen) return seen.error();
    if (auto may = may_run(*seen); !may) return std::move(may).error();
    if (!impl_->membership(seen->user.id, account)) return no_such_membership();
    const Agreement agreed = agree(*impl_, *seen, account);
    if (agreed.is_new) {
      impl_->audit({.actor = actor,
                    .action = "authorise",
                    .extension = seen->extension.id,
                    .version = seen->version.id,
                    .to = listed(seen->version.scopes)});
    }
    auto row = impl_->first(said(select_authorisations, " WHERE a.id = $1"), {agreed.id});
    return authorisation_of(*row);
  });
}

std::vector<Authorisation> Registry::authorisations(std::string_view actor) {
  if (!base::is_id(actor)) return {};
  return authorisations_of(impl_->run(
      said(select_authorisations, " WHERE a.user_id = $1 AND a.revoked IS NULL ORDER BY a.created DESC, a.id"),
      {bound(actor)}));
}

base::Status Registry::revoke(std::string_view actor, std::string_view authorisation) {
  return impl_->transact([&]() -> base::Status {
    const base::Error nothing = refused(ErrorCode::NotFound, "There is no such authorisation.");
    if (!base::is_id(authorisation) || !base::is_id(actor)) return nothing;
    auto row = impl_->first(said(select_authorisations, " WHERE a.id = $1 AND a.user_id = $2 AND a.revoked IS NULL"),
                            {bound(authorisation), bound(actor)});
    if (!row) return nothing;
    const Authorisation ended = authorisation_of(*row);
    const int earliest = was_published(ended.version_status) ? 0 : ended.version_number;
    impl_->run(
        "UPDATE portico_authorisations SET revoked = $1 WHERE user_id = $2 AND account = $3 AND extension = $4 AND "
        "revoked IS NULL AND version IN (SELECT id FROM portico_versions WHERE extension = $4 AND number BETWEEN $5 "
        "AND $6)",
        {impl_->now(), ended.user, ended.account, ended.extension, std::int64_t{earliest},
         std::int64_t{ended.version_number}});
    impl_->audit({.actor = actor,
                  .action = "revoke",
                  .extension = ended.extension,
                  .version = ended.version,
                  .from = listed(ended.scopes)});
    return base::ok();
  });
}

}  // namespace portico::platform
