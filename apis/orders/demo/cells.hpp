#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/value.hpp"

namespace portico::demo {

inline constexpr std::string_view currency = "EUR";

// Cells of sources; a text is not copied.
[[nodiscard]] inline base::Cell null() {
  return {};
}
[[nodiscard]] inline base::Cell text(std::string_view value) {
  return {.kind = base::Cell::Kind::Text, .text = value};
}
[[nodiscard]] inline base::Cell text_or_null(std::string_view value) {
  return value.empty() ? null() : text(value);
}
[[nodiscard]] inline base::Cell integer(std::int64_t value) {
  return {.kind = base::Cell::Kind::Integer, .integer = value};
}
[[nodiscard]] inline base::Cell integer(std::optional<std::int64_t> value) {
  return value ? integer(*value) : null();
}

}  // namespace portico::demo
