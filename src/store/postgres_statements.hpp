#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace portico::store {

/// Which statements a connection has prepared, under which names; the least recently used one makes room.
class PreparedStatements {
 public:
  /// `capacity`: from 1 on.
  explicit PreparedStatements(std::size_t capacity) : capacity_(capacity) {}

  struct Use {
    std::string name;
    bool is_new = false;                      ///< must be prepared before it is used
    std::optional<std::string> evicted = {};  ///< the name of one to deallocate
  };
  [[nodiscard]] Use use(std::string_view sql);

  /// The server does not know that name (any more), or not as we do. The next use() of its text gives a new one.
  void forget(std::string_view name);

 private:
  struct Prepared {
    std::string sql;
    std::string name;
  };
  using Place = std::list<Prepared>::iterator;

  std::size_t capacity_;
  std::list<Prepared> recent_;                           // the last used first
  std::unordered_map<std::string_view, Place> by_text_;  // texts of recent_
  std::uint64_t last_number_ = 0;
};

}  // namespace portico::store
