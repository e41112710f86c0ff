#include "model/resource.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace portico::model {
namespace {

std::string joined(const std::string& prefix, std::string_view separator, const std::string& name) {
  if (prefix.empty()) return name;
  std::string path;
  path.reserve(prefix.size() + separator.size() + name.size());
  path.append(prefix).append(separator).append(name);
  return path;
}

struct Prefix {
  std::string path;
  std::string column;
  bool nullable = false;  ///< some object on the way may be null, and then all of its columns are
  bool read_only = false;
  bool hidden = false;
  std::size_t join = 0;  ///< of the reference that the leaf is a member of
};

/// `relations`: how many leaves are lists of rows.
void add_leaves(const std::vector<Field>& fields, const Prefix& prefix, std::vector<Leaf>& leaves,
                std::size_t& relations) {
  for (const Field& field : fields) {
    Prefix here{.path = joined(prefix.path, "-", field.name),
                .column = joined(prefix.column, "__", field.name),
                .nullable = prefix.nullable || field.nullable || field.rows,  // rows are in no column
                .read_only = prefix.read_only || field.read_only,
                .hidden = prefix.hidden || field.hidden,
                .join = field.reference ? field.reference->join : prefix.join};
    if (field.rows) here.join = Leaf::no_table;
    if (!field.is_leaf()) {
      add_leaves(field.fields, here, leaves, relations);
      continue;
    }
    leaves.push_back({.field = &field,
                      .path = std::move(here.path),
                      .column = field.column.empty() ? std::move(here.column) : field.column,
                      .join = here.join,
                      .relation = field.rows ? ++relations : 0,
                      .nullable = here.nullable,
                      .read_only = here.read_only,
                      .hidden = here.hidden});
  }
}

std::size_t leaf_count(const Field& field) {
  if (field.is_leaf()) return 1;
  std::size_t count = 0;
  for (const Field& member : field.fields) count += leaf_count(member);
  return count;
}

/// Walks the fields in the order of index_leaves, so that counting finds each leaf's index.
class ViewMaker {
 public:
  explicit ViewMaker(View& view) : view_(view) {}

  std::vector<ViewNode> nodes(const std::vector<Field>& fields, const std::string& path) {
    std::vector<ViewNode> nodes;
    for (const Field& field : fields) {
      if (field.hidden || !field.versions.contains(view_.version)) {
        next_leaf_ += leaf_count(field);
        continue;
      }
      ViewNode node{.name = field.name_in(view_.version), .field = &field};
      const std::string here = joined(path, "-", node.name);
      if (field.rows && item_members(field).empty()) {  // filtered by, but not shown
        view_.paths.emplace(here, next_leaf_++);
        continue;
      }
      if (field.is_leaf()) {
        add_leaf(node, here);
      } else {
        node.members = this->nodes(field.fields, here);
        if (node.members.empty()) continue;  // nothing of it exists in this version
      }
      nodes.push_back(std::move(node));
    }
    return nodes;
  }

 private:
  void add_leaf(ViewNode& node, const std::string& path) {
    node.position = view_.leaves.size();
    if (node.field->type == FieldType::File) view_.files.push_back({.leaf = next_leaf_, .position = node.position});
    view_.leaves.push_back(next_leaf_);
    view_.paths.emplace(path, next_leaf_);
    ++next_leaf_;
    node.members = item_members(*node.field);
  }

  // The members of a list's objects are no leaves: the whole list is one column.
  std::vector<ViewNode> item_members(const Field& list) const {
    if (list.type != FieldType::List || list.item.front().type != FieldType::Object) return {};
    return inner_nodes(list.item.front().fields);
  }

  std::vector<ViewNode> inner_nodes(const std::vector<Field>& fields) const {
    std::vector<ViewNode> nodes;
    for (const Field& field : fields) {
      if (!field.versions.contains(view_.version)) continue;
      ViewNode node{.name = field.name_in(view_.version), .field = &field};
      if (field.type == FieldType::Object) {
        node.members = inner_nodes(field.fields);
        if (node.members.empty()) continue;
      } else {
        node.members = item_members(field);
      }
      nodes.push_back(std::move(node));
    }
    return nodes;
  }

  View& view_;
  std::size_t next_leaf_ = 0;
};

}  // namespace

void index_leaves(Resource& resource) {
  resource.leaves.clear();
  std::size_t relations = 0;
  add_leaves(resource.fields, {}, resource.leaves, relations);
  resource.files.clear();
  for (std::size_t i = 0; i < resource.leaves.size(); ++i) {
    const Leaf& leaf = resource.leaves[i];
    if (leaf.field->type == FieldType::File && !leaf.hidden) resource.files.push_back(i);
  }
}

const Action* Resource::find_action(std::string_view action) const {
  for (const auto& candidate : actions) {
    if (candidate->name == action) return candidate.get();
  }
  return nullptr;
}

const Webhook* Resource::find_webhook(std::string_view webhook) const {
  for (const auto& candidate : webhooks) {
    if (candidate->name == webhook) return candidate.get();
  }
  return nullptr;
}

const Action* Webhook::find_answer(std::string_view status) const {
  for (const auto& candidate : answers) {
    if (candidate->name == status) return candidate.get();
  }
  return nullptr;
}

bool Resource::is_object_path() const {
  return computation != nullptr || std::any_of(path.begin(), path.end(), [](const PathStep& step) {
           return step.kind == PathStep::Kind::Name;
         });
}

View make_view(const Resource& resource, int version) {
  View view;
  view.resource = &resource;
  view.version = version;
  view.nodes = ViewMaker(view).nodes(resource.fields, {});
  return view;
}

void complete_views(Resource& resource) {
  std::vector<std::size_t> needed = resource.key;
  for (const Parent& parent : resource.parents) needed.push_back(parent.leaf);
  for (View& view : resource.views) {
    if (view.files.empty()) continue;
    for (const std::size_t leaf : needed) {
      if (std::find(view.leaves.begin(), view.leaves.end(), leaf) == view.leaves.end()) view.leaves.push_back(leaf);
    }
  }
}

}  // namespace portico::model
