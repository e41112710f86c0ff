#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "store/procedure.hpp"
#include "store/sqlite_functions.hpp"
#include "store/sqlite_write_connection.hpp"

namespace portico::store {

/// What is left of a change that is durable: its procedure is to be given what its last statement gave, on whatever
/// thread, and says Commit. Nothing is left where `procedure` is null.
struct Rest {
  std::unique_ptr<Procedure> procedure;
  Given given;
};

/// A change that is to be made, and who is told what came of it.
struct PendingChange {
  /// As Store::Changed. Must not throw but for want of memory.
  using Ended = std::function<void(base::Status, Rest)>;

  std::shared_ptr<Mutation> mutation;
  std::unique_ptr<Procedure> procedure;  ///< of the mutation, and has asked; null: who makes it begins it
  SqliteWriteConnection::Clock::time_point deadline;  ///< to begin
  Ended ended;
};

/// Makes changes to one database file, many in one transaction, whose commit waits once for the disk. Each change is
/// undone or made alone, in the order given. Opens the file when it is first needed, and anew after what the file or
/// its disk refused, so that it recovers without a restart. One thread at a time.
class GroupCommit {
 public:
  using Clock = SqliteWriteConnection::Clock;
  /// What waits now, the next of it; nothing: none does.
  using More = std::function<std::optional<PendingChange>()>;

  /// `rules` and `ending` must outlive it; see SqliteWriteConnection.
  GroupCommit(std::filesystem::path file, const FunctionRules& rules, const std::atomic<bool>& ending);

  /// Makes `first` and what else waits, as far as it fits into one transaction, and tells each what came of it, once
  /// all is known: without an error it is durable, or its procedure rolled back.
  void make(PendingChange first, const More& more);

  /// Why the file or its disk has refused the last changes; empty: it has not.
  [[nodiscard]] const std::string& failure() const noexcept { return failure_; }

  /// How long the last commit took, of how many changes; none where nothing was committed.
  struct Committed {
    Clock::duration took = {};
    std::size_t changes = 0;
  };
  [[nodiscard]] const Committed& last_commit() const noexcept { return last_commit_; }

  /// Whether there is something in the log that is worth to be brought into the database where there is time.
  [[nodiscard]] bool wants_checkpoint() const;
  [[nodiscard]] bool is_under_checkpoint() const noexcept { return checkpointer_.is_under_way(); }
  /// Has it brought there, meanwhile. Precondition: wants_checkpoint().
  void begin_checkpoint() { checkpointer_.begin_pass(open_->logged_pages()); }

 private:
  struct Entry {
    PendingChange change;
    base::Status outcome = base::ok();
    Rest rest;
    bool begun = false;  ///< it has not waited too long
    bool applied = false;
    bool settled = false;  ///< has failed alone: no other attempt
  };

  void make_batch(const More& more);
  /// False: the transaction is gone with one of them, and the others must be made again.
  bool try_batch(const More& more);
  bool take_another(const More& more, Clock::time_point begun);
  void make_one(SqliteWriteConnection& connection, Entry& entry);
  static void attempt(SqliteWriteConnection& connection, Entry& entry, Clock::time_point deadline);
  void settle(Entry& entry, base::Error error);
  void commit(SqliteWriteConnection& connection);
  void fail(const std::string& reason);
  /// Whether what a failed commit may have left behind can never become true.
  bool end_failed_commit();
  void tell();
  void tend_log();
  void finish_log();
  SqliteWriteConnection& connection();

  const std::filesystem::path file_;
  const FunctionRules& rules_;
  const std::atomic<bool>& ending_;
  std::unique_ptr<SqliteWriteConnection> open_;
  std::vector<Entry> batch_;
  Committed last_commit_;
  bool in_doubt_ = false;  // a commit under way may have become true
  std::string failure_;    // the last one's words, until it works again
  Clock::time_point retry_at_ = {};
  std::chrono::milliseconds pause_ = {};
  Checkpointer checkpointer_;
};

}  // namespace portico::store
