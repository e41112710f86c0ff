#include "store/postgres_store.hpp"

#include <functional>
#include <list>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "store/postgres_access.hpp"
#include "store/postgres_change.hpp"
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

// There is no table of keys, or no schema for it: no key was made yet.
constexpr std::string_view no_table = "42P01";
constexpr std::string_view no_schema = "3F000";
// The table is of a day when tokens were not kept.
constexpr std::string_view no_column = "42703";

std::string find_key_sql(const std::string& schema) {
  return std::string("SELECT ")
      .append(key_columns())
      .append(", (SELECT pg_current_snapshot()::text) FROM ")
      .append(keys_table(schema))
      .append(" WHERE id = $1");
}

/// A key on its way from the database.
class KeyRun final : public PostgresRequest {
 public:
  using Ended = std::function<void(KeyRun&, base::Result<std::optional<access::KeyRecord>>)>;

  KeyRun(plan::Statement statement, PostgresMemory& memory, Ended ended)
      : statement_(std::move(statement)), memory_(memory), ended_(std::move(ended)) {}

  void take(PostgresSession& session) override { session.send(*this, statement_); }

  void take_rows(PostgresSession& session, const PostgresResult& rows) override {
    if (rows.rows() == 0) return end_without();
    try {
      access::KeyRecord record = key_of(rows, 0);
      memory_.keep_key(record, memory_.version(session.server(), rows.text(0, rows.columns() - 1)));
      ended_(*this, std::optional(std::move(record)));
    } catch (const std::runtime_error& wrong) {
      ended_(*this, Error{.code = ErrorCode::Internal, .message = wrong.what()});
    }
  }

  bool take_failure(PostgresSession& /*session*/, const PostgresFailure& failure) override {
    if (failure.sqlstate != no_table && failure.sqlstate != no_schema) return false;
    end_without();
    return true;
  }

  void fail(Error error) override { ended_(*this, std::move(error)); }

  Store::KeyFound done;
  std::list<KeyRun>::iterator place = {};

 private:
  void end_without() {
    memory_.forget_key(std::get<std::string>(statement_.binds.front()));
    ended_(*this, std::optional<access::KeyRecord>());
  }

  plan::Statement statement_;
  PostgresMemory& memory_;
  Ended ended_;
};

/// A public key on its way from the database.
class PublicKeyRun final : public PostgresRequest {
 public:
  using Ended = std::function<void(PublicKeyRun&, base::Result<std::optional<std::string>>)>;

  PublicKeyRun(plan::Statement statement, Ended ended) : statement_(std::move(statement)), ended_(std::move(ended)) {}

  void take(PostgresSession& session) override { session.send(*this, statement_); }
  void take_rows(PostgresSession& /*session*/, const PostgresResult& rows) override {
    std::optional<std::string> found;
    if (rows.rows() > 0) found = rows.text(0, 0);
    ended_(*this, std::move(found));
  }
  bool take_failure(PostgresSession& /*session*/, const PostgresFailure& failure) override {
    if (failure.sqlstate != no_table && failure.sqlstate != no_schema && failure.sqlstate != no_column) return false;
    ended_(*this, std::optional<std::string>());
    return true;
  }
  void fail(Error error) override { ended_(*this, std::move(error)); }

  Store::PublicKeyFound done;
  std::list<PublicKeyRun>::iterator place = {};

 private:
  plan::Statement statement_;
  Ended ended_;
};

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
        find_key_sql_(find_key_sql(api_->database.schema)),
        find_public_key_sql_(find_public_key_sql(api_->database.schema)),
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
    const auto key_runs = std::exchange(key_runs_, {});
    const auto public_key_runs = std::exchange(public_key_runs_, {});
    const auto changes = std::exchange(changes_, {});
  }

  void find_key(std::string_view id, Freshness freshness, KeyFound done);
  void find_public_key(const PublicKeyQuery& query, PublicKeyFound done);
  Ticket run(const Query& query, Answered done);
  void change(std::shared_ptr<Mutation> mutation, Changed done);
  void begin(PostgresChange::Purpose purpose, std::shared_ptr<Mutation> mutation, Changed done);
  void abandon(Ticket ticket);
  [[nodiscard]] bool keys_are_elsewhere() const noexcept { return keys_ != nullptr; }
  [[nodiscard]] base::Status health() { return pool_.health(); }
  [[nodiscard]] base::Status health_of_changes() const;

 private:
  struct Running {
    std::unique_ptr<PostgresRun> run;
    Answered done;
  };

  [[nodiscard]] std::unique_ptr<PostgresRun> run_for(const plan::Plan& plan);
  void end(PostgresRun& run, base::Result<Answer*> result);
  void end(PostgresChange& change, base::Status status);
  void end(KeyRun& run, base::Result<std::optional<access::KeyRecord>> found);
  void end(PublicKeyRun& run, base::Result<std::optional<std::string>> found);

  std::shared_ptr<const model::Api> api_;
  std::unique_ptr<KeyRegistry> keys_;
  PostgresMemory memory_;
  PostgresPool pool_;
  std::string find_key_sql_;
  std::string find_public_key_sql_;
  PostgresRun::Surroundings around_;
  std::unordered_map<Ticket, Running> runs_;
  std::vector<std::unique_ptr<PostgresQueryRun>> spare_;
  std::list<KeyRun> key_runs_;
  std::list<PublicKeyRun> public_key_runs_;
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
  if (closed_) return done(Error{.code = ErrorCode::Unavailable, .detail = "the loop has ended"});
  KeyRun& run = key_runs_.emplace_back(
      plan::Statement{.sql = find_key_sql_, .binds = {std::string(id)}}, memory_,
      [this](KeyRun& ended, base::Result<std::optional<access::KeyRecord>> found) { end(ended, std::move(found)); });
  run.place = std::prev(key_runs_.end());
  run.done = std::move(done);
  pool_.submit(run, PostgresWork::Bounded);
}

void PostgresStore::Core::end(KeyRun& run, base::Result<std::optional<access::KeyRecord>> found) {
  std::list<KeyRun> ended;
  ended.splice(ended.begin(), key_runs_, run.place);
  const KeyFound done = std::move(run.done);
  done(std::move(found));
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
  if (closed_) return done(Error{.code = ErrorCode::Unavailable, .detail = "the loop has ended"});
  PublicKeyRun& run = public_key_runs_.emplace_back(
      plan::Statement{.sql = find_public_key_sql_, .binds = public_key_binds(query)},
      [this](PublicKeyRun& ended, base::Result<std::optional<std::string>> found) { end(ended, std::move(found)); });
  run.place = std::prev(public_key_runs_.end());
  run.done = std::move(done);
  pool_.submit(run, PostgresWork::Bounded);
}

void PostgresStore::Core::end(PublicKeyRun& run, base::Result<std::optional<std::string>> found) {
  std::list<PublicKeyRun> ended;
  ended.splice(ended.begin(), public_key_runs_, run.place);
  const PublicKeyFound done = std::move(run.done);
  done(std::move(found));
}

std::unique_ptr<PostgresRun> PostgresStore::Core::run_for(const plan::Plan& plan) {
  if (std::visit([](const auto& each) { return each.screening != nullptr; }, plan)) {
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

void PostgresStore::find_public_key(const PublicKeyQuery& query, PublicKeyFound done) {
  const auto core = core_;
  core->find_public_key(query, std::move(done));
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
