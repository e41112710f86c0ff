#pragma once

#include <cstdint>
#include <string_view>

namespace portico::change {

/// RFC 9110 §8.8.3.2: with Strong a weak tag is equal to none.
enum class TagComparison : std::uint8_t { Strong, Weak };

/// Whether `tags`, the value of If-Match (Strong) or If-None-Match (Weak), names `tag`, that of a representation that
/// is there: `"a", W/"b"`, or `*` for any. What is no such list names none (RFC 9110 §13.1).
[[nodiscard]] bool names_tag(std::string_view tags, std::string_view tag, TagComparison comparison);

}  // namespace portico::change
