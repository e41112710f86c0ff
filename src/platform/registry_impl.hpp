#pragma once

#include <chrono>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/registry.hpp"

namespace portico::platform {

[[nodiscard]] inline base::Microseconds micros(std::chrono::seconds seconds) {
  return std::chrono::duration_cast<std::chrono::microseconds>(seconds).count();
}

/// How often a transaction that others got in the way of is begun.
inline constexpr int attempts_max = 20;

/// What the parts of the registry share: the tables, the rules, and whom they are asked for. Everything that finds
/// something may be called within a transaction and outside.
class Registry::Impl {
 public:
  Impl(std::unique_ptr<store::OwnTables> own, RegistryRules of_description, Clock clock)
      : tables(std::move(own)), rules(std::move(of_description)), now(std::move(clock)) {}

  const std::unique_ptr<store::OwnTables> tables;
  const RegistryRules rules;
  const Clock now;

  /// One that may be refused: then the transaction is over, and nothing more may be run in it.
  store::OwnAnswer attempt(std::string_view sql, std::initializer_list<store::OwnValue> binds) const {
    return tables->run(sql, {binds.begin(), binds.size()});
  }
  /// One that only others could have got in the way of: OwnTablesBusy where it is refused.
  store::OwnAnswer run(std::string_view sql, std::initializer_list<store::OwnValue> binds = {}) const {
    store::OwnAnswer answer = attempt(sql, binds);
    if (answer.refusal != store::OwnRefusal::None) throw store::OwnTablesBusy("refused: " + std::string(sql));
    return answer;
  }
  /// The first row, if there is one.
  [[nodiscard]] std::optional<store::OwnRow> first(std::string_view sql,
                                                   std::initializer_list<store::OwnValue> binds = {}) const {
    store::OwnAnswer answer = run(sql, binds);
    if (answer.rows.empty()) return std::nullopt;
    return std::move(answer.rows.front());
  }

  /// `work`, a function that gives a base::Result, in a transaction: committed where it gives a value, and done again
  /// where others got in its way.
  template <typename Work>
  auto transact(const Work& work) const -> decltype(work()) {
    for (int attempt = 1;; ++attempt) {
      try {
        store::OwnTransaction transaction(*tables);
        auto result = work();
        if (result) transaction.commit();
        return result;
      } catch (const store::OwnTablesBusy& busy) {
        if (attempt < attempts_max) continue;
        return base::Error{.code = base::ErrorCode::Unavailable,
                           .message = "Others are changing the same; try again.",
                           .detail = busy.what()};
      }
    }
  }

  // Users

  /// Of an id; also one who was removed.
  [[nodiscard]] std::optional<User> find_user(std::string_view id) const;
  /// The user who asks. Forbidden where they are not there any more.
  [[nodiscard]] base::Result<User> acting(std::string_view actor) const;
  [[nodiscard]] std::optional<Membership> membership(std::string_view user, std::string_view account) const;

  // Extensions

  struct Seen {
    User user;
    Extension extension;
    [[nodiscard]] bool is_owner() const { return extension.owner == user.id; }
    [[nodiscard]] bool is_operator() const { return user.has(Role::Operator); }
    [[nodiscard]] bool sees_all() const { return is_owner() || is_operator(); }
  };
  struct SeenVersion : Seen {
    Version version;
  };
  /// The extension of that name, as far as the actor may see it; else NotFound, in the same words.
  [[nodiscard]] base::Result<Seen> see(std::string_view actor, std::string_view name) const;
  [[nodiscard]] base::Result<SeenVersion> see_version(std::string_view actor, std::string_view name,
                                                      int number) const;
  /// The same, for its developer; Forbidden for others who see it.
  [[nodiscard]] base::Result<Seen> own(std::string_view actor, std::string_view name) const;
  /// The developer's version that is in development, of that number; Conflict where it stands elsewhere.
  [[nodiscard]] base::Result<SeenVersion> own_in_development(std::string_view actor, std::string_view name,
                                                             int number) const;
  [[nodiscard]] std::optional<Version> version_in(std::string_view extension, VersionStatus status) const;
  [[nodiscard]] std::vector<Version> versions_of(std::string_view extension) const;  ///< newest first

  struct Entry {
    std::string_view actor;
    std::string_view action;
    std::string_view extension;
    std::string_view version = {};
    std::string from = {};
    std::string to = {};
    std::string_view reason = {};
  };
  void audit(const Entry& entry) const;

  // Commits

  struct NewCommit {
    std::string_view version;
    int number = 0;
    std::string_view author;
    std::string_view message;
  };
  /// The commit with its files; their bytes are kept once.
  Commit add_commit(const NewCommit& wanted, const std::vector<UploadedFile>& files) const;

  // Authorisations

  /// What lets the version act for the user and the account: its own authorisation, or in production an earlier one
  /// that covers it. Nothing: none does; it may be one that does not cover all.
  [[nodiscard]] std::optional<Authorisation> authorisation_for(const SeenVersion& seen,
                                                               std::string_view account) const;
};

/// Whether who sees the version may run it and let it act for an account: Forbidden, or Conflict where nobody may.
[[nodiscard]] base::Status may_run(const Registry::Impl::SeenVersion& seen);

// What rows hold. Each throws std::bad_variant_access for a column of another type.

[[nodiscard]] std::string text_of(store::OwnValue& value);
[[nodiscard]] std::int64_t integer_of(const store::OwnValue& value);
[[nodiscard]] std::optional<std::int64_t> optional_integer_of(const store::OwnValue& value);
[[nodiscard]] store::OwnValue optional_value(const std::optional<std::int64_t>& value);
/// Lists are kept as texts joined by a space.
[[nodiscard]] std::string listed(const std::vector<std::string>& items);
[[nodiscard]] std::vector<std::string> items_of(std::string_view list);
[[nodiscard]] inline store::OwnValue bound(std::string_view text) {
  return std::string(text);
}

inline constexpr std::string_view user_columns = "u.id, u.email, u.name, u.roles, u.locale, u.created, u.removed";
[[nodiscard]] User user_of(store::OwnRow& row, std::size_t from = 0);
inline constexpr std::string_view extension_columns =
    "e.id, e.name, e.title, e.description, e.image_type, e.owner, e.created";
[[nodiscard]] Extension extension_of(store::OwnRow& row, std::size_t from = 0);
inline constexpr std::string_view version_columns =
    "v.id, v.extension, v.number, v.status, v.running, v.scopes, v.hosts, v.words, v.created, v.changed";
[[nodiscard]] Version version_of(store::OwnRow& row, std::size_t from = 0);

/// `a` and what follows it, as one text.
template <typename... Parts>
[[nodiscard]] std::string said(std::string_view first, const Parts&... parts) {
  std::string whole(first);
  (whole.append(parts), ...);
  return whole;
}

[[nodiscard]] inline base::Error refused(base::ErrorCode code, std::string message) {
  return {.code = code, .message = std::move(message)};
}
/// InvalidData for one field.
[[nodiscard]] base::Error invalid(std::vector<std::string> path, std::string message);
[[nodiscard]] base::Error invalid(std::vector<base::Fault> faults);

/// Forbidden, in the same words for an account that is not there.
[[nodiscard]] base::Error no_such_membership();

inline constexpr std::string_view no_such_extension = "There is no such extension.";
inline constexpr std::string_view no_such_version = "There is no such version.";

}  // namespace portico::platform
