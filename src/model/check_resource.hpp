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

/// The part of it that bodies of actions share: names that meet, and what lists hold.
void check_names(const std::vector<Field>& fields, const std::vector<int>& versions, MistakeList& mistakes);

}  // namespace portico::model
