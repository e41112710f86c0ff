#include "store/postgres_store.hpp"

#include <functional>
#include <list>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "store/maintenance_look.hpp"
#include "store/postgres_change.hpp"
#include "store/postgres_keys.hpp"
#include "store/postgres_memory.hpp"
#include "store/postgres_pool.hpp"
#include "store/postgres_run.hpp"
#include "store/postgres_screening.hpp"

namespace portico::store {
namespace {

namespace asio = boost::asio;
using base::Error;
using base::ErrorCode;

/// Runs that are kept for the next queries, with the room of their rows.
constexpr std::size_t runs_kept = 64;

}  // namespace

/// What outlives the store where the store ends within one of its own callbacks.
class PostgresStore::Core : public std::enable_shared_from_this<Core> {
 public:
  Core(asio::io_context& io, const PostgresOptions& options, std::unique_ptr<KeyRegistry> keys)
      : api_(options.api),
        keys_(std::move(keys)),
        memory_(api_->limits.counts_remembered),
        pool_(io, PostgresTarget(options.address), api_->limits,
              [this](const PostgresSession::Server& server) { memory_.meet(server); }),
        own_keys_(pool_, memory_, api_->database.schema),
        around_{.pool = pool_,
                .memory = memory_,
                .keys_are_elsewhere = keys_ != nullptr,
                .end = [this](PostgresRun& run, base::Result<Answer*> result) { end(run, std::move(result)); }},
        violations_(api_),
        around_changes_{.io = io, .pool = pool_, .violations = violations_, .end = [this](auto& change, auto status) {
                          end(change, std::move(status));
                        }} {}

  void start() {
    around_changes_.life = weak_from_this();
    pool_.start(weak_from_this());
  }

  /// Nothing is called back after it.
  void close() {
    if (std::exchange(closed_, true)) return;
    pool_.close();
    // What waits may hold what holds this: it goes last, when all here is in order.
    const auto runs = std::exchange(runs_, {});
    own_keys_.close();
    const auto changes = std::exchange(changes_, {});
  }

  void find_key(std::string_view id, Freshness freshness, KeyFound done);
  void find_grant(std::string_view id, GrantFound done);
  void find_public_key(const PublicKeyQuery& query, PublicKeyFound done);
  void add_token(const access::KeyRecord& token, TokenKept done);
  [[nodiscard]] const access::MaintenanceState* maintenance() {
    return keys_ != nullptr ? &maintenance_.at(*keys_) : own_keys_.maintenance();
  }
  void read_maintenance(MaintenanceRead done) {
    if (keys_ != nullptr) return done(&maintenance_.at(*keys_));
    own_keys_.read_maintenance(std::move(done));
  }
  Ticket run(const Query& query, Answered done);
  void change(std::shared_ptr<Mutation> mutation, Changed done);
  void begin(PostgresChange::Purpose purpose, std::shared_ptr<Mutation> mutation, Changed done);
  void abandon(Ticket ticket);
  [[nodiscard]] bool keys_are_elsewhere() const noexcept { return keys_ != nullptr; }
  [[nodiscard]] base::Status health() {
    auto health = pool_.health();
    return health && keys_ != nullptr ? keys_->reachable() : std::move(health);
  }
  [[nodiscard]] base::Status health_of_changes() const;

 private:
  struct Running {
    std::unique_ptr<PostgresRun> run;
    Answered done;
  };

  [[nodiscard]] std::unique_ptr<PostgresRun> run_for(const plan::Plan& plan);
  void end(PostgresRun& run, base::Result<Answer*> result);
  void end(PostgresChange& change, base::Status status);

