#pragma once

#include <span>
#include <string_view>
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

/// What stands beside the filters in a query string (P10, P13 to P15).
[[nodiscard]] std::span<const std::string_view> list_parameters();

}  // namespace portico::model
