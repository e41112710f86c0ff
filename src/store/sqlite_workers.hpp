#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "model/api.hpp"
#include "store/sqlite_functions.hpp"
#include "store/sqlite_reader.hpp"

namespace portico::store {

/// Threads with readers of their own, for queries whose work grows with the data: a loop that waited for one would
/// keep all its other clients waiting. Shared by all loops; thread-safe.
class SqliteWorkers {
 public:
  using Work = std::function<void(SqliteReader&)>;

  /// Throws SqliteError where a file cannot be opened.
  SqliteWorkers(const std::filesystem::path& directory, FunctionRules rules, std::size_t threads);
  ~SqliteWorkers();  ///< lets what runs end, drops what waits
  SqliteWorkers(const SqliteWorkers&) = delete;
  SqliteWorkers& operator=(const SqliteWorkers&) = delete;

  /// The rules of every reader of this store, the loops' own included; as long as this object lives.
  [[nodiscard]] const FunctionRules& rules() const noexcept { return rules_; }

  /// Runs `work` on some thread, with its reader of that mode. Unavailable when Limits::queries_waiting are waiting.
  [[nodiscard]] base::Status submit(model::Mode mode, Work work);

 private:
  struct Task {
    model::Mode mode;
    Work work;
  };
  struct Readers {
    SqliteReader production;
    SqliteReader sandbox;
  };
  void serve(Readers& readers);

  const FunctionRules rules_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Task> tasks_;                         // guarded by mutex_
  bool stopping_ = false;                          // guarded by mutex_
  std::vector<std::unique_ptr<Readers>> readers_;  // one for each thread
  std::vector<std::thread> threads_;
};

}  // namespace portico::store
