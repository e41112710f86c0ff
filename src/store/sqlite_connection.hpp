#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/value.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace portico::store {

/// `name` as an identifier in SQL: in double quotes, its own doubled.
[[nodiscard]] std::string quoted_name(std::string_view name);

/// What SQLite refused: `FILE: what was tried: SQLite's words`. `code` is the extended result code
/// (SQLITE_BUSY_SNAPSHOT, …); its low byte is the primary one.
class SqliteError : public std::runtime_error {
 public:
  SqliteError(int code, const std::string& message) : std::runtime_error(message), code_(code) {}
  /// `before` and `words` make the message.
  SqliteError(int code, const std::string& before, std::string_view words)
      : std::runtime_error(before + std::string(words)), code_(code), words_at_(before.size()) {}
  [[nodiscard]] int code() const noexcept { return code_; }
  [[nodiscard]] int primary_code() const noexcept { return code_ & 0xff; }
  /// SQLite's own words alone; where nothing is known of them, the whole message.
  [[nodiscard]] std::string_view words() const noexcept { return std::string_view(what()).substr(words_at_); }

 private:
  int code_;
  std::size_t words_at_ = 0;
};

enum class OpenMode : std::uint8_t {
  ReadOnly,   ///< the file must exist; nothing is ever written through this connection
  ReadWrite,  ///< the file must exist
  Create,     ///< made where it is missing
};

/// What survives a loss of power.
enum class Durability : std::uint8_t {
  Full,  ///< every commit: WAL, synchronous=FULL (a connection for reading leaves the journal mode as it is)
  None,  ///< nothing before the caller's own sync: no journal, exclusive lock; for a file that nobody else knows of
         ///< yet
};

struct SqliteOptions {
  OpenMode mode = OpenMode::ReadOnly;
  Durability durability = Durability::Full;
  std::chrono::milliseconds busy_timeout{5'000};  ///< how long a locked file is waited for; 0: not at all
  std::int64_t cache_bytes = 16 * 1024 * 1024;    ///< SQLite's page cache for this connection
  std::int64_t mmap_bytes = 0;                    ///< how much of the file is read through a mapping
  int page_bytes = 4096;                          ///< of a file that is made now
};

/// A connection: one thread at a time (NOMUTEX). Extensions off, `trusted_schema` off, SQL and nesting limited, no
/// double-quoted strings. Moves; must outlive its statements. Everything throws SqliteError.
class SqliteConnection {
 public:
  SqliteConnection(const std::filesystem::path& file, const SqliteOptions& options);

  /// Runs statements that give no rows of interest.
  void execute(const std::string& sql);

  [[nodiscard]] const std::filesystem::path& file() const noexcept { return file_; }
  /// For SQLite's own functions (user functions, progress handlers, interrupts); stays this object's.
  [[nodiscard]] sqlite3* handle() const noexcept { return handle_.get(); }
  /// Rows changed by the last statement that changes rows.
  [[nodiscard]] std::int64_t changes() const noexcept;
  /// Whether another file, or none, now has the name that this connection opened.
  [[nodiscard]] bool has_moved() const noexcept;

  /// Throws SQLite's last error of this connection, for what was `tried`.
  [[noreturn]] void fail(std::string_view tried) const;

 private:
  struct Close {
    void operator()(sqlite3* handle) const noexcept;
  };
  std::filesystem::path file_;
  std::unique_ptr<sqlite3, Close> handle_;
};

/// A prepared statement. Binds and columns count as SQLite counts them: binds from 1, columns from 0. Text and blobs
/// are bound without a copy: they must live until the statement is bound anew, reset_and_clear, or gone. Moves.
/// Everything that can fail throws SqliteError and leaves the statement reset.
class SqliteStatement {
 public:
  /// Prepared to be used often. `sql` is exactly one statement.
  SqliteStatement(SqliteConnection& connection, std::string_view sql);

  void bind(int index, const base::Value& value);
  void bind(int index, const base::Cell& cell);
  void bind_null(int index);
  void bind_integer(int index, std::int64_t value);
  void bind_text(int index, std::string_view text);
  void bind_blob(int index, std::string_view bytes);
  /// All binds of the statement, from 1.
  void bind_all(std::span<const base::Value> values);

  /// Whether there is a row to read; after `false` the statement is reset and ready to run again.
  [[nodiscard]] bool step();
  /// For statements that give no row.
  void run();
  /// Ends a reading that has not come to its end; the binds stay.
  void reset() noexcept;
  void reset_and_clear() noexcept;

  [[nodiscard]] int columns() const noexcept;
  /// A cell of the current row; its text lives until the next step or reset. Blobs come as text.
  [[nodiscard]] base::Cell cell(int column) const noexcept;
  [[nodiscard]] std::int64_t integer(int column) const noexcept;
  [[nodiscard]] std::string text(int column) const;

  [[nodiscard]] sqlite3_stmt* handle() const noexcept { return handle_.get(); }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* handle) const noexcept;
  };
  void check(int code) const;
  [[noreturn]] void fail() const;
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

/// One use of a statement; its end, by an exception too, resets and clears the statement. One left between two rows
/// would hold its snapshot, and the connection would see nothing newer; binds point into what ends before it.
class Reading {
 public:
  explicit Reading(SqliteStatement& statement) noexcept : statement_(statement) {}
  ~Reading() { statement_.reset_and_clear(); }
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

 private:
  SqliteStatement& statement_;
};

/// Notices a file that was renamed over the one that is open, as when a backup is put in its place.
class ReplacementWatch {
 public:
  /// Whether there is one; looks once a second at most, and each time while the answer is yes.
  [[nodiscard]] bool sees_another(const SqliteConnection& connection);
  /// Looks at once.
  [[nodiscard]] bool sees_another_now(const SqliteConnection& connection);

 private:
  std::chrono::steady_clock::time_point next_look_ = {};
};

/// Whether a database's file can be read; else Unavailable with those words, and why in its detail.
[[nodiscard]] base::Status file_health(const std::filesystem::path& file, std::string_view words);

}  // namespace portico::store
