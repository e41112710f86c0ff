#pragma once

#include <string>
#include <vector>

#include "store/explain.hpp"

namespace portico::store {

/// Asks the PostgreSQL at `address`, as PostgresConnection takes it; runs nothing. What is shown is what PostgreSQL
/// does as soon as reading a whole table is more work than an index is: a small table it would read whole, whatever
/// its indexes. Throws PostgresError.
[[nodiscard]] std::vector<Explanation> explain_postgres(const plan::Plan& plan, const std::string& address);

}  // namespace portico::store
