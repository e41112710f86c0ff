#pragma once

#include <vector>

#include "model/mistake_list.hpp"
#include "model/name_rules.hpp"

namespace portico::model {

/// What the fields are measured by.
struct FieldRules {
  const std::vector<int>& versions;
  Maker maker = Maker::Portico;  ///< of the table
};

/// What the fields of a resource say together: names that meet in a version, columns that meet in the table, keys
/// that mean nothing inside a list.
void check_resource(const Resource& resource, const FieldRules& rules, MistakeList& mistakes);

}  // namespace portico::model
