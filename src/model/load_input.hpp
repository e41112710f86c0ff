#pragma once

#include <string_view>
#include <vector>

#include "model/expression_names.hpp"

namespace portico::model {

/// Where fields stand that are in no table.
struct InputSetting {
  const std::vector<int>& versions;
  std::span<const ResourceDraft> resources;
  std::string_view what;          ///< `a field of a body`
  std::string_view why_no_names;  ///< the hint for a default that looks at other fields
};

/// Reads such fields into `input`, with their defaults, leaves and views: of an action's body, or parameters. `list`
/// null: there are none.
void load_input(Resource& input, const Entry* list, const InputSetting& setting, FieldLoader& fields,
                MistakeList& mistakes);

/// Sets Field::initial of every field of `resource` that has a default. `scope` is what its names stand for.
void load_defaults(Resource& resource, const ExpressionScope& scope, MistakeList& mistakes);

}  // namespace portico::model
