#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "store/sqlite_connection.hpp"

namespace portico::store {

/// A state of a database in WAL mode, told by the header of its log's index, which all connections share in memory:
/// each commit, whoever makes it, writes another one (SQLite, "WAL-mode File Format" §2.1). Two that are equal are of
/// the same contents. To look costs some nanoseconds and no call of the system, where a transaction for reading costs
/// a microsecond or two.
class LogState {
 public:
  /// As it stands now. Nothing: a commit is being entered just now, or the index cannot be seen. Precondition: the
  /// connection has read from its database, which is in WAL mode (is_in_wal_mode).
  [[nodiscard]] static std::optional<LogState> look(const SqliteConnection& connection);
  bool operator==(const LogState&) const = default;

 private:
  std::array<std::uint64_t, 6> header_ = {};  // as it is: compared and never read
};

/// Whether a database is in WAL mode; it stays so while the connection lives.
[[nodiscard]] bool is_in_wal_mode(SqliteConnection& connection);

}  // namespace portico::store
