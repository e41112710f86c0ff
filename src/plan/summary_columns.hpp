#pragma once

#include "plan/sql_names.hpp"

namespace portico::plan {

/// The select list of a resource's summary, a column for each aggregate, and how its columns are read. What is summed
/// up is what the rows would show: a value that is shown as null is none. Sums are exact; one that 64 bits do not
/// hold is null. Precondition: `leaves` are the resource's.
[[nodiscard]] ViewName summary_columns(const model::Resource& resource, const std::vector<LeafName>& leaves,
                                       SqlFlavor flavor);

}  // namespace portico::plan
