#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "access/grant.hpp"
#include "access/key.hpp"
#include "access/maintenance.hpp"
#include "base/result.hpp"
#include "model/api.hpp"
#include "plan/plan.hpp"
#include "store/key_registry.hpp"
#include "store/procedure.hpp"
#include "store/rows.hpp"

namespace portico::store {

/// What a plan gave.
struct Answer {
  Rows rows;               ///< a cell for each of the view's leaves, and perhaps more behind them
  std::int64_t count = 0;  ///< ListPlan: all rows of the list, exact (P12)
  /// Whether the key that the query named was, in the snapshot of the answer, as find_key gave it last. Where not, it
  /// may still be: ask again with Freshness::Now before anything of the answer is shown.
  bool key_is_current = true;
};

/// Whether a key may be given as it was when it was last read, if Answer::key_is_current will tell.
enum class Freshness : std::uint8_t { Remembered, Now };

/// What to run, for whom. All of it must live until the completion.
struct Query {
  const plan::Plan& plan;
  model::Mode mode = model::Mode::Production;
  std::string_view key_id = {};  ///< the key's that asks
};

/// For how long a refused change says that others would be refused, where none was made since.
inline constexpr std::chrono::seconds refusals_remembered{60};

/// One loop's way to the data. Every call and every completion happens on the loop's thread; a completion is called
/// exactly once, perhaps before the call returns. Two implementations: SqliteStore and PostgresStore.
class Store {
 public:
  using KeyFound = std::function<void(base::Result<std::optional<access::KeyRecord>>)>;
  using GrantFound = std::function<void(base::Result<std::optional<access::Grant>>)>;
  using PublicKeyFound = std::function<void(base::Result<std::optional<std::string>>)>;
  using Answered = std::function<void(base::Result<Answer*>)>;
  using Changed = std::function<void(base::Status)>;
  using TokenKept = std::function<void(base::Result<bool>)>;
  using MaintenanceRead = std::function<void(base::Result<const access::MaintenanceState*>)>;
  /// Names a run that is under way; 0 none.
  using Ticket = std::uint64_t;

  virtual ~Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  /// The key, or the access token, whose public part is `id`. Internal or Unavailable where it cannot be read.
  virtual void find_key(std::string_view id, Freshness freshness, KeyFound done) = 0;

  /// What the token of an extension whose public part is `id` stands for, as of now: nothing of it is remembered.
  /// Internal or Unavailable where it cannot be read.
  virtual void find_grant(std::string_view id, GrantFound done) = 0;

  /// The newest public key that is valid, as clients send it; nothing where there is none, or none whose text was
  /// kept. As of now. Internal or Unavailable where it cannot be read. `query` may end with the call.
  virtual void find_public_key(const PublicKeyQuery& query, PublicKeyFound done) = 0;

  /// Keeps an access token, and removes old ones; false: its key has ended. Internal or Unavailable where it cannot
  /// be kept; then it is not, or nobody knows.
  virtual void add_token(const access::KeyRecord& token, TokenKept done) = 0;

  /// What is under maintenance, as it was read within the last second. Null: not so lately; then read_maintenance()
  /// reads it, or says why it cannot (Internal, Unavailable). What it gives lives until the next call.
  [[nodiscard]] virtual const access::MaintenanceState* maintenance() = 0;
  virtual void read_maintenance(MaintenanceRead done) = 0;

  /// Runs a plan, all its statements on one snapshot. The answer lives until the completion returns, and is the
  /// store's to reuse after. Unavailable: overload, query_timeout, or no database. The ticket is 0 where the
  /// completion was called already, or the run cannot be abandoned.
  virtual Ticket run(const Query& query, Answered done) = 0;

  /// Makes a change, in a transaction of its own that nobody sees half of, and says so once it will survive the loss
  /// of power (or that nothing has happened, where its procedure rolled back). Runs to its end whoever waits for it.
  /// The completion's error: Unavailable, nothing has happened (overload, query_timeout, no database, a full disk),
  /// or, where its `detail` says so, nobody knows whether it has, as the database went while it committed; Internal.
  virtual void change(std::shared_ptr<Mutation> mutation, model::Mode mode, Changed done) = 0;

  /// Runs a procedure that only reads, all its statements on one snapshot. Waits for nobody who writes, and nobody
  /// waits for it: none of its statements locks anything. Errors: as of run().
  virtual void consult(std::shared_ptr<Mutation> looking, model::Mode mode, Changed done) = 0;

  /// Nobody waits for that answer any more: its work ends soon, and its completion is called with Unavailable.
  /// Nothing happens where it has ended.
  virtual void abandon(Ticket ticket) = 0;

  /// Whether find_key may give a key as it was (Freshness::Remembered); where not, every key is as of now. That there
  /// is no key of an id is as of now in either case.
  [[nodiscard]] virtual bool remembers_keys() const noexcept { return true; }

  /// Whether a query sent now would find its database: what the health page shows. Unavailable says why not.
  [[nodiscard]] virtual base::Status health() const = 0;

  /// Whether a change sent now would be made, as far as that is known: Unavailable, and why, where the last one met a
  /// database that takes none (a full disk, a standby), at most `refusals_remembered` ago.
  [[nodiscard]] virtual base::Status health_of_changes() const = 0;

 protected:
  Store() = default;
};

}  // namespace portico::store
