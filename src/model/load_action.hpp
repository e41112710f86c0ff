#pragma once

#include <memory>

#include "model/load_rules.hpp"

namespace portico::model {

/// Where an action is read.
struct ActionSetting {
  const Resource& resource;
  const std::vector<int>& versions;
  std::span<const ResourceDraft> resources;
};

/// Reads one action of a resource. Null where it is no mapping.
[[nodiscard]] std::unique_ptr<const Action> load_action(const Entry& entry, const ActionSetting& setting,
                                                        FieldLoader& fields, MistakeList& mistakes);

}  // namespace portico::model
