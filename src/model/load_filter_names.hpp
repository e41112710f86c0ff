#pragma once

#include <vector>

#include "model/load_field.hpp"
#include "model/resource.hpp"

namespace portico::model {

/// What other names for filters are checked against.
struct FilterNameSetting {
  const std::vector<int>& versions;
  const FieldLoader& fields;
};

/// Reads `filter_names`. A name is a mistake that any version has for something else: a field, a filter on one, or
/// what stands beside the filters in a query; and so is one of a filter that is not allowed. Precondition: the leaves
/// are indexed, and the relations loaded.
void load_filter_names(const Entry& map, const FilterNameSetting& setting, Resource& resource, MistakeList& mistakes);

}  // namespace portico::model
