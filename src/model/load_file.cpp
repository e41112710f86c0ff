// What fields of type file say.
#include <algorithm>

#include "model/load_field.hpp"

namespace portico::model {
namespace {

constexpr std::int64_t usual_file_bytes = std::int64_t{5} * 1024 * 1024;
constexpr std::int64_t file_bytes_max = std::int64_t{256} * 1024 * 1024;  // a file is in memory as it comes and goes

}  // namespace

void FieldLoader::apply_max_bytes(const KeyValues& keys, Field& field) {
  if (field.type != FieldType::File) return;
  if (field.max_bytes == 0) field.max_bytes = usual_file_bytes;
  const auto max_bytes = keys.integer("max_bytes");
  if (!max_bytes) return;
  if (*max_bytes >= 1 && *max_bytes <= file_bytes_max) {
    field.max_bytes = *max_bytes;
  } else {
    mistakes_.add(keys.find("max_bytes")->value->position,
                  "a largest file of " + std::to_string(*max_bytes) + " bytes",
                  "from 1 to " + std::to_string(file_bytes_max));
  }
}

void FieldLoader::load_file_types(const Entry& of, Field& field) {
  if (of.value->kind != YamlNode::Kind::Sequence || of.value->items.empty()) {
    add_shape_mistake(*of.value, "a list of at least one media type: [image/png, image/jpeg]", mistakes_);
    return;
  }
  static const std::vector<std::string> known(base::file_type_names.begin(), base::file_type_names.end());
  for (const YamlNode* node : of.value->items) {
    if (node->kind != YamlNode::Kind::Scalar) {
      add_shape_mistake(*node, "a media type", mistakes_);
      continue;
    }
    const auto type = base::find_file_type(node->text);
    if (!type) {
      mistakes_.add_unknown({.position = node->position, .what = "type of files", .name = node->text}, known);
    } else if (std::find(field.file_types.begin(), field.file_types.end(), *type) != field.file_types.end()) {
      mistakes_.add(node->position, quoted(node->text) + " stands here a second time");
    } else {
      field.file_types.push_back(*type);
    }
  }
}

}  // namespace portico::model
