#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "plan/plan.hpp"

namespace portico::store {

/// Exact counts, each with the version of the database that it was counted in (P12). What a version is, the store
/// says: a count is true of a snapshot that has the same one. Belongs to one loop.
class CountMemory {
 public:
  /// A remembered count may be of a version that has passed.
  struct Count {
    std::string version;
    std::int64_t rows = 0;
  };

  /// Remembers `capacity` counts; over it, forgets all and begins anew.
  explicit CountMemory(std::size_t capacity) : capacity_(capacity) {}

  /// What is remembered of `statement`, or null. Valid until the next call.
  [[nodiscard]] const Count* find(const plan::Statement& statement);
  /// The count of `statement` in that version, or null.
  [[nodiscard]] const std::int64_t* find(const plan::Statement& statement, std::string_view version);
  /// Statements and versions of more than some kilobytes are not remembered.
  void keep(const plan::Statement& statement, std::string_view version, std::int64_t rows);
  void forget() { counts_.clear(); }

 private:
  /// Text and binds as one key, unambiguous: each bind with its kind and length before it.
  const std::string& key_of(const plan::Statement& statement);

  std::size_t capacity_;
  std::unordered_map<std::string, Count> counts_;
  std::string key_;
};

}  // namespace portico::store
