#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace portico::base {

/// A decimal number (`-12.345`, `12`, `.5`, `1.2e3`, nothing around it) in units of 10^-`places`, rounded half away
/// from zero: `12.345` with two places is 1235. Nothing where it is no such number, or beyond 64 bits.
[[nodiscard]] std::optional<std::int64_t> scaled_decimal(std::string_view text, int places);

/// The same for a double, as the shortest decimal number that stands for it: 1.005 with two places is 101.
[[nodiscard]] std::optional<std::int64_t> scaled_decimal(double real, int places);

}  // namespace portico::base
