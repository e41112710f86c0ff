#pragma once

#include <vector>

#include "store/present_schema.hpp"
#include "store/schema.hpp"

namespace portico::store {

// What an earlier description had, and by which the database refuses rows that this one allows.

/// The columns that must have a value and get none, as the description does not have them.
[[nodiscard]] std::vector<const PresentColumn*> columns_in_the_way(plan::SqlFlavor flavor, const WantedTable& wanted,
                                                                   const PresentTable& present);

/// Whether a migration made the index for a key or a `unique` field, and nothing that is wanted is unique by it.
[[nodiscard]] bool is_lapsed_rule(const Schema& wanted, const WantedTable& table, const PresentIndex& index);

}  // namespace portico::store
