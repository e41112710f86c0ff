#include "row_shape.hpp"

#include <algorithm>
#include <stdexcept>
#include <unordered_map>

namespace portico::demo {
namespace {

using model::FieldType;

bool holds(const model::Field& field, Form form) {
  switch (field.type) {
    case FieldType::Id:
    case FieldType::String:
    case FieldType::Email:
    case FieldType::Url:
    case FieldType::Country:
    case FieldType::Currency:
    case FieldType::Language:
      return form == Form::Text;
    case FieldType::Integer:
    case FieldType::Money:
    case FieldType::Rate:
      return form == Form::Integer;
    case FieldType::Boolean:
      return form == Form::Boolean;
    case FieldType::Timestamp:
      return form == Form::Timestamp;
    case FieldType::Date:
      return form == Form::Date;
    case FieldType::Choice: {
      const bool integers = !field.choices.empty() && std::holds_alternative<std::int64_t>(field.choices.front());
      return form == (integers ? Form::Integer : Form::Text);
    }
    case FieldType::List:
    case FieldType::Json:
      return form == Form::List;
    case FieldType::Object:
    case FieldType::File:
      return false;
  }
  return false;
}

std::string_view name_of(Form form) {
  switch (form) {
    case Form::Text:
      return "text";
    case Form::Date:
      return "a date";
    case Form::Integer:
      return "an integer";
    case Form::Boolean:
      return "a boolean";
    case Form::Timestamp:
      return "a timestamp";
    case Form::List:
      return "a list";
  }
  return "";
}

/// Gathers what does not fit, so that all of it is said at once.
class MisfitList {
 public:
  explicit MisfitList(const model::Resource& resource) : resource_(resource) {}
  void add(std::string_view path, std::string_view what) {
    text_.append("\n  ").append(resource_.name).append(": ").append(path).append(": ").append(what);
  }
  void require_none() const {
    if (!text_.empty()) throw std::runtime_error("the description does not fit the demo's data:" + text_);
  }

 private:
  const model::Resource& resource_;
  std::string text_;
};

constexpr std::string_view unknown_here = "the demo does not know this field, and it may not be null";
constexpr std::string_view unknown_there = "the description has no such field";

}  // namespace

std::size_t owner_leaf(const model::Resource& resource) {
  for (std::size_t leaf = 0; leaf < resource.leaves.size(); ++leaf) {
    if (resource.leaves[leaf].join == 0 && resource.leaves[leaf].column == resource.owner_column) return leaf;
  }
  return no_source;
}

std::vector<std::size_t> match_sources(const model::Resource& resource,
                                       std::span<const std::pair<std::string_view, Form>> sources) {
  std::unordered_map<std::string_view, std::size_t> source_of;
  for (std::size_t source = 0; source < sources.size(); ++source) source_of.emplace(sources[source].first, source);
  MisfitList misfits(resource);
  const std::size_t owner = owner_leaf(resource);

  std::vector<std::size_t> source_of_leaf;
  for (const auto& leaf : resource.leaves) {
    const auto found = source_of.find(leaf.path);
    source_of_leaf.push_back(found == source_of.end() ? no_source : found->second);
    if (found == source_of.end()) {
      if (!leaf.nullable && source_of_leaf.size() - 1 != owner) misfits.add(leaf.path, unknown_here);
      continue;
    }
    const Form form = sources[found->second].second;
    if (!holds(*leaf.field, form)) {
      misfits.add(leaf.path, "the demo has " + std::string(name_of(form)) +
                                 ", the description wants a field of type '" +
                                 std::string(model::name_of(leaf.field->type)) + "'");
    }
    source_of.erase(found);
  }
  for (const auto& [path, form] : sources) {
    if (source_of.contains(path)) misfits.add(path, unknown_there);
  }
  misfits.require_none();
  return source_of_leaf;
}

void match_items(const model::Resource& resource, std::string_view path, std::span<const std::string_view> names) {
  const auto leaf = std::find_if(resource.leaves.begin(), resource.leaves.end(),
                                 [path](const model::Leaf& candidate) { return candidate.path == path; });
  MisfitList misfits(resource);
  if (leaf == resource.leaves.end()) {
    misfits.add(path, unknown_there);
  } else if (!leaf->field->item.empty()) {
    const auto& fields = leaf->field->item.front().fields;
    const auto item_path = [path](std::string_view name) { return std::string(path) + "[]-" + std::string(name); };
    for (const auto& field : fields) {
      const bool known = std::find(names.begin(), names.end(), field.name) != names.end();
      if (!known && !field.nullable) misfits.add(item_path(field.name), unknown_here);
    }
    for (const std::string_view name : names) {
      const auto named = [name](const model::Field& field) { return field.name == name; };
      if (std::none_of(fields.begin(), fields.end(), named)) misfits.add(item_path(name), unknown_there);
    }
  }
  misfits.require_none();
}

}  // namespace portico::demo
