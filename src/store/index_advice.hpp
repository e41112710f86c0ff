#pragma once

#include <string>
#include <vector>

#include "model/api.hpp"
#include "plan/sql_flavor.hpp"
#include "store/introspect.hpp"

namespace portico::store {

/// What the description allows on one field, and no index of the database serves: work that grows with the account's
/// rows, or the table's.
struct MissingIndex {
  const model::Resource* resource = nullptr;
  const model::Leaf* leaf = nullptr;
  bool for_ordering = false;
  std::vector<model::Lookup> lookups;  ///< filters, of those that an index can serve at all; may be empty
  std::vector<std::string> sql;        ///< what would help, and the database takes; empty: no index can
  std::string obstacle = {};           ///< why none can, where more is to say than that
};

/// By the indexes that `catalog` lists, in the description's order. Those of an expression and partial ones count for
/// nothing.
[[nodiscard]] std::vector<MissingIndex> missing_indexes(const model::Api& api, const Catalog& catalog,
                                                        plan::SqlFlavor flavor);

/// The filters that the description allows and that no index ever serves: they are judged row by row, among the rows
/// that the owner and the other filters leave.
[[nodiscard]] std::vector<model::Lookup> unindexed_lookups(const model::Api& api);

}  // namespace portico::store
