#include <utility>

#include "base/text.hpp"
#include "platform/input_rules.hpp"
#include "platform/passwords.hpp"
#include "platform/registry_impl.hpp"
#include "platform/secrets.hpp"

namespace portico::platform {
namespace {

using base::ErrorCode;

constexpr base::Microseconds second = 1'000'000;

/// Who tries passwords, and how often one may be wrong.
struct Subject {
  std::string name;
  std::size_t failures_max = 0;
};

/// Of attempts that count, and those that might fail.
class Throttle {
 public:
  Throttle(const Registry::Impl& ground, std::vector<Subject> subjects)
      : ground_(ground), subjects_(std::move(subjects)), at_(ground.now()) {}

  /// Counts the attempt as one that failed, until it turns out otherwise: so that many at once are not more than one
  /// after the other. TooManyRequests, and nothing counted, where there were too many.
  [[nodiscard]] base::Status begin() const {
    const base::Microseconds window = micros(ground_.rules.limits.sign_in_window);
    return ground_.transact([&]() -> base::Status {
      ground_.run("DELETE FROM portico_sign_in_failures WHERE at <= $1", {at_ - window});
      for (const Subject& subject : subjects_) {
        const auto oldest = ground_.first(
            "SELECT at FROM portico_sign_in_failures WHERE subject = $1 ORDER BY at DESC LIMIT 1 OFFSET $2",
            {subject.name, static_cast<std::int64_t>(subject.failures_max) - 1});
        if (oldest) return too_many(integer_of(oldest->at(0)) + window);
      }
      for (const Subject& subject : subjects_) {
        ground_.run("INSERT INTO portico_sign_in_failures(subject, at) VALUES ($1, $2)", {subject.name, at_});
      }
      return base::ok();
    });
  }

  /// It did not fail: it was no failure of the peer, and there were none for the address. Within a transaction.
  void succeed() const {
    ground_.run("DELETE FROM portico_sign_in_failures WHERE subject = $1", {subjects_.front().name});
    for (const Subject& subject : subjects_) {
      ground_.run("DELETE FROM portico_sign_in_failures WHERE subject = $1 AND at = $2", {subject.name, at_});
    }
  }

 private:
  [[nodiscard]] base::Error too_many(base::Microseconds until) const {
    base::Error error = refused(ErrorCode::TooManyRequests, "Too many wrong passwords; wait before you try again.");
    error.retry_after = std::max<std::int64_t>((until - at_ + second - 1) / second, 1);
    return error;
  }