  std::shared_ptr<const model::Api> api_;
  std::unique_ptr<KeyRegistry> keys_;
  PostgresMemory memory_;
  PostgresPool pool_;
  PostgresKeys own_keys_;        // where keys_ is null
  MaintenanceLook maintenance_;  // where it is not
  PostgresRun::Surroundings around_;
  std::unordered_map<Ticket, Running> runs_;
  std::vector<std::unique_ptr<PostgresQueryRun>> spare_;
  PostgresViolations violations_;
  PostgresChange::Surroundings around_changes_;
  std::unordered_set<std::shared_ptr<PostgresChange>> changes_;
  Ticket last_ticket_ = 0;
  bool closed_ = false;
};

void PostgresStore::Core::find_key(std::string_view id, Freshness freshness, KeyFound done) {
  if (keys_ != nullptr) {
    std::optional<access::KeyRecord> found;
    try {
      found = keys_->find(id);
    } catch (const std::exception& fault) {
      return done(Error{.code = ErrorCode::Internal, .message = fault.what()});
    }
    return done(std::move(found));
  }
  if (freshness == Freshness::Remembered) {
    if (const access::KeyRecord* const known = memory_.key(id)) return done(std::optional(*known));
  }
  own_keys_.find(id, std::move(done));
}

void PostgresStore::Core::find_grant(std::string_view id, GrantFound done) {
  if (keys_ == nullptr) return own_keys_.find_grant(id, std::move(done));
  std::optional<access::Grant> found;
  try {
    found = keys_->find_grant(id);
  } catch (const std::exception& fault) {
    return done(Error{.code = ErrorCode::Internal, .message = fault.what()});
  }
  done(std::move(found));
}

void PostgresStore::Core::add_token(const access::KeyRecord& token, TokenKept done) {
  if (keys_ == nullptr) return own_keys_.add_token(token, std::move(done));
  bool kept = false;
  try {
    kept = keys_->add_token(token);
  } catch (const std::exception& fault) {
    return done(Error{.code = ErrorCode::Internal, .message = fault.what()});
  }
  done(kept);
}

void PostgresStore::Core::find_public_key(const PublicKeyQuery& query, PublicKeyFound done) {
  if (keys_ != nullptr) {
    std::optional<std::string> found;
    try {
      found = keys_->find_public(query);
    } catch (const std::exception& fault) {
      return done(Error{.code = ErrorCode::Internal, .message = fault.what()});
    }
    return done(std::move(found));
  }
  own_keys_.find_public(query, std::move(done));
}

std::unique_ptr<PostgresRun> PostgresStore::Core::run_for(const plan::Plan& plan) {
  if (screening_of(plan) != nullptr) {
    return std::make_unique<PostgresScreening>(around_);
  }
  if (spare_.empty()) return std::make_unique<PostgresQueryRun>(around_);
  std::unique_ptr<PostgresRun> run = std::move(spare_.back());
  spare_.pop_back();
  return run;
}

Store::Ticket PostgresStore::Core::run(const Query& query, Answered done) {
  if (closed_) {
    done(Error{.code = ErrorCode::Unavailable, .detail = "the loop has ended"});
    return 0;
  }
  const Ticket ticket = ++last_ticket_;
  std::unique_ptr<PostgresRun> owned = run_for(query.plan);
  PostgresRun& run = *owned;
  run.begin(query);
  run.set_ticket(ticket);
  runs_.emplace(ticket, Running{.run = std::move(owned), .done = std::move(done)});
  run.start();
  return runs_.contains(ticket) ? ticket : 0;
}

/// The run stays whole until its completion has returned: the answer is in it.
void PostgresStore::Core::end(PostgresRun& run, base::Result<Answer*> result) {
  const auto place = runs_.find(run.ticket());
  if (place == runs_.end()) return;
  Running ended = std::move(place->second);
  runs_.erase(place);
  ended.done(std::move(result));
  ended.done = nullptr;
  if (auto* const query_run = dynamic_cast<PostgresQueryRun*>(&run);
      query_run != nullptr && spare_.size() < runs_kept) {
    query_run->end();
    ended.run.release();
    spare_.emplace_back(query_run);
  }
}

void PostgresStore::Core::change(std::shared_ptr<Mutation> mutation, Changed done) {
  if (api_->database.existing) return done(Error{.message = "a change of a database that is only read"});
  begin(PostgresChange::Purpose::Change, std::move(mutation), std::move(done));
}

void PostgresStore::Core::begin(PostgresChange::Purpose purpose, std::shared_ptr<Mutation> mutation, Changed done) {
  if (closed_) return done(Error{.code = ErrorCode::Unavailable, .detail = "the loop has ended"});
  const auto change =
      std::make_shared<PostgresChange>(around_changes_, purpose, std::move(mutation), std::move(done));
  changes_.insert(change);
  change->start();
}

base::Status PostgresStore::Core::health_of_changes() const {
  const auto& refusal = around_changes_.refusal;
  if (refusal && PostgresRequest::Clock::now() - refusal->at <= refusals_remembered) {
    return Error{.code = ErrorCode::Unavailable, .detail = refusal->words};
  }
  return pool_.health_of_changes();
}

void PostgresStore::Core::end(PostgresChange& change, base::Status status) {
  const std::shared_ptr<PostgresChange> ended = change.shared_from_this();
  if (changes_.erase(ended) == 0) return;
  const Changed done = ended->take_completion();
  done(std::move(status));
}

void PostgresStore::Core::abandon(Ticket ticket) {
  const auto place = runs_.find(ticket);
  if (place == runs_.end()) return;
  PostgresRun& run = *place->second.run;
  pool_.withdraw(run);
  end(run, Error{.code = ErrorCode::Unavailable, .detail = "nobody waits for the answer any more"});
}

/// Ends the stores of a loop before the loop's own parts end: their sockets and timers are its.
class PostgresStore::LoopEnd final : public asio::execution_context::service {
 public:
  // NOLINTNEXTLINE(readability-identifier-naming): Asio's name
  inline static asio::execution_context::id id;

