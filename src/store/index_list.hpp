#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "store/schema.hpp"

namespace portico::store {

/// What is alike for the store is alike in this.
[[nodiscard]] std::string comparable_name(plan::SqlFlavor flavor, std::string_view name);

// What the indexes are called behind their table's name.
inline constexpr std::string_view wish_of_key = "key";
[[nodiscard]] std::string wish_of_unique(const std::string& column);

/// The indexes of one database: names are one space in each schema, shared with the tables.
class IndexList {
 public:
  IndexList(plan::SqlFlavor flavor, const std::vector<WantedTable>& tables);

  /// `index` has its readable name, which is shortened or made unique by a hash of what the index holds, where it
  /// must be. One of the same table and columns is added once.
  void add(WantedIndex index);

  [[nodiscard]] std::vector<WantedIndex> take() && { return std::move(indexes_); }

 private:
  std::string free_name(std::string name, const std::string& schema, std::string_view identity);

  plan::SqlFlavor flavor_;
  std::set<std::string> names_;
  std::set<std::string> identities_;
  std::vector<WantedIndex> indexes_;
};

/// Whether that is the name that a migration gives to what it makes for a key or a `unique` field: an index of those
/// columns.
[[nodiscard]] bool is_name_of_rule(plan::SqlFlavor flavor, const std::string& table,
                                   const std::vector<IndexColumn>& columns, std::string_view name);

}  // namespace portico::store
