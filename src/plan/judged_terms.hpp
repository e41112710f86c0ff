#pragma once

#include <vector>

#include "plan/bound_filter.hpp"

namespace portico::plan {

/// Takes the terms out of `filter` that PostgreSQL cannot judge (regex, iregex, search), for RowCheck. What they are
/// known to need stays in their place, so that there are fewer candidates; one that is no more than another lookup
/// becomes that.
[[nodiscard]] std::vector<BoundTerm> take_judged_terms(BoundFilter& filter);

}  // namespace portico::plan
