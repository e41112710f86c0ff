#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/result.hpp"
#include "model/api.hpp"
#include "store/company.hpp"
#include "store/group_commit.hpp"
#include "store/sqlite_access.hpp"
#include "store/sqlite_functions.hpp"
#include "store/sqlite_workers.hpp"

namespace portico::store {

/// The one thread that changes one database file: what waits while it commits is made together, by the next commit.
/// Shared by all loops; thread-safe.
class SqliteWriter {
 public:
  using Ended = PendingChange::Ended;

  /// Opens nothing yet: a file that cannot be written is told to who writes. `rules` must outlive the writer.
  SqliteWriter(const std::filesystem::path& file, const FunctionRules& rules);
  ~SqliteWriter();  ///< stops
  SqliteWriter(const SqliteWriter&) = delete;
  SqliteWriter& operator=(const SqliteWriter&) = delete;

  /// Makes the change after those submitted before it, going on with `procedure` where that is not null: one that has
  /// asked. `ended` is called exactly once, on the writer's thread, or by
  /// stop(), as Store::Changed says; never from here. Unavailable, and nothing comes of it, when
  /// Limits::writes_waiting are waiting, or after stop(). The writer lets go of the mutation before it calls `ended`.
  [[nodiscard]] base::Status submit(std::shared_ptr<Mutation> mutation, std::unique_ptr<Procedure> procedure,
                                    Ended ended);

  /// Ok, or what the file or its disk has refused the last changes with; see Store::health_of_changes().
  [[nodiscard]] base::Status health();

  /// Commits what is being made (what takes long is interrupted), and ends the thread; what waits is told, on the
  /// calling thread, that it was not made. Again: nothing.
  void stop();

 private:
  void serve();
  void note_outcome();
  /// Nothing: stopping.
  std::optional<PendingChange> await();
  void await_company(std::unique_lock<std::mutex>& lock);
  std::optional<PendingChange> next();
  std::optional<PendingChange> pop();  // with mutex_ held

  const FunctionRules& rules_;
  std::atomic<bool> ending_ = false;  // written with mutex_ held
  GroupCommit commits_;               // the thread's
  Company company_;                   // the thread's
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<PendingChange> waiting_;                        // guarded by mutex_
  std::size_t called_at_ = 1;                                // guarded by mutex_; so many that wait call the thread
  std::string failure_;                                      // guarded by mutex_; of the last changes, empty: none
  SqliteWriteConnection::Clock::time_point failed_at_ = {};  // guarded by mutex_
  std::thread thread_;
};

/// The writers of a store's files. A completion may hold a reference to them, so who made them keeps one until they
/// are stopped: a writer that released the last one would wait for its own end.
class SqliteWriters {
 public:
  SqliteWriters(const SqliteFiles& files, FunctionRules rules);
  ~SqliteWriters();  ///< stops

  /// The writer of that mode's file, or null where there is none.
  [[nodiscard]] SqliteWriter* find(model::Mode mode) noexcept;

  /// Stops all; then ends what is stranded, on the calling thread, which is none of theirs. Again: nothing.
  void stop();

  /// For what completions hold that must not end on a writer's thread; outlives the writers where somebody holds it.
  [[nodiscard]] const std::shared_ptr<Stranded>& stranded() const noexcept { return stranded_; }

 private:
  const FunctionRules rules_;
  const std::shared_ptr<Stranded> stranded_ = std::make_shared<Stranded>();
  SqliteWriter production_;
  std::optional<SqliteWriter> sandbox_;
};

}  // namespace portico::store
