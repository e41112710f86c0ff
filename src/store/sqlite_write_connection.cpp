#include "store/sqlite_write_connection.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include <sqlite3.h>

#include "store/sqlite_deadline.hpp"
#include "store/sqlite_violation.hpp"

namespace portico::store {
namespace {

/// Between two looks whether another process still writes.
constexpr std::chrono::milliseconds between_attempts_most{20};

/// What opening itself waits for: somebody who recovers or replaces the log.
constexpr std::chrono::milliseconds open_wait_most{1'000};

/// To what the log is cut when it begins anew.
constexpr std::int64_t kept_log_bytes = std::int64_t{64} * 1024 * 1024;

/// No mapping: an error in reading would be a signal.
SqliteOptions writing_options() {
  return {.mode = OpenMode::ReadWrite, .busy_timeout = open_wait_most, .cache_bytes = 64 * 1024 * 1024};
}

}  // namespace

SqliteWriteConnection::SqliteWriteConnection(const std::filesystem::path& file, const FunctionRules& rules,
                                             const std::atomic<bool>& ending)
    : ending_(ending),
      connection_(file, writing_options()),
      statements_(rules.limits.statements_prepared),
      begin_(connection_, "BEGIN IMMEDIATE"),
      savepoint_(connection_, "SAVEPOINT one"),
      release_(connection_, "RELEASE one"),
      undo_(connection_, "ROLLBACK TO one"),
      commit_(connection_, "COMMIT"),
      roll_back_(connection_, "ROLLBACK") {
  define_functions(connection_, rules);
  connection_.execute("PRAGMA foreign_keys=OFF");  // references are checked by the procedures
  connection_.execute("PRAGMA journal_size_limit=" + std::to_string(kept_log_bytes));
  sqlite3_busy_handler(connection_.handle(), busy, this);
  sqlite3_wal_hook(connection_.handle(), logged, this);  // and no checkpoint within a commit
}

int SqliteWriteConnection::busy(void* self, int count) {
  const auto& writer = *static_cast<const SqliteWriteConnection*>(self);
  if (writer.ending_ || Clock::now() >= writer.busy_until_) return 0;
  std::this_thread::sleep_for(std::min(std::chrono::milliseconds{1 + count}, between_attempts_most));
  return 1;
}

int SqliteWriteConnection::logged(void* self, sqlite3* /*handle*/, const char* /*database*/, int pages) {
  static_cast<SqliteWriteConnection*>(self)->logged_pages_ = pages;
  return SQLITE_OK;
}

void SqliteWriteConnection::begin(Clock::time_point deadline) {
  busy_until_ = deadline;
  begin_.run();
}

Given SqliteWriteConnection::answer(const Ask& ask) {
  Given given;
  given.rows.clear(ask.columns);
  if (ask.statement.sql.empty()) return given;  // what SQLite, with its one writer, needs not do
  SqliteStatement& prepared = statements_.find(connection_, ask.statement.sql);
  const bool writes = sqlite3_stmt_readonly(prepared.handle()) == 0;
  if (writes && trace_ == Trace::None) {
    if (!ask.is_last) savepoint_.run();  // a statement alone is all or nothing by itself
    trace_ = ask.is_last ? Trace::Last : Trace::Savepoint;
  }
  const Reading reading(prepared);
  prepared.bind_all(ask.statement.binds);
  while (prepared.step()) {
    for (std::size_t column = 0; column < ask.columns; ++column) {
      given.rows.add_copy(prepared.cell(static_cast<int>(column)));
    }
  }
  if (writes) given.changed = connection_.changes();
  return given;
}

SqliteWriteConnection::Made SqliteWriteConnection::make(Procedure& procedure, bool has_asked,
                                                        Clock::time_point deadline) {
  trace_ = Trace::None;
  const SqliteDeadline interrupt(connection_.handle(), deadline, [this] { return ending_.load(); });
  try {
    return follow(procedure, has_asked, deadline);
  } catch (const SqliteError& error) {
    if (error.primary_code() != SQLITE_CONSTRAINT || !in_transaction()) throw;
    procedure.violated(violation_of(connection_, error));
    if (trace_ == Trace::Last) trace_ = Trace::None;  // SQLite itself has undone the statement
    undo();
    return {.end = End::RolledBack, .last = {}};
  }
}

SqliteWriteConnection::Made SqliteWriteConnection::follow(Procedure& procedure, bool has_asked,
                                                          Clock::time_point deadline) {
  for (auto step = has_asked ? Procedure::Step::Ask : procedure.next({});;) {
    switch (step) {
      case Procedure::Step::Commit:
        if (trace_ == Trace::Savepoint) release_.run();
        return {.end = End::Applied, .last = {}};
      case Procedure::Step::RollBack:
        undo();
        return {.end = End::RolledBack, .last = {}};
      case Procedure::Step::Ask:
        break;
    }
    // Of many short statements none is ever interrupted.
    if (Clock::now() > deadline) throw SqliteError(SQLITE_INTERRUPT, "longer than query_timeout");
    const bool is_last = procedure.ask().is_last;
    Given given = answer(procedure.ask());
    if (is_last) {
      if (trace_ == Trace::Savepoint) release_.run();
      return {.end = End::Unfinished, .last = std::move(given)};
    }
    step = procedure.next(std::move(given));
  }
}

void SqliteWriteConnection::undo() {
  switch (std::exchange(trace_, Trace::None)) {
    case Trace::None:
      return;
    case Trace::Savepoint:
      undo_.run();
      return release_.run();
    case Trace::Last:
      return roll_back();
  }
}

bool SqliteWriteConnection::in_transaction() const noexcept {
  return sqlite3_get_autocommit(connection_.handle()) == 0;
}

void SqliteWriteConnection::commit() {
  commit_.run();
}

void SqliteWriteConnection::roll_back() {
  roll_back_.run();
}

/// The number is an application's own, none of ours, and stays as it is; SQLite writes its page nevertheless.
void SqliteWriteConnection::write_anew() {
  SqliteStatement number(connection_, "PRAGMA user_version");
  const std::int64_t same = number.step() ? number.integer(0) : 0;
  number.reset();
  connection_.execute("PRAGMA user_version=" + std::to_string(same));
}

std::optional<CheckpointPass> SqliteWriteConnection::checkpoint() {
  busy_until_ = {};  // where another process does the same, it shall
  return make_checkpoint_pass(connection_);
}

}  // namespace portico::store
