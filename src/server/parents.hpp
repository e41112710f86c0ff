#pragma once

#include <vector>

#include "operation/operation.hpp"

namespace portico::server {

/// The objects that the path of a list, or of its summary, names above its rows, `/orders/{order}/captures`, as
/// operations that look for them: an empty list below one that is not there is none. The outermost last. None for
/// anything else.
[[nodiscard]] std::vector<operation::Retrieve> parents_of(const operation::Operation& operation);

}  // namespace portico::server
