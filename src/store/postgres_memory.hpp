#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "access/key.hpp"
#include "store/count_memory.hpp"
#include "store/postgres_session.hpp"

namespace portico::store {

/// What one loop has learnt of a database, with the version that it was true of: server and snapshot, as text. Equal
/// versions prove that nothing was committed in between. On a server in recovery there is none: the version is empty,
/// and nothing is true of it.
class PostgresMemory {
 public:
  explicit PostgresMemory(std::size_t counts_most) : counts_(counts_most) {}

  /// A connection to `server` was opened, or one was lost (then the name is empty): what was learnt of another is
  /// forgotten.
  void meet(const PostgresSession::Server& server);

  /// The version of an answer with that snapshot (pg_current_snapshot). Valid until the next call.
  std::string_view version(const PostgresSession::Server& server, std::string_view snapshot);

  [[nodiscard]] CountMemory& counts() noexcept { return counts_; }
  /// Whether the count of `statement` will probably be known once the page is read, so that the page alone is worth
  /// a try: it is if the page will not be full, or the count is of the newest version seen.
  [[nodiscard]] bool may_know_count(const plan::Statement& statement, std::int64_t rows_of_full_page);

  /// The key as it was read last, or null.
  [[nodiscard]] const access::KeyRecord* key(std::string_view id) const;
  [[nodiscard]] bool key_is_current(std::string_view id, std::string_view version) const;
  void keep_key(const access::KeyRecord& record, std::string_view version);
  void forget_key(std::string_view id);

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
  };
  struct Key {
    access::KeyRecord record;
    std::string version;
  };

  CountMemory counts_;
  std::unordered_map<std::string, Key, Hash, std::equal_to<>> keys_;
  std::string identity_;
  std::string newest_;  // the version of the last answer
};

}  // namespace portico::store
