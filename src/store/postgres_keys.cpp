#include "store/postgres_keys.hpp"

#include <stdexcept>
#include <utility>

#include "store/postgres_access.hpp"

namespace portico::store {
namespace {

using base::Error;
using base::ErrorCode;

/// What was read so long ago is read again, and no longer believed.
constexpr std::chrono::milliseconds read_again_after{500};
constexpr std::chrono::milliseconds believed_for{1'000};

// There is no such table, or no schema for it: no key was made yet, or by an older Portico.
constexpr std::string_view no_table = "42P01";
constexpr std::string_view no_schema = "3F000";
constexpr std::string_view no_column = "42703";

constexpr std::string_view snapshot = ", (SELECT pg_current_snapshot()::text)";

}  // namespace

/// One statement on its way to the database and back.
class PostgresKeys::Run final : public PostgresRequest {
 public:
  Run(PostgresKeys& keys, plan::Statement statement, Ended ended)
      : keys_(keys), statement_(std::move(statement)), ended_(std::move(ended)) {}

  void take(PostgresSession& session) override { session.send(*this, statement_); }
  void take_rows(PostgresSession& session, const PostgresResult& rows) override {
    keys_.end(*this, Given{.rows = &rows, .server = &session.server()});
  }
  bool take_failure(PostgresSession& /*session*/, const PostgresFailure& failure) override {
    const std::string_view state = failure.sqlstate;
    if (state != no_table && state != no_schema && state != no_column) return false;
    keys_.end(*this, Given());
    return true;
  }
  void fail(Error error) override { keys_.end(*this, std::move(error)); }

  [[nodiscard]] const Ended& ended() const { return ended_; }
  std::list<Run>::iterator place = {};

