#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/limits.hpp"
#include "base/result.hpp"
#include "platform/desk.hpp"

namespace portico::platform {

/// Threads that wait for the database in place of the loops, each with a desk of its own. Shared by all loops;
/// thread-safe. What tasks hold ends on these threads: nothing of a loop's.
class Workers {
 public:
  /// Gets the thread's desk, or why there is none: Unavailable. Should throw nothing.
  using Task = std::function<void(base::Result<Desk*>)>;

  Workers() = default;
  ~Workers();  ///< stops
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  /// From the next task on each thread works at a desk that this makes; threads are started where there are fewer
  /// than Limits::developer_threads. For the thread that made the workers.
  void take(MakeDesk make_desk, const base::Limits& limits);

  /// Runs `task` on some thread. Unavailable where Limits::developer_waiting are waiting, or after stop().
  [[nodiscard]] base::Status submit(Task task);

  /// Waits for what is under way, drops what waits. Again: nothing.
  void stop();

 private:
  struct Waiting {
    Task task;
    std::chrono::steady_clock::time_point since;
  };
  struct Seat {
    std::shared_ptr<const MakeDesk> made_by;  // which `make_desk_` it was
    std::unique_ptr<Desk> desk;
  };
  void serve();
  static base::Result<Desk*> prepare(Seat& seat, std::shared_ptr<const MakeDesk> make_desk);

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Waiting> waiting_;                // guarded by mutex_
  std::shared_ptr<const MakeDesk> make_desk_;  // guarded by mutex_
  base::Limits limits_;                        // guarded by mutex_
  bool stopping_ = false;                      // guarded by mutex_
  std::vector<std::thread> threads_;           // of the thread that made the workers
};

}  // namespace portico::platform
