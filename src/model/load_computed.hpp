#pragma once

#include <memory>
#include <span>

#include "model/load_resource.hpp"

namespace portico::model {

/// Whether what stands under a resource's name says `computed: yes`.
[[nodiscard]] bool is_computed(const Entry& entry);

/// Reads such a resource. With mistakes it is there too, so that its path is known.
[[nodiscard]] ResourceDraft load_computed(const Entry& entry, const ResourceSetting& setting, FieldLoader& fields,
                                          MistakeList& mistakes);

}  // namespace portico::model
