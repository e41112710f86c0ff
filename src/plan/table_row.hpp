#pragma once

#include <vector>

#include "base/value.hpp"

namespace portico::plan {

/// A row of a resource as it is, or as it will be: a value for each of Resource::leaves (those of joins are always
/// null). What its columns hold: timestamps as microseconds, booleans as 0 and 1, lists and json as JSON text.
using TableRow = std::vector<base::Value>;

}  // namespace portico::plan
