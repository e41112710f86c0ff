#pragma once

#include <string>
#include <vector>

#include "contract/contract.hpp"
#include "model/resource.hpp"
#include "render/tree_writer.hpp"

namespace portico::render {

struct MemberShape;

/// How one version shows what a list's column holds: the type of a value, and of the values in it.
struct ItemShape {
  model::FieldType type = model::FieldType::Json;
  std::vector<MemberShape> members;  ///< Object: what is shown of it, in the order of the answer
  std::vector<ItemShape> item;       ///< List: exactly one
};

struct MemberShape {
  std::string stored;       ///< the name in the column: the latest version's
  std::string stored_open;  ///< the same with its quotes and colon
  Tag tag;                  ///< the name in this version
  ItemShape shape;
};

/// The shape of a List or Json leaf of a view of `version`.
[[nodiscard]] ItemShape make_shape(const model::ViewNode& node, int version, contract::Format format);

}  // namespace portico::render
