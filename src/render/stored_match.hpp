#pragma once

#include <string_view>

#include "render/item_shape.hpp"
#include "render/sink.hpp"

namespace portico::render {

/// Writes a stored list as JSON where it is written as nearly all are: compactly (or with a space behind commas and
/// colons), members in the order of `shape` without others between, strings without escapes but those that are
/// written as they are stored (`\"`, `\n`), numbers as integers. Then one pass compares and copies, and the outcome
/// is write_stored_json's, byte for byte. Anything else: false, and what was written to the sink must be taken back.
[[nodiscard]] bool write_matching_list(const ItemShape& shape, std::string_view stored, Sink& sink);

}  // namespace portico::render