  const Registry::Impl& ground_;
  const std::vector<Subject> subjects_;  // the address first
  const base::Microseconds at_;
};

Subject address_subject(std::string_view email, const base::Limits& limits) {
  return {.name = said("address ", base::folded(email)), .failures_max = limits.sign_in_failures};
}

}  // namespace

base::Result<SignedIn> Registry::sign_in(std::string_view email, std::string_view password, std::string_view peer) {
  const base::Error wrong = refused(ErrorCode::Forbidden, "The e-mail address or the password is wrong.");
  std::vector<base::Fault> faults;
  check_email(email, faults);
  // What is no address is nobody's, and is not kept.
  const std::string_view known_form = faults.empty() ? email : "none";
  std::vector<Subject> subjects = {address_subject(known_form, impl_->rules.limits)};
  if (!peer.empty()) {
    subjects.push_back({.name = said("peer ", peer), .failures_max = impl_->rules.limits.sign_in_peer_failures});
  }
  const Throttle throttle(*impl_, std::move(subjects));
  if (auto allowed = throttle.begin(); !allowed) return std::move(allowed).error();

  auto row = impl_->first(said("SELECT ", user_columns,
                               ", u.password FROM portico_users u WHERE u.email_folded = $1 AND u.removed IS NULL"),
                          {base::folded(known_form)});
  const std::string hash = row ? text_of(row->at(7)) : std::string();
  const bool is_short = password.size() <= password_bytes_max;
  if (!is_password(is_short ? password : std::string_view(), hash) || !is_short) return wrong;

  SignedIn signed_in{.user = user_of(*row), .cookie = new_secret(), .session = {}};
  const base::Microseconds now = impl_->now();
  signed_in.session = {.hash = hash_of(signed_in.cookie),
                       .user = signed_in.user.id,
                       .csrf = new_secret(),
                       .created = now,
                       .expires = now + micros(impl_->rules.session)};
  return impl_->transact([&]() -> base::Result<SignedIn> {
    // Meanwhile somebody may have removed the user, or given them another password.
    if (!impl_->first("SELECT 1 FROM portico_users WHERE id = $1 AND removed IS NULL AND password = $2",
                      {signed_in.user.id, hash})) {
      return wrong;
    }
    throttle.succeed();
    impl_->run("DELETE FROM portico_sessions WHERE expires <= $1", {now});
    const Session& session = signed_in.session;
    impl_->run("INSERT INTO portico_sessions(hash, user_id, csrf, created, expires) VALUES ($1, $2, $3, $4, $5)",
               {session.hash, session.user, session.csrf, session.created, session.expires});
    return signed_in;
  });
}

std::optional<std::pair<Session, User>> Registry::find_session(std::string_view cookie) {
  auto row = impl_->first(
      said("SELECT ", user_columns,
           ", s.hash, s.csrf, s.created, s.expires FROM portico_sessions s JOIN portico_users u ON u.id = s.user_id "
           "WHERE s.hash = $1 AND s.expires > $2 AND u.removed IS NULL"),
      {hash_of(cookie), impl_->now()});
  if (!row) return std::nullopt;
  User user = user_of(*row);
  Session session{.hash = text_of(row->at(7)),
                  .user = user.id,
                  .csrf = text_of(row->at(8)),
                  .created = integer_of(row->at(9)),
                  .expires = integer_of(row->at(10))};
  return std::pair(std::move(session), std::move(user));
}

void Registry::sign_out(std::string_view cookie) {
  impl_->run("DELETE FROM portico_sessions WHERE hash = $1", {hash_of(cookie)});
}

base::Status Registry::set_password(std::string_view id, std::string_view password) {
  std::vector<base::Fault> faults;
  check_password(password, "password", impl_->rules.limits.password_characters, faults);
  if (!faults.empty()) return invalid(std::move(faults));
  const std::string hash = hash_of_password(password);
  return impl_->transact([&]() -> base::Status {
    const auto user = impl_->find_user(id);
    if (!user || user->removed) return refused(ErrorCode::NotFound, "There is no such user.");
    impl_->run("UPDATE portico_users SET password = $2 WHERE id = $1", {user->id, hash});
    impl_->run("DELETE FROM portico_sessions WHERE user_id = $1", {user->id});
    impl_->run("DELETE FROM portico_sign_in_failures WHERE subject = $1",
               {address_subject(user->email, impl_->rules.limits).name});
    return base::ok();
  });
}

base::Status Registry::change_password(const PasswordChange& change) {
  std::vector<base::Fault> faults;
  check_password(change.wanted, "new", impl_->rules.limits.password_characters, faults);
  if (!faults.empty()) return invalid(std::move(faults));
  const auto user = impl_->acting(change.user);
  if (!user) return user.error();
  const Throttle throttle(*impl_,
                          {{.name = said("user ", user->id), .failures_max = impl_->rules.limits.sign_in_failures}});
  if (auto allowed = throttle.begin(); !allowed) return std::move(allowed).error();
  auto row = impl_->first("SELECT password FROM portico_users WHERE id = $1", {user->id});
  const std::string before = row ? text_of(row->at(0)) : std::string();
  if (change.current.size() > password_bytes_max || !is_password(change.current, before)) {
    return invalid({"current"}, "This is not your password.");
  }
  const std::string hash = hash_of_password(change.wanted);
  return impl_->transact([&]() -> base::Status {
    const auto changed = impl_->run("UPDATE portico_users SET password = $2 WHERE id = $1 AND password = $3",
                                    {user->id, hash, before});
    if (changed.changed == 0) return refused(ErrorCode::Conflict, "Your password was changed meanwhile.");
    throttle.succeed();
    impl_->run("DELETE FROM portico_sessions WHERE user_id = $1 AND hash <> $2", {user->id, change.session_hash});
    return base::ok();
  });
}

}  // namespace portico::platform
