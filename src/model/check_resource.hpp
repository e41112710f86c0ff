#pragma once

#include <vector>

#include "model/mistake_list.hpp"

namespace portico::model {

/// What the fields of a resource say together: names that meet in a version, columns that meet in the table, keys
/// that mean nothing inside a list.
void check_resource(const Resource& resource, const std::vector<int>& versions, MistakeList& mistakes);

}  // namespace portico::model
