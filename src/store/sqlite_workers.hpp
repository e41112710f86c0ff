#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "model/api.hpp"
#include "store/sqlite_access.hpp"
#include "store/sqlite_functions.hpp"
#include "store/sqlite_reader.hpp"

namespace portico::store {

/// Keeps what a worker may not end until no worker is left. Thread-safe.
class Stranded {
 public:
  using List = std::list<std::shared_ptr<void>>;
  void take(List items) noexcept;  ///< after end(): ends them at once
  void end() noexcept;             ///< once all workers have ended: ends all, on the calling thread

 private:
  std::mutex mutex_;
  List items_;          // guarded by mutex_
  bool ended_ = false;  // guarded by mutex_
};

/// Threads with readers of their own, for queries whose work grows with the data: a loop that waited for one would
/// keep all its other clients waiting. Shared by all loops; thread-safe. A task may hold a reference to its workers,
/// so who made them keeps one until they are stopped: a worker that released the last one would wait for its own end.
class SqliteWorkers {
 public:
  /// Gets the thread's reader, or why there is none: Unavailable, as it has waited longer than query_timeout.
  using Work = std::function<void(base::Result<SqliteReader*>)>;

  /// Throws SqliteError where a file cannot be opened.
  SqliteWorkers(SqliteFiles files, FunctionRules rules, std::size_t threads);
  ~SqliteWorkers();  ///< stops
  SqliteWorkers(const SqliteWorkers&) = delete;
  SqliteWorkers& operator=(const SqliteWorkers&) = delete;

  [[nodiscard]] const SqliteFiles& files() const noexcept { return files_; }
  /// The rules of every reader of this store, the loops' own included; as long as this object lives.
  [[nodiscard]] const FunctionRules& rules() const noexcept { return rules_; }

  /// Names a task that was submitted.
  using TaskId = std::uint64_t;

  /// Runs `work` on some thread, with its reader of that mode. Unavailable when Limits::queries_waiting are waiting,
  /// or after stop().
  [[nodiscard]] base::Result<TaskId> submit(model::Mode mode, Work work);

  /// Takes a task that still waits out of the queue; it is dropped on the calling thread. False: it runs, or ran.
  bool withdraw(TaskId id);

  /// Interrupts what runs, waits for all threads, drops what waits and what is stranded; all on the calling thread,
  /// which is none of the workers. Again: nothing.
  void stop();

  /// For what tasks hold that must not end on a worker; outlives the workers where somebody holds it.
  [[nodiscard]] const std::shared_ptr<Stranded>& stranded() const noexcept { return stranded_; }

 private:
  struct Task {
    TaskId id = 0;
    model::Mode mode = model::Mode::Production;
    Work work;
    std::chrono::steady_clock::time_point submitted_at;
  };
  struct Readers {
    Readers(const SqliteFiles& files, const FunctionRules& rules);
    SqliteReader production;
    std::optional<SqliteReader> sandbox;
  };
  void serve(Readers& readers);
  void work_on(const Task& task, Readers& readers) const;

  const SqliteFiles files_;
  const FunctionRules rules_;
  const std::shared_ptr<Stranded> stranded_ = std::make_shared<Stranded>();
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Task> tasks_;                         // guarded by mutex_
  TaskId last_id_ = 0;                             // guarded by mutex_
  bool stopping_ = false;                          // guarded by mutex_
  std::vector<std::unique_ptr<Readers>> readers_;  // one for each thread
  std::vector<std::thread> threads_;
};

}  // namespace portico::store
