#pragma once

#include <cstdint>
#include <filesystem>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.hpp"
#include "plan/plan.hpp"
#include "store/rows.hpp"
#include "store/sqlite_connection.hpp"
#include "store/sqlite_functions.hpp"

namespace portico::store {

/// Statements prepared once and found again by their text; the one unused for longest makes room.
class StatementCache {
 public:
  explicit StatementCache(std::size_t capacity) : capacity_(capacity) {}
  /// Lives until `capacity` others were asked for.
  SqliteStatement& find(SqliteConnection& connection, const std::string& sql);

 private:
  struct Entry {
    std::string sql;
    SqliteStatement statement;
  };
  std::size_t capacity_;
  std::list<Entry> entries_;  // most recently used first
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_sql_;
};

/// Reads one database file; one thread at a time. Never writes.
class SqliteReader {
 public:
  /// `rules` must outlive the reader. Throws SqliteError where the file cannot be opened.
  SqliteReader(const std::filesystem::path& file, const FunctionRules& rules);
  SqliteReader(const SqliteReader&) = delete;
  SqliteReader& operator=(const SqliteReader&) = delete;

  /// Runs one statement and keeps all its rows. Unavailable: locked, out of reach, or longer than query_timeout;
  /// Internal: anything else that SQLite says.
  base::Status read(const plan::Statement& statement, std::size_t columns, Rows& rows);

  /// Page and count from one snapshot.
  base::Status read_list(const plan::ListPlan& plan, Rows& rows, std::int64_t& count);

  /// A number that changes when the database does, whoever writes to it, and is comparable on this reader only: of
  /// the snapshot that the last read saw.
  [[nodiscard]] std::uint32_t version_read() const;
  /// The same, of the database as it stands now.
  [[nodiscard]] base::Result<std::uint32_t> version_now();

  /// Why a statement failed, in the contract's terms.
  [[nodiscard]] static base::Error error_of(const SqliteError& error);

 private:
  class Deadline;
  void read_or_throw(const plan::Statement& statement, std::size_t columns, Rows& rows);

  const FunctionRules& rules_;
  SqliteConnection connection_;
  StatementCache statements_;
  SqliteStatement begin_;
  SqliteStatement commit_;
  SqliteStatement look_;
};

}  // namespace portico::store
