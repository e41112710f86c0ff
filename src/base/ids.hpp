#pragma once

#include <string>
#include <string_view>

namespace portico::base {

/// P9: whether `text` has an identifier's form: 32 lower-case hex digits.
[[nodiscard]] bool is_id(std::string_view text);

/// A new random identifier (P9).
[[nodiscard]] std::string make_id();

/// `bytes` as lower-case hex.
[[nodiscard]] std::string to_hex(std::string_view bytes);

/// The bytes that hex digits (either case) stand for; empty where `text` is not an even number of hex digits.
[[nodiscard]] std::string from_hex(std::string_view text);

}  // namespace portico::base
