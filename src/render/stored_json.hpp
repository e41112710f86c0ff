#pragma once

#include <string_view>

#include "render/item_shape.hpp"
#include "render/tree_writer.hpp"

namespace portico::render {

/// How deep a Json field's value may nest; deeper is as good as broken.
inline constexpr int stored_depth_max = 256;

/// Writes the JSON text of a List or Json column as `shape` says: lists of objects member by member under this
/// version's names, a value that does not have its type as null. What is not JSON, or not a list where one is due, is
/// written as null. Numbers of a Json field keep their digits.
void write_stored_json(const ItemShape& shape, std::string_view stored, TreeWriter& writer);

}  // namespace portico::render
