#pragma once

#include <span>
#include <string_view>

#include "people_tables.hpp"

namespace portico::demo {

[[nodiscard]] std::span<const std::string_view> spanish_women();
[[nodiscard]] std::span<const std::string_view> spanish_men();
[[nodiscard]] std::span<const std::string_view> spanish_last_names();
[[nodiscard]] std::span<const std::string_view> spanish_streets();
[[nodiscard]] std::span<const Town> spanish_towns();

}  // namespace portico::demo
