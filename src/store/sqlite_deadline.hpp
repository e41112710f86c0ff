#pragma once

#include <chrono>
#include <utility>

#include <sqlite3.h>

namespace portico::store {

/// Interrupts what a connection runs once it is late, or once `IsOver` says that nobody waits for it any more; for as
/// long as it lives. One at a time on a connection. Not sqlite3_interrupt, which from another thread could meet a
/// connection that is just being replaced.
template <typename IsOver>
class SqliteDeadline {
 public:
  using Clock = std::chrono::steady_clock;

  SqliteDeadline(sqlite3* connection, Clock::time_point end, IsOver is_over)
      : connection_(connection), end_(end), is_over_(std::move(is_over)) {
    sqlite3_progress_handler(connection_, instructions_between_looks, passed, this);
  }
  ~SqliteDeadline() { sqlite3_progress_handler(connection_, 0, nullptr, nullptr); }
  SqliteDeadline(const SqliteDeadline&) = delete;
  SqliteDeadline& operator=(const SqliteDeadline&) = delete;

 private:
  /// How many of SQLite's virtual instructions pass between two looks at the clock: some tens of microseconds.
  static constexpr int instructions_between_looks = 4'000;

  static int passed(void* self) {
    const auto& deadline = *static_cast<const SqliteDeadline*>(self);
    return deadline.is_over_() || Clock::now() > deadline.end_ ? 1 : 0;
  }

  sqlite3* connection_;
  Clock::time_point end_;
  IsOver is_over_;
};

}  // namespace portico::store
