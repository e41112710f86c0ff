#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>

#include "store/checkpointer.hpp"
#include "store/procedure.hpp"
#include "store/sqlite_connection.hpp"
#include "store/sqlite_functions.hpp"
#include "store/sqlite_reader.hpp"

namespace portico::store {

/// A connection that changes one database file: transactions of several changes, each of which can be undone alone.
/// One thread at a time. Everything throws SqliteError.
class SqliteWriteConnection {
 public:
  using Clock = std::chrono::steady_clock;
  /// How an attempt ended, where it ended of itself.
  enum class End : std::uint8_t {
    Applied,
    Unfinished,  ///< applied, but the procedure has not been given what its last statement gave
    RolledBack,
  };
  struct Made {
    End end = End::Applied;
    Given last;  ///< of Unfinished
  };

  /// `rules` and `ending` must outlive the connection. Once `ending` is true, statements that take long end with
  /// SQLITE_INTERRUPT, and nobody else's transaction is waited for.
  SqliteWriteConnection(const std::filesystem::path& file, const FunctionRules& rules,
                        const std::atomic<bool>& ending);
  SqliteWriteConnection(const SqliteWriteConnection&) = delete;
  SqliteWriteConnection& operator=(const SqliteWriteConnection&) = delete;

  /// Begins a transaction that can write. While another process writes, waits for it until `deadline`, then throws
  /// SQLITE_BUSY.
  void begin(Clock::time_point deadline);
  /// Makes one attempt at a change, within the transaction: a new procedure, or one that `has_asked` already. Ends
  /// after its last statement (Ask::is_last), which needs no savepoint, as a statement is all or nothing by itself. A
  /// refusal of the database is told to the procedure, and undone. SQLITE_INTERRUPT after `deadline`. What throws,
  /// SqliteError or the procedure's own exceptions, is not undone.
  Made make(Procedure& procedure, bool has_asked, Clock::time_point deadline);
  /// Undoes the attempt that has thrown; where it threw within its last statement, all of the transaction.
  /// Precondition: in_transaction().
  void undo();
  /// After some errors SQLite has rolled back all of it.
  [[nodiscard]] bool in_transaction() const noexcept;
  /// Returns once all of it would survive a loss of power.
  void commit();
  void roll_back();

  /// Changes nothing, but writes: its commit takes the place in the log of what a failed one has left there.
  void write_anew();

  /// Whether another file, or none, now has the name of the one that is open.
  [[nodiscard]] bool has_moved() const noexcept { return connection_.has_moved(); }

  /// How many pages the log held after the last commit that wrote something.
  [[nodiscard]] int logged_pages() const noexcept { return logged_pages_; }
  /// As make_checkpoint_pass(). Once all of the log is in the database, a transaction begins the log anew.
  std::optional<CheckpointPass> checkpoint();

 private:
  static int busy(void* self, int count);
  static int logged(void* self, sqlite3* handle, const char* database, int pages);
  [[nodiscard]] Given answer(const Ask& ask);
  /// Makes the attempt, but for what the database refuses.
  Made follow(Procedure& procedure, bool has_asked, Clock::time_point deadline);

  /// What the attempt under way has done to the database.
  enum class Trace : std::uint8_t {
    None,       ///< it has changed nothing
    Savepoint,  ///< changes behind the savepoint
    Last,       ///< its last statement, which no savepoint precedes
  };

  const std::atomic<bool>& ending_;
  SqliteConnection connection_;
  StatementCache statements_;
  SqliteStatement begin_;
  SqliteStatement savepoint_;
  SqliteStatement release_;
  SqliteStatement undo_;
  SqliteStatement commit_;
  SqliteStatement roll_back_;
  Trace trace_ = Trace::None;
  Clock::time_point busy_until_ = {};
  int logged_pages_ = 0;
};

}  // namespace portico::store
