#include "store/group_commit.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <iostream>
#include <utility>

#include <sqlite3.h>

namespace portico::store {
namespace {

/// Changes of one transaction are begun within so long: the first of them waits for the last.
constexpr std::chrono::milliseconds batch_time_max{50};

/// After a failure of file or disk, changes are refused at once for so long; doubled each time it fails again.
constexpr std::chrono::milliseconds pause_least{50};
constexpr std::chrono::milliseconds pause_most{1'000};

/// How long another process is waited for to put an end to a failed commit.
constexpr std::chrono::milliseconds end_failed_commit_most{1'000};

/// So many pages of a log are worth a pass that brings them into the database: as SQLite would itself.
constexpr int logged_pages_idle = 1'000;
/// A log of so many is to begin anew in any case: readers find a page among 4,062 by one look.
constexpr int logged_pages_most = 4'000;
/// For so many changes wait: some milliseconds.
constexpr int finished_pages_most = 250;
/// But for all where changes come faster than passes bring them in: the log must not grow without end.
constexpr int logged_pages_bearable = 8'000;

/// The file or its disk, and not the statement, refuses: all of the transaction is lost, and the connection with it.
constexpr std::array<int, 11> file_failures = {SQLITE_FULL,  SQLITE_IOERR,    SQLITE_READONLY, SQLITE_CANTOPEN,
                                               SQLITE_BUSY,  SQLITE_LOCKED,   SQLITE_CORRUPT,  SQLITE_NOTADB,
                                               SQLITE_NOMEM, SQLITE_PROTOCOL, SQLITE_PERM};

bool is_file_failure(const SqliteError& error) {
  return std::find(file_failures.begin(), file_failures.end(), error.primary_code()) != file_failures.end();
}

/// Whether a commit that failed so may have left all of itself in the log. The last thing that SQLite writes is the
/// page that makes it one: where writing failed, it is not there. What fails after it (the sync, the index of the log
/// in shared memory) leaves it there, unseen: nobody reads it, the next commit takes its place, but a recovery after
/// a crash that comes first would take it for true.
bool may_be_logged(const SqliteError& error) {
  return error.primary_code() != SQLITE_FULL && error.code() != SQLITE_IOERR_WRITE;
}

/// A log as it stands, in pages.
struct Log {
  int logged = 0;
  int behind = 0;        ///< that are not in the database
  int since = 0;         ///< that came after the last pass began
  bool blocked = false;  ///< the last pass could not bring all that it found

  /// Where the last was blocked, another is tried once some more have come.
  [[nodiscard]] bool is_worth_a_pass() const { return blocked ? since >= logged_pages_idle : behind > 0; }
};

Log read_log(int logged, const CheckpointPass& last) {
  if (logged < last.logged) return {.logged = logged, .behind = logged, .since = logged};  // it has begun anew
  return {.logged = logged,
          .behind = logged - last.brought,
          .since = logged - last.logged,
          .blocked = last.brought < last.logged};
}

base::Error unavailable(std::string detail) {
  return {.code = base::ErrorCode::Unavailable, .detail = std::move(detail)};
}

}  // namespace

GroupCommit::GroupCommit(std::filesystem::path file, const FunctionRules& rules, const std::atomic<bool>& ending)
    : file_(std::move(file)), rules_(rules), ending_(ending), checkpointer_(file_) {
  batch_.reserve(rules_.limits.changes_per_commit);
}

void GroupCommit::make(PendingChange first, const More& more) {
  last_commit_ = {};
  batch_.push_back({.change = std::move(first)});
  if (Clock::now() < retry_at_) {
    settle(batch_.front(), unavailable("not tried, as shortly before: " + failure_));
  } else {
    make_batch(more);
  }
  tell();
  tend_log();
}

void GroupCommit::make_batch(const More& more) {
  try {
    while (!try_batch(more)) {
    }
    failure_.clear();
    pause_ = {};
  } catch (const SqliteError& error) {
    fail(error.what());
    if (error.primary_code() == SQLITE_BUSY)
      retry_at_ = {};  // each waits for the other process until its own deadline
  } catch (const std::exception& failure) {
    fail(failure.what());
  }
}

bool GroupCommit::try_batch(const More& more) {
  for (Entry& entry : batch_) {
    entry.applied = false;
    entry.rest = {};
  }
  const auto first = std::find_if(batch_.begin(), batch_.end(), [](const Entry& entry) { return !entry.settled; });
  if (first == batch_.end()) return true;
  SqliteWriteConnection& connection = this->connection();
  connection.begin(first->change.deadline);
  const auto begun = Clock::now();
  for (std::size_t at = 0; at < batch_.size() || take_another(more, begun); ++at) {
    if (batch_[at].settled) continue;
    make_one(connection, batch_[at]);
    if (!connection.in_transaction()) return false;
  }
  if (std::none_of(batch_.begin(), batch_.end(), [](const Entry& entry) { return entry.applied; })) {
    connection.roll_back();
  } else {
    commit(connection);
  }
  return true;
}

bool GroupCommit::take_another(const More& more, Clock::time_point begun) {
  if (batch_.size() >= rules_.limits.changes_per_commit || Clock::now() - begun >= batch_time_max) return false;
  auto another = more();
  if (another) batch_.push_back({.change = std::move(*another)});
  return another.has_value();
}

/// Throws where it is the file that refuses.
void GroupCommit::make_one(SqliteWriteConnection& connection, Entry& entry) {
  const auto now = Clock::now();
  const bool was_begun = std::exchange(entry.begun, true);
  if (now > entry.change.deadline && !was_begun) {
    return settle(entry, {.code = base::ErrorCode::Unavailable,
                          .message = "Too many changes were waiting; try again in a few seconds.",
                          .detail = "waited longer than query_timeout"});
  }
  try {
    return attempt(connection, entry, now + rules_.limits.query_timeout);
  } catch (const SqliteError& error) {
    if (is_file_failure(error)) throw;
    settle(entry, error.primary_code() == SQLITE_INTERRUPT
                      ? base::Error{.code = base::ErrorCode::Unavailable,
                                    .message = "The change took too long; nothing of it was made.",
                                    .detail = error.what()}
                      : base::Error{.code = base::ErrorCode::Internal, .message = error.what()});
  } catch (const std::exception& fault) {
    settle(entry, {.code = base::ErrorCode::Internal, .message = fault.what()});
  }
  if (connection.in_transaction()) connection.undo();
}

void GroupCommit::attempt(SqliteWriteConnection& connection, Entry& entry, Clock::time_point deadline) {
  std::unique_ptr<Procedure> procedure = std::move(entry.change.procedure);  // another attempt begins anew
  const bool has_asked = procedure != nullptr;
  if (!has_asked) procedure = entry.change.mutation->begin();
  auto made = connection.make(*procedure, has_asked, deadline);
  entry.applied = made.end != SqliteWriteConnection::End::RolledBack;
  if (made.end == SqliteWriteConnection::End::Unfinished) entry.rest = {std::move(procedure), std::move(made.last)};
}

void GroupCommit::settle(Entry& entry, base::Error error) {
  entry.outcome = std::move(error);
  entry.settled = true;
}

void GroupCommit::commit(SqliteWriteConnection& connection) {
  in_doubt_ = true;
  const auto begun = Clock::now();
  try {
    connection.commit();
  } catch (const SqliteError& error) {
    in_doubt_ = may_be_logged(error);
    throw;
  }
  in_doubt_ = false;
  last_commit_ = {.took = Clock::now() - begun, .changes = batch_.size()};
}

/// Of all that is not settled nothing was made; or nobody knows, where the commit is in doubt and stays so.
void GroupCommit::fail(const std::string& reason) {
  const bool in_doubt = std::exchange(in_doubt_, false);
  open_.reset();
  const bool unknown = in_doubt && !end_failed_commit();
  for (Entry& entry : batch_) {
    if (entry.settled) continue;
    const bool it_is = unknown && entry.applied;
    settle(entry, unavailable((it_is ? "unknown whether it was made: " : "nothing was made: ") + reason));
  }
  failure_ = reason;
  pause_ = std::clamp(pause_ * 2, pause_least, pause_most);
  retry_at_ = Clock::now() + pause_;
}

bool GroupCommit::end_failed_commit() {
  try {
    SqliteWriteConnection& connection = this->connection();
    connection.begin(Clock::now() + end_failed_commit_most);
    connection.write_anew();
    connection.commit();
    return true;
  } catch (const std::exception&) {
    open_.reset();
    return false;
  }
}

void GroupCommit::tell() {
  for (Entry& entry : batch_) {
    if (!entry.outcome) entry.rest = {};
    entry.change.procedure.reset();
    entry.change.mutation.reset();  // who is told has one, too, and ends it where it belongs
    try {
      entry.change.ended(std::move(entry.outcome), std::move(entry.rest));
    } catch (const std::exception& fault) {  // this one is not told; the others are
      std::cerr << "portico: what came of a change was lost: " << fault.what() << '\n';
    }
  }
  batch_.clear();
}

SqliteWriteConnection& GroupCommit::connection() {
  if (open_ != nullptr && open_->has_moved()) open_.reset();
  if (open_ == nullptr) {
    open_ = std::make_unique<SqliteWriteConnection>(file_, rules_, ending_);
  }
  return *open_;
}

bool GroupCommit::wants_checkpoint() const {
  if (open_ == nullptr || checkpointer_.is_under_way()) return false;
  const Log log = read_log(open_->logged_pages(), checkpointer_.last());
  return log.logged >= logged_pages_idle && log.is_worth_a_pass();
}

/// Most of a log is brought into the database meanwhile, so that little is left to do with all waiting: what came
/// while the last pass was made.
void GroupCommit::tend_log() {
  if (open_ == nullptr || checkpointer_.is_under_way()) return;
  const Log log = read_log(open_->logged_pages(), checkpointer_.last());
  const bool is_long = log.logged >= logged_pages_most && log.is_worth_a_pass();
  if (is_long && (log.behind <= finished_pages_most || log.logged >= logged_pages_bearable)) {
    finish_log();
  } else if (is_long || log.since >= logged_pages_idle) {
    checkpointer_.begin_pass(log.logged);
  }
}

void GroupCommit::finish_log() {
  const CheckpointPass refused{.logged = open_->logged_pages(), .brought = checkpointer_.last().brought};
  try {
    checkpointer_.note(open_->checkpoint().value_or(refused));
  } catch (const SqliteError& error) {  // no change fails by it: all are in the log, which is brought in later
    std::cerr << "portico: the log of changes stays as it is: " << error.what() << '\n';
    checkpointer_.note(refused);
  }
}

}  // namespace portico::store
