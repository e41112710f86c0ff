#include "store/postgres_change.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include "store/postgres_reading.hpp"

namespace portico::store {
namespace {

using base::Error;
using base::ErrorCode;
using std::chrono::milliseconds;

/// Failures after which the same change, made again, may well succeed.
struct Passing {
  std::string_view state;
  unsigned attempts_most;     // beside the first
  milliseconds pause_most{};  // grows with each attempt
};
constexpr std::array<Passing, 6> passing = {{
    {"40001", 5, milliseconds(10)},  // a transaction in another's way
    {"40P01", 5, milliseconds(10)},  // a deadlock
    {"57014", 1},                    // cancelled, perhaps in another's place
    {"26000", 16},                   // statements that the server does not know (any more),
    {"0A000", 16},                   // or whose tables were altered: each is prepared anew when it has failed once
    {"25P02", 16},                   // the same, where one was to be let go of
}};
constexpr std::string_view statement_ended = "57014";
constexpr std::string_view only_read = "25006";  // the server, as it has become a standby
/// What the next change would meet as well: SQLSTATEs, or their classes.
constexpr std::array<std::string_view, 3> refuses_all = {only_read, "53" /* no room */, "58" /* its system */};

const plan::Statement commit_statement = {.sql = "COMMIT", .binds = {}};
const plan::Statement rollback_statement = {.sql = "ROLLBACK", .binds = {}};
constexpr std::string_view committed = "COMMIT";

Error fault(std::string words) {
  return {.code = ErrorCode::Internal, .message = std::move(words)};
}

Error nothing_made(Error error) {
  if (error.code != ErrorCode::Unavailable) return error;
  error.detail = "nothing was made: " + error.detail;
  return error;
}

Error unknown(const Error& error) {
  return {
      .code = ErrorCode::Unavailable,
      .message =
          "It is not known whether the change was made. The same request with the same Idempotency-Key finds out.",
      .detail = "unknown whether it was made: " + error.detail};
}

Error error_of_change(const PostgresFailure& failure) {
  Error error = error_of(failure);
  if (failure.sqlstate == only_read) error = {.code = ErrorCode::Unavailable, .detail = error.detail};
  if (failure.sqlstate == statement_ended) error.message = "The change took too long; nothing of it was made.";
  return nothing_made(std::move(error));
}

}  // namespace

void PostgresChange::start() {
  around_.pool.submit(*this, purpose_ == Purpose::Change ? PostgresWork::Change : PostgresWork::Growing);
}

void PostgresChange::take(PostgresSession& session) {
  stage_ = Stage::Waiting;
  procedure_ = nullptr;
  try {
    procedure_ = mutation_->begin();
  } catch (const std::exception& wrong) {
    return end(fault(wrong.what()));
  }
  const auto step = next({});
  if (!step) return end(step.error());
  if (*step != Procedure::Step::Ask) return end(base::ok());  // there was nothing to do, nor to undo
  const Ask& first = procedure_->ask();
  if (may_commit_with(first)) {
    stage_ = Stage::Ending;
    return session.send(*this, first.statement);
  }
  stage_ = Stage::Working;
  session.begin_transaction(*this, first.statement);
}

/// A fault of ours ends this change, and nothing else of the loop's.
base::Result<Procedure::Step> PostgresChange::next(Given&& given) {
  try {
    return procedure_->next(std::move(given));
  } catch (const std::exception& wrong) {
    return fault(wrong.what());
  }
}

void PostgresChange::go_on(PostgresSession& session, Given&& given) {
  const auto step = next(std::move(given));
  if (!step) return roll_back(session, base::Status(step.error()));
  switch (*step) {
    case Procedure::Step::Ask:
      if (!may_commit_with(procedure_->ask())) return session.send(*this, procedure_->ask().statement);
      if (!session.is_open()) return;  // as below
      stage_ = Stage::Ending;
      return session.send_and_commit(*this, procedure_->ask().statement);
    case Procedure::Step::Commit:
      if (purpose_ == Purpose::Look) return roll_back(session, base::Status(base::ok()));  // there is nothing to keep
      if (!session.is_open()) return;  // its end is being told: nothing has lasted, and all of it begins again
      stage_ = Stage::Committing;
      return session.send(*this, commit_statement);
    case Procedure::Step::RollBack:
      return roll_back(session, base::Status(base::ok()));
  }
}

base::Result<Given> PostgresChange::given_by(const PostgresResult& result) const {
  const Ask& ask = procedure_->ask();
  Given given{.rows = {}, .changed = result.changed()};
  given.rows.clear(ask.columns);
  if (ask.columns == 0) return given;
  if (ask.readings.size() != ask.columns || static_cast<std::size_t>(result.columns()) < ask.columns) {
    return fault("a statement gave " + std::to_string(result.columns()) + " columns, to be read in " +
                 std::to_string(ask.readings.size()) + " ways, in place of " + std::to_string(ask.columns));
  }
  if (auto status = read_rows(result, ask.readings, given.rows); !status) return std::move(status).error();
  return given;
}

void PostgresChange::take_rows(PostgresSession& session, const PostgresResult& rows) {
  switch (stage_) {
    case Stage::Waiting:
      return;
    case Stage::Working: {
      auto given = given_by(rows);
      if (!given) return roll_back(session, base::Status(given.error()));
      return go_on(session, *std::move(given));
    }
    case Stage::Ending:
      around_.refusal.reset();
      return finish(rows);
    case Stage::Committing:
      // A failed transaction is rolled back by its COMMIT, without an error.
      if (rows.tag() == committed) {
        around_.refusal.reset();
        return end(base::ok());
      }
      return end(fault("COMMIT came to " + std::string(rows.tag())));
    case Stage::RollingBack:
      return conclude();
  }
}

/// The change has been made: what its last statement gave is for its answer alone.
void PostgresChange::finish(const PostgresResult& result) {
  auto given = given_by(result);
  if (!given) return end(given.error());
  const auto step = next(*std::move(given));
  if (!step) return end(step.error());
  if (*step == Procedure::Step::Ask) return end(fault("a change asks on behind its last statement"));
  end(base::ok());
}

/// An error, unlike a lost connection, says that the transaction is no more, even where it answers COMMIT.
bool PostgresChange::take_failure(PostgresSession& session, const PostgresFailure& failure) {
  if (stage_ == Stage::RollingBack) {  // cancelled: it is there still, or not
    end_transaction(session);
  } else if (auto violation = around_.violations.find(failure)) {
    roll_back(session, *std::move(violation));
  } else if (const auto again = again_after(failure)) {
    roll_back(session, *again);
  } else {
    roll_back(session, base::Status(error_after(failure)));
  }
  return true;
}

Error PostgresChange::error_after(const PostgresFailure& failure) {
  if (purpose_ == Purpose::Look) return error_of(failure);
  Error error = error_of_change(failure);
  const bool all = std::any_of(refuses_all.begin(), refuses_all.end(),
                               [&](std::string_view state) { return failure.sqlstate.starts_with(state); });
  if (all) around_.refusal = Refusal{.at = Clock::now(), .words = error.detail};
  return error;
}

std::optional<PostgresChange::Again> PostgresChange::again_after(const PostgresFailure& failure) {
  const auto known =
      std::find_if(passing.begin(), passing.end(), [&](const Passing& own) { return own.state == failure.sqlstate; });
  if (known == passing.end() || attempts_again_ >= known->attempts_most) return std::nullopt;
  ++attempts_again_;
  return Again{.pause_most = known->pause_most * attempts_again_};
}

void PostgresChange::roll_back(PostgresSession& session, After after) {
  stage_ = Stage::RollingBack;
  after_ = std::move(after);
  end_transaction(session);
}

/// What comes of the change is told when its locks are gone: who was refused may ask again at once.
void PostgresChange::end_transaction(PostgresSession& session) {
  if (!session.in_transaction()) return conclude();
  session.send(*this, rollback_statement);
}

void PostgresChange::conclude() {
  stage_ = Stage::Waiting;
  if (const auto* again = std::get_if<Again>(&after_)) return begin_again(*again);
  if (const auto* violation = std::get_if<Violation>(&after_)) return conclude_violated(*violation);
  end(std::move(std::get<base::Status>(after_)));
}

void PostgresChange::conclude_violated(const Violation& violation) {
  try {
    procedure_->violated(violation);
  } catch (const std::exception& wrong) {
    return end(fault(wrong.what()));
  }
  end(base::ok());
}

void PostgresChange::begin_again(Again again) {
  procedure_ = nullptr;
  if (again.pause_most == milliseconds::zero()) return around_.pool.submit_again(*this);
  std::uniform_int_distribution<milliseconds::rep> pause(1, again.pause_most.count());
  pause_.emplace(around_.io.get_executor(), milliseconds(pause(around_.random)));
  pause_->async_wait([weak = weak_from_this(), life = around_.life](const boost::system::error_code& error) {
    const auto living = life.lock();
    const auto self = weak.lock();
    if (error || living == nullptr || self == nullptr) return;
    self->around_.pool.submit_again(*self);
  });
}

bool PostgresChange::may_start_again() const {
  switch (stage_) {
    case Stage::Waiting:
    case Stage::Working:
      return true;
    case Stage::Ending:
    case Stage::Committing:
    case Stage::RollingBack:
      break;
  }
  return false;
}

/// The pool gives it up: late, or without its connection.
void PostgresChange::fail(Error error) {
  switch (stage_) {
    case Stage::Waiting:
    case Stage::Working:
      return end(purpose_ == Purpose::Look ? std::move(error) : nothing_made(std::move(error)));
    case Stage::Ending:
    case Stage::Committing:
      return end(unknown(error));
    case Stage::RollingBack:
      return conclude();
  }
}

}  // namespace portico::store
