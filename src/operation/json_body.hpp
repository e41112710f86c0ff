#pragma once

#include <string_view>

#include "base/document.hpp"
#include "base/limits.hpp"
#include "base/result.hpp"

namespace portico::operation {

/// Reads a JSON text by RFC 8259, and no more leniently: UTF-8 without a byte order mark, no name twice in an object,
/// no half of a surrogate pair. `\u0000` is a character like any other. A number that 64 bits do not hold as an
/// integer stays as it was written, however long. MalformedBody, with line and column of what is wrong and what would
/// have been right; for a name that stands twice its path too, and a fault on it; for what is over Limits::body_depth
/// or Limits::body_values the limit's name.
[[nodiscard]] base::Result<base::Document> read_json(std::string_view text, const base::Limits& limits);

}  // namespace portico::operation
