#pragma once

#include <string>
#include <string_view>

namespace portico::base {

/// Whether `text`, which is UTF-8, shows nothing: it is empty, or of spaces, line breaks, characters that take no
/// room, and letters without a shape (U+2800, U+3164).
[[nodiscard]] bool is_blank(std::string_view text);

/// The first character of `text`, which is UTF-8, that is not seen and changes how what is beside it looks, or how it
/// compares: a format character, such as U+202E or U+200B, or a separator of lines (U+2028). As `U+202E`; empty:
/// there is none. U+200C and U+200D are none behind a character that is seen: they join letters and emoji. Control
/// characters (below U+0020, and U+007F) are for the caller to judge.
[[nodiscard]] std::string find_unseen(std::string_view text);

}  // namespace portico::base
