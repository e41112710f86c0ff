#pragma once

#include "model/check_surface.hpp"

namespace portico::model {

/// Reads `rates:`.
[[nodiscard]] Rates load_rates(const Entry& section, MistakeList& mistakes);

/// A rate of extensions in `rates:`, where there is no `extensions:`.
void refuse_rate_of_extensions(const Entry& section, MistakeList& mistakes);

/// Reads `oauth:`. After the surfaces and the resources.
[[nodiscard]] TokenIssue load_oauth(const Entry& section, const Served& served, MistakeList& mistakes);

}  // namespace portico::model
