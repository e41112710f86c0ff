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

/// The same without places, where nothing is to be rounded: `12.00` is 12, and `12.5` is nothing.
[[nodiscard]] std::optional<std::int64_t> whole_decimal(std::string_view text);
[[nodiscard]] std::optional<std::int64_t> whole_decimal(double real);

/// Whether it is such a number, however large.
[[nodiscard]] bool is_decimal(std::string_view text);

}  // namespace portico::base
