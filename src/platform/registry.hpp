#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/key.hpp"
#include "base/limits.hpp"
#include "base/result.hpp"
#include "platform/extension.hpp"
#include "platform/people.hpp"
#include "store/own_tables.hpp"

namespace portico::platform {

/// The rules that a description gives (`extensions:`), as far as the registry needs them.
struct RegistryRules {
  std::vector<std::string> scopes;      ///< all there are: `orders:read`, sorted
  std::chrono::seconds run_token{600};  ///< how long a run's token is good
  std::chrono::seconds test_token{86'400};
  std::chrono::seconds session{12 * 3'600};  ///< how long someone stays signed in
  base::Limits limits = {};
};

/// What time it is.
using Clock = std::function<base::Microseconds()>;

struct NewUser {
  std::string email;
  std::string name;
  std::string password;  ///< at least Limits::password_characters; kept as argon2id alone
  std::vector<Role> roles;
  std::vector<Membership> memberships;  ///< `user` is filled in
  std::string locale{default_locale};
};

/// A user's own wish for another password.
struct PasswordChange {
  std::string user;     ///< id
  std::string current;  ///< to prove that it is them
  std::string wanted;
  std::string session_hash;  ///< the session that stays; all others of the user's end
};

/// Who signed in. The cookie's value and the CSRF token are shown once.
struct SignedIn {
  User user;
  std::string cookie;  ///< 64 hex digits
  Session session;
};

struct NewExtension {
  std::string name;
  std::string title;
  std::string description;
};

/// What of a version in development is to become different; what is not there stays.
struct VersionChange {
  std::optional<int> running;
  std::optional<std::vector<std::string>> scopes;
  std::optional<std::vector<std::string>> hosts;
};

/// A token of an extension, shown once.
struct MintedToken {
  std::string token;
  std::string run;  ///< of a run: what renew() takes; empty: a test token
  base::Microseconds expires = 0;
};

/// A run that was asked for and has not begun: its page is fetched with `ticket` once, within `run_ticket_seconds`.
struct Ticket {
  std::string ticket;  ///< 64 hex digits; kept hashed
  std::string run;     ///< 32 hex digits
};
inline constexpr std::chrono::seconds run_ticket_lifetime{60};

/// What a ticket was good for: all that the page is told, and the token, which begins with it.
struct BegunRun {
  MintedToken token;
  User user;
  std::string account;
  Extension extension;
  Version version;
  std::string console;  ///< the origin of the developer space that embeds it: `http://localhost:8080`
};

/// Users, extensions and all that belongs to them, in the database that the keys are in. What the developer space
/// and the commands do, they do here; each call is one transaction, durable when it returns, and writes the audit
/// trail. `actor` is the id of the user who asks: what he may not do is Forbidden, what he may not see NotFound, in
/// the same words as what is not there. One thread at a time; waits for the database. Throws what OwnTables throws.
///
/// Errors: InvalidData with faults by field; Conflict (a name that is taken, a status that has changed meanwhile);
/// Forbidden; NotFound; Unavailable where others change the same again and again.
class Registry {
 public:
  Registry(std::unique_ptr<store::OwnTables> tables, RegistryRules rules, Clock clock = base::now);
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  // Users. Made, changed and removed by commands, which are nobody's sessions.

  [[nodiscard]] base::Result<User> create_user(const NewUser& wanted);
  [[nodiscard]] std::vector<User> users();
  [[nodiscard]] std::optional<User> find_user(std::string_view id);
  [[nodiscard]] std::optional<User> find_user_by_email(std::string_view email);
  /// Their sessions, runs and tokens end with the next request. Not yet removed; else NotFound.
  [[nodiscard]] base::Status remove_user(std::string_view id);
  /// By a command: all their sessions end.
  [[nodiscard]] base::Status set_password(std::string_view id, std::string_view password);
  /// By themselves. InvalidData for `current`, too; TooManyRequests as sign_in.
  [[nodiscard]] base::Status change_password(const PasswordChange& change);
  [[nodiscard]] base::Status set_profile(std::string_view id, std::string_view name, std::string_view locale);
  [[nodiscard]] std::vector<Membership> memberships(std::string_view user);
  /// Gives, changes or (with neither everything nor scopes) takes it away.
  [[nodiscard]] base::Status set_membership(const Membership& membership);

  // Sessions

  /// Forbidden, in the same words and after the same work, for an unknown e-mail address, a wrong password and a
  /// removed user; TooManyRequests with retry_after after too many of them for the address or from the peer
  /// (Limits::sign_in_failures within Limits::sign_in_window). `peer` is empty where it cannot be told from others.
  [[nodiscard]] base::Result<SignedIn> sign_in(std::string_view email, std::string_view password,
                                               std::string_view peer);
  /// The session of that cookie and its user; nothing where it has ended.
  [[nodiscard]] std::optional<std::pair<Session, User>> find_session(std::string_view cookie);
  void sign_out(std::string_view cookie);

  // Extensions

  /// By a developer, with version 1 in development and commit 0, a boilerplate that runs.
  [[nodiscard]] base::Result<Extension> declare(std::string_view actor, const NewExtension& wanted);
  /// A developer's own; an operator's: all.
  [[nodiscard]] base::Result<std::vector<Extension>> extensions(std::string_view actor);
  /// By its name. Its developer and operators; others only where it has a version in production.
  [[nodiscard]] base::Result<Extension> find_extension(std::string_view actor, std::string_view name);
  /// By its developer: title and description of the extension that has the name of `changed`.
  [[nodiscard]] base::Status describe(std::string_view actor, const Extension& changed);
  [[nodiscard]] base::Status set_image(std::string_view actor, std::string_view name, std::string_view type,
                                       std::string_view bytes);  ///< empty bytes: none
  [[nodiscard]] std::optional<std::pair<std::string, std::string>> image(std::string_view name);  ///< type, bytes
  /// Newest first. Of a foreign extension only what is in production.
  [[nodiscard]] base::Result<std::vector<Version>> versions(std::string_view actor, std::string_view name);
  [[nodiscard]] base::Result<Version> find_version(std::string_view actor, std::string_view name, int number);
  /// A new one in development, with scopes, hosts and running files of the newest. Conflict: one is in development.
  [[nodiscard]] base::Result<Version> begin_version(std::string_view actor, std::string_view name);
  [[nodiscard]] base::Status change_version(std::string_view actor, std::string_view name, int number,
                                            const VersionChange& change);
  /// Forbidden for who may not; Conflict where the version stands elsewhere, or another one stands where it is to go;
  /// InvalidData where a reason is needed. Publish takes the one that was in production Down in the same transaction.
  [[nodiscard]] base::Result<Version> move(std::string_view actor, std::string_view name, int number,
                                           Transition transition, std::string_view reason);
  /// What the user may do to the version now, by the same table.
  [[nodiscard]] std::vector<Transition> transitions(const User& user, const Extension& extension,
                                                    const Version& version) const;
  /// All versions that are in revision, oldest first, for operators.
  [[nodiscard]] base::Result<std::vector<std::pair<Extension, Version>>> review_queue(std::string_view actor);
  /// What is in production.
  [[nodiscard]] std::vector<std::pair<Extension, Version>> marketplace();
  [[nodiscard]] base::Result<std::vector<AuditEntry>> history(std::string_view actor, std::string_view name);

  // Commits

  /// A new commit of the version in development, which runs from then on. `files` are checked already (archive
  /// rules); InvalidData where there is no index.html.
  [[nodiscard]] base::Result<Commit> commit(std::string_view actor, std::string_view name,
                                            const std::vector<UploadedFile>& files, std::string_view message);
  [[nodiscard]] base::Result<std::vector<Commit>> commits(std::string_view actor, std::string_view name, int number);
  [[nodiscard]] base::Result<std::vector<FileEntry>> files(std::string_view actor, std::string_view name, int number,
                                                           int commit);
  [[nodiscard]] base::Result<std::string> file_bytes(std::string_view actor, std::string_view name, int number,
                                                     int commit, std::string_view path);

  // What is served on the extension's own origins: the version that stands so, and a file of the commit that runs.

  struct ServedFile {
    FileEntry entry;
    std::string bytes;
  };
  [[nodiscard]] std::optional<Version> served_version(std::string_view name, VersionStatus status);
  [[nodiscard]] std::optional<ServedFile> served_file(const Version& version, std::string_view path);

  // Authorisations, runs and tokens

  /// The user agrees, for an account of theirs, to all that the version asks for, and to no more than that.
  /// Development: its developer; Revision: operators; Production: anybody; else Conflict. An authorisation for the
  /// same version and account stays the same, with what is agreed to now.
  [[nodiscard]] base::Result<Authorisation> authorise(std::string_view actor, std::string_view name, int number,
                                                      std::string_view account);
  /// The actor's own that are not revoked, newest first.
  [[nodiscard]] std::vector<Authorisation> authorisations(std::string_view actor);
  /// Of the actor's own. All tokens made under it end at their next request. Where its version is in production, or
  /// was, those of the same extension and account for earlier versions go with it, for they would let what is there
  /// run on.
  [[nodiscard]] base::Status revoke(std::string_view actor, std::string_view authorisation);
  /// Of the developer's own development version, authorised for that account as it is now; else Forbidden.
  [[nodiscard]] base::Result<MintedToken> test_token(std::string_view actor, std::string_view name,
                                                     std::string_view account);
  /// A version that one may authorise, that is authorised for the account and asks for nothing that was not agreed
  /// to; else Forbidden. In production an authorisation for an earlier version does. `console`: see BegunRun.
  [[nodiscard]] base::Result<Ticket> run(std::string_view actor, std::string_view name, int number,
                                         std::string_view account, std::string_view console);
  /// Takes the ticket, once, and mints the run's first token. Nothing: it is none, was taken, or has expired; or it
  /// is for another extension or status than the origin that asks.
  [[nodiscard]] std::optional<BegunRun> begin_run(std::string_view ticket, std::string_view name,
                                                  VersionStatus status);
  /// Another token for a run of the actor's that has begun, while all that its tokens depend on stands; else
  /// Forbidden.
  [[nodiscard]] base::Result<MintedToken> renew(std::string_view actor, std::string_view run);

  class Impl;  ///< of the registry's own sources

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace portico::platform
