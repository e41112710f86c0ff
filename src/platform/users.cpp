#include <algorithm>
#include <utility>

#include "base/ids.hpp"
#include "base/text.hpp"
#include "platform/input_rules.hpp"
#include "platform/passwords.hpp"
#include "platform/registry_impl.hpp"

namespace portico::platform {
namespace {

using base::ErrorCode;

/// A user who was removed has given up the address; nobody types this one.
std::string removed_email(std::string_view id) {
  return said("removed ", id);
}

base::Error no_such_user() {
  return refused(ErrorCode::NotFound, "There is no such user.");
}

std::vector<base::Fault> faults_of(const NewUser& wanted, const RegistryRules& rules) {
  std::vector<base::Fault> faults;
  check_email(wanted.email, faults);
  check_person(wanted.name, faults);
  check_password(wanted.password, "password", rules.limits.password_characters, faults);
  check_locale(wanted.locale, faults);
  for (const Membership& membership : wanted.memberships) {
    check_text(membership.account, {.field = "account", .least = 1, .most = account_characters_max}, faults);
    static_cast<void>(checked_scopes(membership.scopes, rules.scopes, faults));
  }
  return faults;
}

std::string names_of(const std::vector<Role>& roles) {
  std::vector<std::string> names;
  names.reserve(roles.size());
  for (const Role role : roles) names.emplace_back(name_of(role));
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return listed(names);
}

/// What a user agreed to for an account ends with their acting for it, and with it its tokens and its runs: who acts
/// for it again is asked again.
constexpr std::string_view end_authorisations =
    "UPDATE portico_authorisations SET revoked = $1 WHERE user_id = $2 AND revoked IS NULL";

constexpr std::string_view insert_member =
    "INSERT INTO portico_members(user_id, account, everything, scopes) VALUES ($1, $2, $3, $4) ON CONFLICT (user_id, "
    "account) DO UPDATE SET everything = excluded.everything, scopes = excluded.scopes";

}  // namespace

User user_of(store::OwnRow& row, std::size_t from) {
  User user;
  user.id = text_of(row.at(from));
  user.email = text_of(row.at(from + 1));
  user.name = text_of(row.at(from + 2));
  for (const std::string& name : items_of(text_of(row.at(from + 3)))) {
    if (const auto role = find_role(name)) user.roles.push_back(*role);
  }
  user.locale = text_of(row.at(from + 4));
  user.created = integer_of(row.at(from + 5));
  user.removed = optional_integer_of(row.at(from + 6));
  return user;
}

std::optional<User> Registry::Impl::find_user(std::string_view id) const {
  if (!base::is_id(id)) return std::nullopt;
  auto row = first(said("SELECT ", user_columns, " FROM portico_users u WHERE u.id = $1"), {bound(id)});
  if (!row) return std::nullopt;
  return user_of(*row);
}

base::Result<User> Registry::Impl::acting(std::string_view actor) const {
  auto user = find_user(actor);
  if (!user || user->removed) return refused(ErrorCode::Forbidden, "You are not a user any more.");
  return *std::move(user);
}

std::optional<Membership> Registry::Impl::membership(std::string_view user, std::string_view account) const {
  std::vector<base::Fault> faults;
  check_text(account, {.field = "account", .least = 1, .most = account_characters_max}, faults);
  if (!faults.empty()) return std::nullopt;
  auto row = first("SELECT everything, scopes FROM portico_members WHERE user_id = $1 AND account = $2",
                   {bound(user), bound(account)});
  if (!row) return std::nullopt;
  return Membership{.user = std::string(user),
                    .account = std::string(account),
                    .everything = integer_of(row->at(0)) != 0,
                    .scopes = items_of(text_of(row->at(1)))};
}

base::Result<User> Registry::create_user(const NewUser& wanted) {
  auto faults = faults_of(wanted, impl_->rules);
  if (!faults.empty()) return invalid(std::move(faults));
  const std::string password = hash_of_password(wanted.password);  // before the transaction: it takes its time
  return impl_->transact([&]() -> base::Result<User> {
    const std::string id = base::make_id();
    const base::Microseconds now = impl_->now();
    const auto added = impl_->attempt(
        "INSERT INTO portico_users(id, email, email_folded, name, password, roles, locale, created) VALUES ($1, $2, "
        "$3, $4, $5, $6, $7, $8)",
        {id, wanted.email, base::folded(wanted.email), wanted.name, password, names_of(wanted.roles), wanted.locale,
         now});
    if (added.refusal == store::OwnRefusal::Unique) {
      return base::Error{.code = ErrorCode::Conflict,
                         .message = "A user has that e-mail address already.",
                         .faults = {{.path = {"email"}, .message = "A user has that e-mail address already."}}};
    }
    for (const Membership& member : wanted.memberships) {
      std::vector<base::Fault> none;
      impl_->run(insert_member, {id, member.account, std::int64_t{member.everything},
                                 listed(checked_scopes(member.scopes, impl_->rules.scopes, none))});
    }
    return impl_->find_user(id).value();
  });
}

std::vector<User> Registry::users() {
  auto answer = impl_->run(said("SELECT ", user_columns, " FROM portico_users u ORDER BY u.created, u.id"));
  std::vector<User> users;
  users.reserve(answer.rows.size());
  for (store::OwnRow& row : answer.rows) users.push_back(user_of(row));
  return users;
}

std::optional<User> Registry::find_user(std::string_view id) {
  return impl_->find_user(id);
}

std::optional<User> Registry::find_user_by_email(std::string_view email) {
  std::vector<base::Fault> faults;
  check_email(email, faults);
  if (!faults.empty()) return std::nullopt;
  auto row = impl_->first(said("SELECT ", user_columns, " FROM portico_users u WHERE u.email_folded = $1"),
                          {base::folded(email)});
  if (!row) return std::nullopt;
  return user_of(*row);
}

base::Status Registry::remove_user(std::string_view id) {
  return impl_->transact([&]() -> base::Status {
    if (!base::is_id(id)) return no_such_user();
    const auto removed = impl_->run(
        "UPDATE portico_users SET removed = $2, email_folded = $3, password = '' WHERE id = $1 AND removed IS NULL",
        {bound(id), impl_->now(), removed_email(id)});
    if (removed.changed == 0) return no_such_user();
    impl_->run("DELETE FROM portico_sessions WHERE user_id = $1", {bound(id)});
    impl_->run(end_authorisations, {impl_->now(), bound(id)});
    return base::ok();
  });
}

base::Status Registry::set_profile(std::string_view id, std::string_view name, std::string_view locale) {
  std::vector<base::Fault> faults;
  check_person(name, faults);
  check_locale(locale, faults);
  if (!faults.empty()) return invalid(std::move(faults));
  if (!base::is_id(id)) return no_such_user();
  const auto changed = impl_->run("UPDATE portico_users SET name = $2, locale = $3 WHERE id = $1 AND removed IS NULL",
                                  {bound(id), bound(name), bound(locale)});
  if (changed.changed == 0) return no_such_user();
  return base::ok();
}

std::vector<Membership> Registry::memberships(std::string_view user) {
  std::vector<Membership> memberships;
  if (!base::is_id(user)) return memberships;
  auto answer = impl_->run(
      "SELECT account, everything, scopes FROM portico_members WHERE user_id = $1 ORDER BY account", {bound(user)});
  for (store::OwnRow& row : answer.rows) {
    memberships.push_back({.user = std::string(user),
                           .account = text_of(row.at(0)),
                           .everything = integer_of(row.at(1)) != 0,
                           .scopes = items_of(text_of(row.at(2)))});
  }
  return memberships;
}

base::Status Registry::set_membership(const Membership& membership) {
  std::vector<base::Fault> faults;
  check_text(membership.account, {.field = "account", .least = 1, .most = account_characters_max}, faults);
  const std::string scopes = listed(checked_scopes(membership.scopes, impl_->rules.scopes, faults));
  if (!faults.empty()) return invalid(std::move(faults));
  return impl_->transact([&]() -> base::Status {
    const auto user = impl_->find_user(membership.user);
    if (!user || user->removed) return no_such_user();
    if (!membership.everything && scopes.empty()) {
      impl_->run("DELETE FROM portico_members WHERE user_id = $1 AND account = $2",
                 {membership.user, membership.account});
      impl_->run(said(end_authorisations, " AND account = $3"), {impl_->now(), membership.user, membership.account});
    } else {
      impl_->run(insert_member, {membership.user, membership.account, std::int64_t{membership.everything}, scopes});
    }
    return base::ok();
  });
}

}  // namespace portico::platform
