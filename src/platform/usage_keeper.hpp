#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/limits.hpp"
#include "platform/usage_batch.hpp"
#include "server/usage_ring.hpp"
#include "store/own_tables.hpp"

namespace portico::platform {

struct UsageKeeperOptions {
  /// Called on the keeper's thread, again after each failure; may throw.
  std::function<std::unique_ptr<store::OwnTables>()> open;
  base::Limits limits;
  /// What the operator should read: requests that were not counted, a database that does not take them. Called on the
  /// keeper's thread.
  std::function<void(const std::string&)> report;
};

/// Takes what the loops have answered out of their rings and keeps it in the tables of usage, each
/// Limits::usage_interval and when somebody is about to look: on a thread of its own, so that no loop waits. While
/// the database is away the counts of each minute are held, and added later; of requests, the last ones of each
/// account. Thread-safe. Its end writes what is left.
class UsageKeeper {
 public:
  explicit UsageKeeper(UsageKeeperOptions options);
  ~UsageKeeper();
  UsageKeeper(const UsageKeeper&) = delete;
  UsageKeeper& operator=(const UsageKeeper&) = delete;

  /// A ring for one more loop, which may add to it as long as the keeper lives.
  [[nodiscard]] server::UsageRing& add_ring();
  /// Has what is in the rings written, and waits for it, but not longer than `most`: the database may be away.
  void write_now(std::chrono::milliseconds most);

 private:
  void keep_until_stopped();
  /// What it is to do; `asked`: whom it will then have served of those that wait in write_now().
  struct Wish {
    bool stops = false;
    std::uint64_t asked = 0;
  };
  [[nodiscard]] Wish wait_until(std::chrono::steady_clock::time_point next);
  void take_all();
  void write();
  void forget_old();

  const UsageKeeperOptions options_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<std::unique_ptr<server::UsageRing>> rings_;  // guarded by mutex_; none ever goes
  bool stopping_ = false;                                  // guarded by mutex_
  std::uint64_t asked_ = 0;                                // guarded by mutex_: times that write_now() was called
  std::uint64_t done_ = 0;                                 // guarded by mutex_: of these
  std::condition_variable written_;
  std::atomic<bool> fills_ = false;
  // The thread's own.
  UsageBatch batch_;
  std::unique_ptr<store::OwnTables> tables_;
  std::string failure_;  // that was told
  std::chrono::steady_clock::time_point forgotten_at_ = {};
  std::thread thread_;
};

}  // namespace portico::platform
