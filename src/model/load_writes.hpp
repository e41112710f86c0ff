#pragma once

#include <span>

#include "model/load_resource.hpp"

namespace portico::model {

/// The last step of loading, for all resources with rows at once: what fields refer to, paths, summaries, and how
/// rows are written: defaults, checks, guards, effects, actions. All of them are finished.
void load_writes(std::span<ResourceDraft> drafts, const ResourceSetting& setting, FieldLoader& fields,
                 MistakeList& mistakes);

/// What a writable resource must say, so that its rows can be written at all and lie where they belong.
void check_writes(const ResourceDraft& draft, const ResourceSetting& setting, MistakeList& mistakes);

/// Resources over one table: what one of them writes, the others can read.
void check_tables(std::span<const ResourceDraft> drafts, const ResourceSetting& setting, MistakeList& mistakes);

}  // namespace portico::model
