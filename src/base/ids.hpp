#pragma once

#include <string>
#include <string_view>

#include "base/time.hpp"

namespace portico::base {

/// P9: whether `text` has an identifier's form: 32 lower-case hex digits.
[[nodiscard]] bool is_id(std::string_view text);

/// A new random identifier (P9): 128 bits that nobody guesses.
[[nodiscard]] std::string make_id();

/// A new identifier for a row that is made at `now` (P9): the digits of a UUID of version 7 (RFC 9562 §5.7), whose 48
/// first bits are the milliseconds since 1970 and of whose others 74 are random. Rows made one after the other have
/// their keys side by side, so that an index is written at its end and not all over (decision 0014).
[[nodiscard]] std::string make_row_id(Microseconds now);

/// `bytes` as lower-case hex.
[[nodiscard]] std::string to_hex(std::string_view bytes);

/// The bytes that hex digits (either case) stand for; empty where `text` is not an even number of hex digits.
[[nodiscard]] std::string from_hex(std::string_view text);

}  // namespace portico::base
