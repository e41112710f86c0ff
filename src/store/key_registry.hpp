#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "access/grant.hpp"
#include "access/key.hpp"
#include "access/maintenance.hpp"
#include "base/result.hpp"

namespace portico::store {

/// Whose public key is wanted, and good for what.
struct PublicKeyQuery {
  std::string_view account;
  model::Mode mode = model::Mode::Production;
  base::Microseconds now = 0;  ///< it is valid then
};

/// Old tokens are kept so long, to be told that they have expired; and so many of the older ones go with each new
/// one.
inline constexpr base::Microseconds token_kept_after = base::Microseconds{24} * 3'600 * 1'000'000;
inline constexpr int tokens_swept = 100;

/// The keys of a store, with their access tokens and what is under maintenance, as the commands that manage them see
/// it; a running server sees each change at its next request. Waits for what it asks: in place on a file, for an
/// answer over a network. One thread at a time. Two implementations: SqliteKeyRegistry and PostgresKeyRegistry. Every
/// function throws std::runtime_error (SqliteError, PostgresError) where the keys cannot be read or written.
class KeyRegistry {
 public:
  virtual ~KeyRegistry() = default;
  KeyRegistry(const KeyRegistry&) = delete;
  KeyRegistry& operator=(const KeyRegistry&) = delete;

  /// Whether the keys are where they were; else Unavailable.
  [[nodiscard]] virtual base::Status reachable() const = 0;
  /// Durable when it returns. Of a public key the token is kept too: it is no secret, and may be shown again.
  virtual void add(const access::NewKey& key) = 0;
  /// The key or the access token of that id. A token ends with its key.
  [[nodiscard]] virtual std::optional<access::KeyRecord> find(std::string_view id) const = 0;
  /// What the token of an extension of that id stands for, as of now; nothing where there is none, or no extensions
  /// at all.
  [[nodiscard]] virtual std::optional<access::Grant> find_grant(std::string_view id) const = 0;
  /// The token of the account's newest public key that works in the mode, is not revoked and has not expired;
  /// nothing where there is none. Keys that were made before tokens were kept are none.
  [[nodiscard]] virtual std::optional<std::string> find_public(const PublicKeyQuery& query) const = 0;
  /// All, revoked ones too, oldest first.
  [[nodiscard]] virtual std::vector<access::KeyRecord> list() const = 0;
  /// Whether the key was there and not yet revoked; durable when it returns.
  virtual bool revoke(std::string_view id, base::Microseconds when) = 0;
  /// Revokes the key and adds the other, both or neither: of those who replace one key, or revoke it, one does it.
  /// Whether this did; durable when it returns.
  virtual bool replace(std::string_view id, const access::NewKey& by) = 0;

  /// Keeps an access token; false where its key has ended. Not durable: whose token is lost asks for another. Removes
  /// old ones.
  virtual bool add_token(const access::KeyRecord& token) = 0;

  [[nodiscard]] virtual access::MaintenanceState maintenance() const = 0;
  /// Begins maintenance of those modes, says something else of it, or, with none, ends it; durable when it returns.
  virtual void set_maintenance(access::KeyModes modes, const std::optional<access::Maintenance>& maintenance) = 0;

 protected:
  KeyRegistry() = default;
};

}  // namespace portico::store
