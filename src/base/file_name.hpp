#pragma once

#include <string>
#include <string_view>

namespace portico::base {

/// Whether `text`, which is UTF-8, is in Unicode's normalization form C (UAX #15): no text of other code points looks
/// and means the same and is in it too.
[[nodiscard]] bool is_normalized(std::string_view text);

/// Whether `text`, which is UTF-8, holds characters alone that can be seen, and spaces: no control characters, none
/// that turn the direction of what follows or take no room, no unassigned or private ones.
[[nodiscard]] bool is_printable(std::string_view text);

/// What two names have in common that a file system may take for one: the same but for case and normalization
/// (canonical caseless matching, Unicode §3.13, D145). `text` is UTF-8.
[[nodiscard]] std::string caseless_name(std::string_view text);

}  // namespace portico::base