 private:
  PostgresKeys& keys_;
  plan::Statement statement_;
  Ended ended_;
};

PostgresKeys::PostgresKeys(PostgresPool& pool, PostgresMemory& memory, std::string schema)
    : pool_(pool),
      memory_(memory),
      schema_(std::move(schema)),
      find_key_(find_key_sql(schema_, snapshot)),
      find_token_(find_token_sql(schema_, snapshot)),
      find_public_(find_public_key_sql(schema_)),
      find_grant_(find_grant_sql_of(schema_)) {}

PostgresKeys::~PostgresKeys() = default;

/// What waits may hold what holds this: it goes last, when all here is in order.
void PostgresKeys::close() {
  closed_ = true;
  const auto looks = std::exchange(looks_, {});
  const auto runs = std::exchange(runs_, {});
  const auto readers = std::exchange(readers_, {});
}

void PostgresKeys::send(plan::Statement statement, PostgresWork work, Ended ended) {
  if (closed_) return ended(Error{.code = ErrorCode::Unavailable, .detail = "the loop has ended"});
  Run& run = runs_.emplace_back(*this, std::move(statement), std::move(ended));
  run.place = std::prev(runs_.end());
  pool_.submit(run, work);
}

void PostgresKeys::end(Run& run, base::Result<Given> given) {
  std::list<Run> ended;
  ended.splice(ended.begin(), runs_, run.place);
  run.ended()(std::move(given));
}

void PostgresKeys::find(std::string_view id, Store::KeyFound done) {
  if (const auto look = looks_.find(std::string(id)); look != looks_.end())
    return look->second.push_back(std::move(done));
  Askers askers;
  askers.push_back(std::move(done));
  look(std::string(id), std::move(askers));
}

void PostgresKeys::look(const std::string& id, Askers askers) {
  looks_.try_emplace(id);
  const std::string& sql = access::is_token_id(id) ? find_token_ : find_key_;
  plan::Statement statement{.sql = sql, .binds = {id}};
  send(std::move(statement), PostgresWork::Bounded,
       [this, id, askers = std::move(askers)](const base::Result<Given>& given) { end_look(id, askers, given); });
}

/// A look counts for those alone who asked before it began; where the database does not answer, it does not answer
/// those who came since either.
void PostgresKeys::end_look(const std::string& id, const Askers& askers, const base::Result<Given>& given) {
  Askers since;
  if (const auto ended = looks_.find(id); ended != looks_.end()) {
    since = std::move(ended->second);
    looks_.erase(ended);
  }
  if (!given) {
    since.insert(since.begin(), askers.begin(), askers.end());
    for (const Store::KeyFound& asker : since) asker(given.error());
    return;
  }
  const auto record = found(id, *given);
  if (!since.empty()) look(id, std::move(since));
  for (const Store::KeyFound& asker : askers) asker(record);
}

base::Result<std::optional<access::KeyRecord>> PostgresKeys::found(const std::string& id, const Given& given) {
  if (given.rows == nullptr || given.rows->rows() == 0) {
    memory_.forget_key(id);
    return std::optional<access::KeyRecord>();
  }
  try {
    access::KeyRecord record = key_of(*given.rows, 0);
    memory_.keep_key(record, memory_.version(*given.server, given.rows->text(0, given.rows->columns() - 1)));
    return std::optional(std::move(record));
  } catch (const std::runtime_error& wrong) {
    return Error{.code = ErrorCode::Internal, .message = wrong.what()};
  }
}

void PostgresKeys::find_grant(std::string_view id, Store::GrantFound done) {
  send({.sql = find_grant_, .binds = {std::string(id)}}, PostgresWork::Bounded,
       [done = std::move(done)](base::Result<Given> given) {
         if (!given) return done(std::move(given).error());
         std::optional<access::Grant> found;
         try {
           if (given->rows != nullptr && given->rows->rows() > 0) found = grant_of(*given->rows, 0);
         } catch (const std::runtime_error& wrong) {
           return done(Error{.code = ErrorCode::Internal, .message = wrong.what()});
         }
         done(std::move(found));
       });
}

void PostgresKeys::find_public(const PublicKeyQuery& query, Store::PublicKeyFound done) {
  send({.sql = find_public_, .binds = public_key_binds(query)}, PostgresWork::Bounded,
       [done = std::move(done)](base::Result<Given> given) {
         if (!given) return done(std::move(given).error());
         std::optional<std::string> found;
         if (given->rows != nullptr && given->rows->rows() > 0) found = std::string(given->rows->text(0, 0));
         done(std::move(found));
       });
}

void PostgresKeys::add_token(const access::KeyRecord& token, Store::TokenKept done) {
  send(add_token_statement(schema_, token), PostgresWork::Change,
       [done = std::move(done)](base::Result<Given> given) {
         if (!given) return done(std::move(given).error());
         if (given->rows != nullptr) return done(given->rows->rows() > 0);
         done(Error{.code = ErrorCode::Internal,
                    .message = "there is no table of access tokens; `portico migrate` makes it"});
       });
}

const access::MaintenanceState* PostgresKeys::maintenance() {
  const Clock::duration age = Clock::now() - read_at_;
  if (age >= believed_for) return nullptr;
  if (age >= read_again_after) begin_reading();
  return &maintenance_;
}

void PostgresKeys::read_maintenance(Store::MaintenanceRead done) {
  readers_.push_back(std::move(done));
  begin_reading();
}

/// One at a time, for all who wait for it.
void PostgresKeys::begin_reading() {
  if (std::exchange(reading_, true)) return;
  asked_at_ = Clock::now();
  if (!has_maintenance_table_) return look_for_table();
  send({.sql = maintenance_sql(schema_), .binds = {}}, PostgresWork::Bounded, [this](base::Result<Given> given) {
    if (!given) return end_reading(std::move(given).error());
    has_maintenance_table_ = given->rows != nullptr;
    maintenance_ = has_maintenance_table_ ? maintenance_of(*given->rows) : access::MaintenanceState();
    end_reading(base::ok());
  });
}

/// A statement over a table that is not there would be an error in PostgreSQL's log, each time.
void PostgresKeys::look_for_table() {
  send({.sql = "SELECT to_regclass($1)", .binds = {maintenance_table(schema_)}}, PostgresWork::Bounded,
       [this](base::Result<Given> given) {
         if (!given) return end_reading(std::move(given).error());
         has_maintenance_table_ = given->rows != nullptr && !given->rows->is_null(0, 0);
         if (!has_maintenance_table_) return end_reading(base::ok());
         reading_ = false;
         begin_reading();
       });
}

void PostgresKeys::end_reading(base::Status status) {
  reading_ = false;
  if (status) read_at_ = asked_at_;
  for (const Store::MaintenanceRead& reader : std::exchange(readers_, {})) {
    if (status) {
      reader(&maintenance_);
    } else {
      reader(status.error());
    }
  }
}

}  // namespace portico::store
