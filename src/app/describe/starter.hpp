#pragma once

#include <string>
#include <string_view>

namespace portico::app {

/// A first description, small and commented, for a database that Portico makes. `vendor` is a good one.
[[nodiscard]] std::string starter_description(std::string_view vendor);

}  // namespace portico::app
