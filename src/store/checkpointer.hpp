#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>

#include "store/sqlite_connection.hpp"

namespace portico::store {

/// What one pass over the log has found and brought into the database, in pages of the log, counted from its
/// beginning.
struct CheckpointPass {
  int logged = 0;
  int brought = 0;  ///< less than `logged` where somebody reads what the database was before, or the disk refused
};

/// Brings the log into the database file, as far as nobody reads from what is before it, and waits for nobody. Throws
/// SqliteError. Nothing: another connection does the same at this moment.
[[nodiscard]] std::optional<CheckpointPass> make_checkpoint_pass(SqliteConnection& connection);

/// Makes passes over one file's log on a thread and connections of its own, while changes go on. What a pass is
/// refused is said on standard error and costs nothing: all stays in the log. One thread at a time.
class Checkpointer {
 public:
  explicit Checkpointer(std::filesystem::path file);
  ~Checkpointer();  ///< waits for the pass under way
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  [[nodiscard]] bool is_under_way() const noexcept { return under_way_; }
  /// Of a log that has so many pages now: a pass that is refused has found these, and brought no more than the last.
  /// Precondition: none is under way.
  void begin_pass(int logged);
  /// What the last pass came to, whoever made it. Precondition: none is under way.
  [[nodiscard]] const CheckpointPass& last() const noexcept { return last_; }
  void note(const CheckpointPass& pass) noexcept { last_ = pass; }

 private:
  void serve();
  void make_pass();

  const std::filesystem::path file_;
  std::atomic<bool> under_way_ = false;
  CheckpointPass last_;  // of who has set under_way_, until it is false again
  std::mutex mutex_;
  std::condition_variable wake_;
  bool asked_ = false;   // guarded by mutex_
  bool ending_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace portico::store
