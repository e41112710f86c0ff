#include "store/sqlite_writer.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "store/store.hpp"

namespace portico::store {
namespace {

/// With nothing to do for so long there is time for a checkpoint. Clients that wait for an answer before they send
/// the next change come back sooner.
constexpr std::chrono::milliseconds idle_least{50};

}  // namespace

SqliteWriter::SqliteWriter(const std::filesystem::path& file, const FunctionRules& rules)
    : rules_(rules), commits_(file, rules, ending_), thread_([this] { serve(); }) {}

SqliteWriter::~SqliteWriter() {
  stop();
}

base::Status SqliteWriter::submit(std::shared_ptr<Mutation> mutation, std::unique_ptr<Procedure> procedure,
                                  Ended ended) {
  const auto deadline = SqliteWriteConnection::Clock::now() + rules_.limits.query_timeout;
  bool calls = false;
  {
    const std::lock_guard lock(mutex_);
    if (ending_) return base::Error{.code = base::ErrorCode::Unavailable, .detail = "the writer has ended"};
    if (waiting_.size() >= rules_.limits.writes_waiting) {
      return base::Error{.code = base::ErrorCode::Unavailable,
                         .message = "Too many changes are waiting; try again in a few seconds.",
                         .detail = "writes_waiting"};
    }
    waiting_.push_back({std::move(mutation), std::move(procedure), deadline, std::move(ended)});
    calls = waiting_.size() >= called_at_;
  }
  if (calls) wake_.notify_one();
  return base::ok();
}

void SqliteWriter::stop() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
  std::deque<PendingChange> dropped;
  {
    const std::lock_guard lock(mutex_);
    std::swap(dropped, waiting_);
  }
  for (PendingChange& change : dropped) {
    change.procedure.reset();
    change.mutation.reset();
    change.ended(base::Error{.code = base::ErrorCode::Unavailable, .detail = "nothing was made: the server ends"},
                 {});
  }
}

void SqliteWriter::serve() {
  while (auto first = await()) {
    commits_.make(std::move(*first), [this] { return next(); });
    note_outcome();
  }
}

void SqliteWriter::note_outcome() {
  const std::lock_guard lock(mutex_);
  company_.note(commits_.last_commit().took, commits_.last_commit().changes, waiting_.size());
  failure_ = commits_.failure();
  if (!failure_.empty()) failed_at_ = SqliteWriteConnection::Clock::now();
}

base::Status SqliteWriter::health() {
  const std::lock_guard lock(mutex_);
  if (failure_.empty() || SqliteWriteConnection::Clock::now() - failed_at_ > refusals_remembered) return base::ok();
  return base::Error{.code = base::ErrorCode::Unavailable, .detail = failure_};
}

std::optional<PendingChange> SqliteWriter::await() {
  std::unique_lock lock(mutex_);
  const auto called = [this] { return ending_ || !waiting_.empty(); };
  while (!called() && (commits_.is_under_checkpoint() || commits_.wants_checkpoint())) {
    if (!wake_.wait_for(lock, idle_least, called) && commits_.wants_checkpoint()) commits_.begin_checkpoint();
  }
  wake_.wait(lock, called);
  await_company(lock);
  if (ending_) return std::nullopt;
  return pop();
}

void SqliteWriter::await_company(std::unique_lock<std::mutex>& lock) {
  const std::size_t expected = std::min(company_.expected(), rules_.limits.changes_per_commit);
  if (company_.patience() == Company::Duration{} || waiting_.size() >= expected) return;
  called_at_ = expected;
  wake_.wait_for(lock, company_.patience(), [&] { return ending_ || waiting_.size() >= expected; });
  called_at_ = 1;
}

std::optional<PendingChange> SqliteWriter::next() {
  const std::lock_guard lock(mutex_);
  if (waiting_.empty() || ending_) return std::nullopt;
  return pop();
}

std::optional<PendingChange> SqliteWriter::pop() {
  std::optional<PendingChange> first = std::move(waiting_.front());
  waiting_.pop_front();
  return first;
}

SqliteWriters::SqliteWriters(const SqliteFiles& files, FunctionRules rules)
    : rules_(std::move(rules)), production_(files.production, rules_) {
  if (!files.sandbox.empty()) sandbox_.emplace(files.sandbox, rules_);
}

SqliteWriters::~SqliteWriters() {
  stop();
}

SqliteWriter* SqliteWriters::find(model::Mode mode) noexcept {
  if (mode == model::Mode::Production) return &production_;
  return sandbox_ ? &*sandbox_ : nullptr;
}

void SqliteWriters::stop() {
  production_.stop();
  if (sandbox_) sandbox_->stop();
  stranded_->end();
}

}  // namespace portico::store
