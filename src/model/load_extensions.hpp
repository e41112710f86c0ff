#pragma once

#include "model/api.hpp"
#include "model/keys.hpp"

namespace portico::model {

/// Reads `extensions:`. After surfaces, resources, `oauth:` and `public_url:`, beside which it has to stand.
[[nodiscard]] ExtensionRules load_extensions(const Entry& section, const Api& api, const KeyValues& description,
                                             MistakeList& mistakes);

}  // namespace portico::model
