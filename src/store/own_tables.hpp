#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace portico::store {

/// A value of a table of ours. Instants are microseconds since 1970.
struct Bytes {
  std::string bytes;
  bool operator==(const Bytes&) const = default;
};
using OwnValue = std::variant<std::monostate, std::int64_t, std::string, Bytes>;
using OwnRow = std::vector<OwnValue>;

/// What a statement of ours was refused with where that is an answer: another row has the unique value, or the row
/// that it refers to is not there. The transaction is over: it was rolled back.
enum class OwnRefusal : std::uint8_t { None, Unique, Reference };

struct OwnAnswer {
  std::vector<OwnRow> rows;
  std::int64_t changed = 0;  ///< rows inserted, updated or deleted
  OwnRefusal refusal = OwnRefusal::None;
};

/// Two transactions got into each other's way; this one was rolled back, and may be begun again.
class OwnTablesBusy : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The tables of the programme for extensions (users, extensions, tokens, …), in the database that the keys are in.
/// One SQL for both stores: `$1`, `$2` are binds; texts, bigint and bytes are all there is. Waits for what it asks.
/// One thread at a time. Two implementations: SqliteOwnTables and PostgresOwnTables. Opening makes tables that are
/// missing. Throws SqliteError or PostgresError where the database cannot do it, std::invalid_argument for a bound
/// text that no store could hold (U+0000, no UTF-8); a connection that was lost is opened anew, by begin() at
/// once, else with the next statement outside a transaction.
class OwnTables {
 public:
  virtual ~OwnTables() = default;
  OwnTables(const OwnTables&) = delete;
  OwnTables& operator=(const OwnTables&) = delete;

  /// Outside a transaction a statement is one by itself. Throws OwnTablesBusy, too.
  virtual OwnAnswer run(std::string_view sql, std::span<const OwnValue> binds) = 0;
  /// SQLite: takes the writer's lock at once. PostgreSQL: serializable.
  virtual void begin() = 0;
  virtual void commit() = 0;  ///< durable when it returns; throws OwnTablesBusy, too
  /// Nothing happens where none is open.
  virtual void roll_back() noexcept = 0;

 protected:
  OwnTables() = default;
};

/// For implementations: throws std::invalid_argument for a text that PostgreSQL could not hold.
void require_storable(std::string_view text);

/// A transaction; what leaves it without commit() rolls it back.
class OwnTransaction {
 public:
  explicit OwnTransaction(OwnTables& tables) : tables_(tables) { tables_.begin(); }
  ~OwnTransaction() { tables_.roll_back(); }
  OwnTransaction(const OwnTransaction&) = delete;
  OwnTransaction& operator=(const OwnTransaction&) = delete;
  void commit() { tables_.commit(); }

 private:
  OwnTables& tables_;
};

}  // namespace portico::store
