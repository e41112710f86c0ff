#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

namespace portico::deliver {

/// Threads for work that waits, as many as there is work at once; idle ones are used again. Work must hold all that
/// it touches: what does not come to its end is left behind when these end. Thread-safe.
class TryThreads {
 public:
  TryThreads();
  ~TryThreads();  ///< waits for nobody
  TryThreads(const TryThreads&) = delete;
  TryThreads& operator=(const TryThreads&) = delete;

  /// Must not throw but for want of memory or threads; so must `work`.
  void run(std::function<void()> work);
  /// No new work from now on; waits for what is under way.
  void end(std::chrono::steady_clock::time_point deadline);

 private:
  struct State;
  const std::shared_ptr<State> state_;
};

}  // namespace portico::deliver
