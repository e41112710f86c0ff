#pragma once

#include <string>

#include "plan/column_kind.hpp"

namespace portico::plan {

/// PostgreSQL: the number that a column of kind WholeNumber, Hundredths (in hundredths) or Seconds shows, as a
/// numeric; null where it shows null: what is no number, is not whole where it should be, or does not fit into 64
/// bits. A floating-point number counts as it is written.
[[nodiscard]] std::string fitting_number(const std::string& column, ColumnKind kind);

}  // namespace portico::plan
