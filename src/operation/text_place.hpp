#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace portico::operation {

/// Where `at` lies, for a message: `line 3, column 14`, both from 1; columns count characters, ill-formed bytes as
/// one each, and a line ends behind its line feed.
[[nodiscard]] std::string place_words(std::string_view text, std::size_t at);

/// What stands at `at`, for a message: "`undefined`", "a line break", "the byte 0xE9", "the end".
[[nodiscard]] std::string found_words(std::string_view text, std::size_t at);

/// A client's name as messages show it: in backticks, what is not UTF-8 repaired, a long one cut.
[[nodiscard]] std::string shown_name(std::string_view name);

/// `name` without what makes it too long for a message.
[[nodiscard]] std::string shortened_name(std::string_view name);

}  // namespace portico::operation
