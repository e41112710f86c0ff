#pragma once

#include <span>

#include "model/load_resource.hpp"

namespace portico::model {

/// Looks at `refers:` of every field: the resource is there, and its key is what the field holds. All resources are
/// finished.
void check_refers(std::span<const ResourceDraft> drafts, const FieldLoader& fields, MistakeList& mistakes);

/// Reads `path:` of a resource, with the parents that it names. After check_refers.
void load_path(ResourceDraft& draft, std::span<const ResourceDraft> drafts, const ResourceSetting& setting,
               MistakeList& mistakes);

/// The path as people write it: `/orders/{order}/captures`.
[[nodiscard]] std::string written_path(const Resource& resource);

/// Paths that meet: of resources, of their rows, actions and summaries, and of the calling account. `computed` are
/// those without rows.
void check_paths(std::span<const ResourceDraft> drafts, std::span<const ResourceDraft> computed,
                 const ResourceSetting& setting, MistakeList& mistakes);

}  // namespace portico::model
