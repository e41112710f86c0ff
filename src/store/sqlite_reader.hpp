#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.hpp"
#include "plan/plan.hpp"
#include "store/procedure.hpp"
#include "store/row_gatherer.hpp"
#include "store/rows.hpp"
#include "store/sqlite_connection.hpp"
#include "store/sqlite_functions.hpp"

namespace portico::store {

/// Statements prepared once and found again by their text; the one unused for longest makes room.
class StatementCache {
 public:
  struct Entry {
    std::string sql;            ///< by which it is found
    SqliteStatement statement;  ///< of that text, or of what was written for it
    bool in_order = true;       ///< gathering statements: whether gather() had no reason yet to refuse one
  };
  using Writing = std::function<std::string()>;

  explicit StatementCache(std::size_t capacity) : capacity_(capacity) {}
  /// Lives until `capacity` others were asked for.
  SqliteStatement& find(SqliteConnection& connection, const std::string& sql);
  /// The same, prepared from what `writing` gives for `sql`, which is asked once.
  Entry& find(SqliteConnection& connection, const std::string& sql, const Writing& writing);

 private:
  std::size_t capacity_;
  std::list<Entry> entries_;  // most recently used first
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_sql_;
};

/// A statement, and how many columns its rows have.
struct Selection {
  const plan::Statement& statement;
  std::size_t columns = 0;
};

/// Reads one database file; one thread at a time. Never writes. Where another file takes the place of the one that is
/// open, reads from it: read_list and version_now at once, the others within a second.
class SqliteReader {
 public:
  /// `rules` must outlive the reader. Throws SqliteError where the file cannot be opened.
  SqliteReader(const std::filesystem::path& file, const FunctionRules& rules);
  SqliteReader(const SqliteReader&) = delete;
  SqliteReader& operator=(const SqliteReader&) = delete;

  /// Runs one statement and keeps all its rows. Unavailable: locked, out of reach, or longer than query_timeout;
  /// Internal: anything else that SQLite says. After an error or an exception the reader is as good as before.
  base::Status read(const plan::Statement& statement, std::size_t columns, Rows& rows);

  /// The same, for at most `most`, of a statement that is expected to give all rows that it finds, which comes
  /// cheaper: false where it takes longer, and `rows` is then of no use.
  base::Result<bool> read_within(std::chrono::milliseconds most, const Selection& selection, Rows& rows);

  /// Page and count from one snapshot.
  base::Status read_list(const plan::ListPlan& plan, Rows& rows, std::int64_t& count);

  /// Runs a procedure that only reads, on one snapshot, for at most `most`. Errors as of read(), and the procedure's
  /// own exceptions.
  base::Status consult(Mutation& looking, std::chrono::milliseconds most);

  /// A number that changes when the database does, whoever writes to it or puts another in its place, and is
  /// comparable on this reader only: of the snapshot that the last read saw.
  [[nodiscard]] std::uint64_t version_read() const;
  /// The same, of the database as it stands now.
  [[nodiscard]] base::Result<std::uint64_t> version_now();

  /// Whether a file of that name is there and may be read. Looks at no byte of it.
  [[nodiscard]] base::Status reachable() const;

  /// What reads now and all that is read later ends soon, with Unavailable. From any thread, for good.
  void end() noexcept { ended_ = true; }

  /// For as long as it lives, what `reader` reads ends soon once `abandoned` becomes true, with Unavailable.
  class Interest {
   public:
    Interest(SqliteReader& reader, const std::atomic<bool>& abandoned) noexcept : reader_(reader) {
      reader_.abandoned_ = &abandoned;
    }
    ~Interest() { reader_.abandoned_ = nullptr; }
    Interest(const Interest&) = delete;
    Interest& operator=(const Interest&) = delete;

   private:
    SqliteReader& reader_;
  };

  /// Why a statement failed, in the contract's terms.
  [[nodiscard]] static base::Error error_of(const SqliteError& error);

 private:
  /// A connection and what lives on it.
  struct Open {
    Open(const std::filesystem::path& file, const FunctionRules& rules);
    SqliteConnection connection;
    RowGatherer gatherer;
    StatementCache statements;
    StatementCache gathering;
    SqliteStatement begin;
    SqliteStatement commit;
    SqliteStatement look;
  };
  void reopen();
  /// Both begin with no rows.
  void read_or_throw(const Selection& selection, Rows& rows);
  /// False where the statement cannot be gathered, and `rows` is of no use.
  [[nodiscard]] bool gather_or_throw(const Selection& selection, Rows& rows);
  [[nodiscard]] auto deadline_in(std::chrono::milliseconds most) const;
  [[nodiscard]] bool is_over() const noexcept { return ended_ || (abandoned_ != nullptr && *abandoned_); }

  const FunctionRules& rules_;
  const std::filesystem::path file_;
  std::unique_ptr<Open> open_;
  std::uint32_t openings_ = 1;
  ReplacementWatch watch_;
  std::atomic<bool> ended_ = false;
  const std::atomic<bool>* abandoned_ = nullptr;  // of the Interest under way
};

}  // namespace portico::store
