#pragma once

#include <span>

#include "model/load_resource.hpp"

namespace portico::model {

/// Gives every list of rows the members of its items. All resources were begun, none is finished. Rows inside rows
/// are not shown, so resources may list each other's rows, and a resource its own.
void expand_rows(std::span<ResourceDraft> drafts, FieldLoader& fields, MistakeList& mistakes);

/// Gives every resource its relations. All resources are finished, and what fields refer to is checked.
void load_relations(std::span<ResourceDraft> drafts, const FieldLoader& fields, MistakeList& mistakes);

}  // namespace portico::model
