#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.hpp"

// libpq's own names, so that its header stays in the sources.
struct pg_conn;
struct pg_result;

namespace portico::store {

/// What PostgreSQL, or the way to it, refused.
class PostgresError : public std::runtime_error {
 public:
  PostgresError(const std::string& words, std::string sqlstate)
      : std::runtime_error(words), sqlstate_(std::move(sqlstate)) {}
  /// Five characters, as PostgreSQL's appendix A lists them; empty where the server was not reached.
  [[nodiscard]] const std::string& sqlstate() const noexcept { return sqlstate_; }

 private:
  std::string sqlstate_;
};

/// The rows of one statement, as text. Copies share them.
class PostgresResult {
 public:
  /// Takes it over; null is no result.
  explicit PostgresResult(pg_result* result);
  [[nodiscard]] int rows() const;
  [[nodiscard]] int columns() const;
  [[nodiscard]] bool is_null(int row, int column) const;
  /// Empty for a null. Valid as long as the result.
  [[nodiscard]] std::string_view text(int row, int column) const;
  /// What was done, as PostgreSQL says it: `COMMIT`, `INSERT 0 1`. Valid as long as the result; empty where there is
  /// none.
  [[nodiscard]] std::string_view tag() const;
  /// How many rows were inserted, updated or deleted; 0 where it was something else that was done.
  [[nodiscard]] std::int64_t changed() const;
  /// For libpq's own functions. Owned here.
  [[nodiscard]] const pg_result* get() const noexcept { return result_.get(); }
  /// Keeps all texts valid as long as it is held.
  [[nodiscard]] std::shared_ptr<const void> texts() const noexcept { return result_; }

 private:
  std::shared_ptr<pg_result> result_;
};

/// What every session of ours is: texts and times are written one way, whatever the server's or the role's defaults.
/// One or more SQL statements.
[[nodiscard]] std::string_view session_settings();

/// Whether to run with `default_transaction_read_only`.
enum class SessionAccess : bool { ReadOnly, ReadWrite };

/// A connection that waits: for commands, never on a loop. One thread at a time.
class PostgresConnection {
 public:
  /// `address`: a URL (`postgres://…`) or libpq's key=value words. Throws PostgresError where no server answers
  /// within ten seconds (unless the address says otherwise), or the database's encoding is not UTF8.
  explicit PostgresConnection(const std::string& address, SessionAccess access = SessionAccess::ReadWrite);

  /// One statement, `$1` … for the binds. Throws PostgresError.
  PostgresResult run(const std::string& sql, std::span<const base::Value> binds = {});
  /// Statements without parameters, separated by `;`. One transaction unless they say otherwise. Throws
  /// PostgresError.
  void run_script(const std::string& sql);

  /// For COPY and other calls of libpq's own. Owned here.
  [[nodiscard]] pg_conn* get() noexcept { return connection_.get(); }

 private:
  struct Finish {
    void operator()(pg_conn* connection) const noexcept;
  };
  PostgresResult checked(pg_result* result);

  std::unique_ptr<pg_conn, Finish> connection_;
};

/// The values as libpq takes parameters: texts that end with a zero byte, or null. Values with a zero byte inside
/// have no such form: PostgreSQL's texts cannot hold one, and plans do not bind one.
class PostgresBinds {
 public:
  explicit PostgresBinds(std::span<const base::Value> values);
  void add(const base::Value& value);
  [[nodiscard]] int size() const noexcept { return static_cast<int>(offsets_.size()); }
  /// Valid until the next add().
  [[nodiscard]] const char* const* pointers();

 private:
  static constexpr std::size_t null_offset = static_cast<std::size_t>(-1);
  std::string bytes_;
  std::vector<std::size_t> offsets_;
  std::vector<const char*> pointers_;
};

}  // namespace portico::store
