#pragma once

#include <vector>

#include "model/keys.hpp"

namespace portico::model {

/// What the keys `since` and `until` say; what is none of `versions` is a mistake.
[[nodiscard]] VersionRange load_versions(const KeyValues& keys, const std::vector<int>& versions,
                                         MistakeList& mistakes);

}  // namespace portico::model