  explicit LoopEnd(asio::execution_context& loop) : service(loop) {}

  void add(const std::shared_ptr<Core>& core) {
    std::erase_if(cores_, [](const std::weak_ptr<Core>& known) { return known.expired(); });
    cores_.push_back(core);
  }

 private:
  void shutdown() override {
    for (const std::weak_ptr<Core>& known : std::exchange(cores_, {})) {
      if (const auto core = known.lock()) core->close();
    }
  }

  std::vector<std::weak_ptr<Core>> cores_;
};

PostgresStore::PostgresStore(asio::io_context& io, PostgresOptions options, std::unique_ptr<KeyRegistry> keys)
    : core_(std::make_shared<Core>(io, options, std::move(keys))) {
  asio::use_service<LoopEnd>(io).add(core_);
  core_->start();
}

PostgresStore::~PostgresStore() {
  core_->close();
}

void PostgresStore::find_key(std::string_view id, Freshness freshness, KeyFound done) {
  const auto core = core_;
  core->find_key(id, freshness, std::move(done));
}

void PostgresStore::find_grant(std::string_view id, GrantFound done) {
  const auto core = core_;
  core->find_grant(id, std::move(done));
}

void PostgresStore::find_public_key(const PublicKeyQuery& query, PublicKeyFound done) {
  const auto core = core_;
  core->find_public_key(query, std::move(done));
}

void PostgresStore::add_token(const access::KeyRecord& token, TokenKept done) {
  const auto core = core_;
  core->add_token(token, std::move(done));
}

const access::MaintenanceState* PostgresStore::maintenance() {
  const auto core = core_;
  return core->maintenance();
}

void PostgresStore::read_maintenance(MaintenanceRead done) {
  const auto core = core_;
  core->read_maintenance(std::move(done));
}

Store::Ticket PostgresStore::run(const Query& query, Answered done) {
  const auto core = core_;
  return core->run(query, std::move(done));
}

/// The mode is in the statements: each names its schema.
void PostgresStore::change(std::shared_ptr<Mutation> mutation, model::Mode /*mode*/, Changed done) {
  const auto core = core_;
  core->change(std::move(mutation), std::move(done));
}

void PostgresStore::consult(std::shared_ptr<Mutation> looking, model::Mode /*mode*/, Changed done) {
  const auto core = core_;
  core->begin(PostgresChange::Purpose::Look, std::move(looking), std::move(done));
}

void PostgresStore::abandon(Ticket ticket) {
  const auto core = core_;
  core->abandon(ticket);
}

bool PostgresStore::remembers_keys() const noexcept {
  return !core_->keys_are_elsewhere();
}

base::Status PostgresStore::health() const {
  const auto core = core_;
  return core->health();
}

base::Status PostgresStore::health_of_changes() const {
  const auto core = core_;
  return core->health_of_changes();
}

}  // namespace portico::store
