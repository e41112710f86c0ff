#pragma once

#include <string>
#include <vector>

#include "model/keys.hpp"

namespace portico::model {

/// What a field's keys say together: bounds that cross, flags that exclude each other.
void check_field(const Field& field, const KeyValues& keys, MistakeList& mistakes);

/// What an item of a list cannot be: it has no name, no column and no version of its own.
void check_item(const Field& item, MistakeList& mistakes);

/// Every name that `filter:` may list: families, then lookups.
[[nodiscard]] const std::vector<std::string>& filter_names();

/// The filters of a type, for a hint: `range, isnull; alone: exact, gt, …`.
[[nodiscard]] std::string fitting_filters(FieldType type);

}  // namespace portico::model
