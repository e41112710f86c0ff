#pragma once

#include <span>

#include "model/load_resource.hpp"

namespace portico::model {

/// Gives every reference of every resource its members, and the resource the join that brings them. All resources
/// were begun, none is finished. References inside references are not followed, so a resource may refer to itself,
/// and two to each other.
void expand_references(std::span<ResourceDraft> drafts, FieldLoader& fields, MistakeList& mistakes);

}  // namespace portico::model
