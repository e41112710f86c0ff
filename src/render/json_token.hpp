#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace portico::render {

/// Whether `token` is a number by RFC 8259 §6: `-1.5e+3`.
[[nodiscard]] bool is_json_number(std::string_view token);

/// The integer that a number without fraction and exponent stands for, if 64 bits hold it.
[[nodiscard]] std::optional<std::int64_t> json_integer(std::string_view token);

/// Appends what stands between a JSON string's quotes to `out`, escapes resolved; half a surrogate pair becomes
/// U+FFFD. False for an escape that JSON does not know; `out` is then of no use.
[[nodiscard]] bool unescape_json(std::string_view body, std::string& out);

/// What stands between the quotes of the JSON string that begins behind `text`'s start, up to its closing quote;
/// nothing if that is missing. `ab\"c", 1` gives `ab\"c`.
[[nodiscard]] std::optional<std::string_view> json_string_body(std::string_view text);

}  // namespace portico::render
