#pragma once

#include <span>

#include "model/load_resource.hpp"

namespace portico::model {

/// Reads the webhooks of all resources, whose rows and actions are loaded, and tells each resource which of its
/// operations they are sent for.
void load_webhooks(std::span<ResourceDraft> drafts, FieldLoader& fields, MistakeList& mistakes);

}  // namespace portico::model
