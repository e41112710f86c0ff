#include "render/item_shape.hpp"

namespace portico::render {

namespace {

using contract::Format;
using model::FieldType;

std::string stored_open(const model::Field& field) {
  return make_tag(field.name, Format::Json).open;
}

struct Maker {
  int version;
  Format format;

  // Lists in lists are not in the view's tree: their members come from the fields themselves.
  [[nodiscard]] ItemShape of_field(const model::Field& field) const {
    ItemShape shape{.type = field.type};
    if (field.type == FieldType::Object) {
      for (const model::Field& member : field.fields) {
        if (!member.versions.contains(version)) continue;
        ItemShape inner = of_field(member);
        if (inner.type == FieldType::Object && inner.members.empty()) continue;  // nothing of it in this version
        shape.members.push_back({.stored = member.name,
                                 .stored_open = stored_open(member),
                                 .tag = make_tag(member.name_in(version), format),
                                 .shape = std::move(inner)});
      }
    }
    if (field.type == FieldType::List) shape.item.push_back(of_field(field.item.front()));
    return shape;
  }

  [[nodiscard]] ItemShape of_members(const std::vector<model::ViewNode>& nodes) const {
    ItemShape shape{.type = FieldType::Object};
    for (const model::ViewNode& node : nodes) {
      shape.members.push_back({.stored = node.field->name,
                               .stored_open = stored_open(*node.field),
                               .tag = make_tag(node.name, format),
                               .shape = of_node(node)});
    }
    return shape;
  }

  [[nodiscard]] ItemShape of_node(const model::ViewNode& node) const {
    const model::Field& field = *node.field;
    if (field.type == FieldType::Object) return of_members(node.members);
    if (field.type != FieldType::List) return {.type = field.type};
    ItemShape shape{.type = FieldType::List};
    const model::Field& item = field.item.front();
    shape.item.push_back(item.type == FieldType::Object ? of_members(node.members) : of_field(item));
    return shape;
  }
};

}  // namespace

ItemShape make_shape(const model::ViewNode& node, int version, Format format) {
  return Maker{.version = version, .format = format}.of_node(node);
}

}  // namespace portico::render
