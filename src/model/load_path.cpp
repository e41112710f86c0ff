#include "model/load_path.hpp"

#include <algorithm>

#include "model/expression_names.hpp"
#include "model/name_rules.hpp"

namespace portico::model {
namespace {

constexpr std::size_t steps_max = 12;

/// Reads one path. Its example: `/orders/{order}/captures`.
class PathLoader {
 public:
  PathLoader(Resource& resource, std::span<const ResourceDraft> drafts, MistakeList& mistakes)
      : resource_(resource), drafts_(drafts), mistakes_(mistakes) {}

  void load(const YamlNode& node, const ResourceSetting& setting) {
    const std::string_view path = node.text;
    if (!path.starts_with('/') || path.size() == 1 || path.ends_with('/') ||
        path.find("//") != std::string_view::npos) {
      mistakes_.add(node.position, quoted(path) + " is no path",
                    "as /orders/{order}/captures: a slash first and none at the end");
      return;
    }
    for (std::size_t at = 1; at <= path.size();) {
      const std::size_t end = std::min(path.find('/', at), path.size());
      load_step(path.substr(at, end - at), position_within(node, at));
      at = end + 1;
    }
    if (is_faulty_) return;
    check_first(node.position, setting);
    if (resource_.path.size() > steps_max) {
      mistakes_.add(node.position, "a path of " + std::to_string(resource_.path.size()) + " steps",
                    "at most " + std::to_string(steps_max));
    }
    check_last(node);
  }

 private:
  void load_step(std::string_view step, SourcePosition position) {
    const bool opens = step.starts_with('{');
    if (opens && step.ends_with('}') && step.size() > 2) {
      load_parameter(step.substr(1, step.size() - 2), {.line = position.line, .column = position.column + 1});
    } else {
      const NamedPlace place{.name = step, .position = position, .what = "step of a path"};
      MistakeList found;
      check_dashed_name(place, found);
      if (!found.empty()) {
        is_faulty_ = true;
        check_dashed_name(place, mistakes_);
      }
      resource_.path.push_back({.kind = PathStep::Kind::Fixed, .text = std::string(step)});
    }
  }

  void load_parameter(std::string_view name, SourcePosition position) {
    const auto leaf = find_leaf(resource_, name);
    const bool is_key = leaf && !resource_.is_keyless && resource_.key.size() == 1 && resource_.key.front() == *leaf;
    if (is_key && resource_.leaves[*leaf].field->refers.empty()) {
      if (resource_.is_object_path()) fail(position, quoted(name) + " stands here a second time");
      resource_.path.push_back({.kind = PathStep::Kind::Name});
      return;
    }
    if (!leaf || resource_.leaves[*leaf].join != 0) return fail_unknown(name, position);
    const Leaf& parent = resource_.leaves[*leaf];
    if (parent.field->refers.empty()) {
      if (std::find(resource_.names.begin(), resource_.names.end(), *leaf) != resource_.names.end()) {
        return fail(position, quoted(name) + " is not the key",
                    "one row is named by the key, and every other of its names serves there too: " +
                        std::string("{") + dotted(resource_.leaves[resource_.key.front()].path) + "}");
      }
      return fail(position, quoted(name) + " refers to no other row", "add refers: RESOURCE to the field");
    }
    const Resource* other = find_resource(drafts_, parent.field->refers);
    if (other == nullptr || other->names.empty()) return fail_silently();  // told by check_refers
    const auto same = [&leaf](const Parent& known) { return known.leaf == *leaf; };
    if (std::any_of(resource_.parents.begin(), resource_.parents.end(), same)) {
      return fail(position, quoted(name) + " stands here a second time");
    }
    if (parent.nullable) {
      return fail(position, quoted(name) + " may be null", "every row lies under another one: without null: yes");
    }
    resource_.path.push_back({.kind = PathStep::Kind::Parent});
    resource_.parents.push_back({.leaf = *leaf, .resource = other});
  }

  void fail_silently() { is_faulty_ = true; }
  void fail(SourcePosition position, std::string message, std::string hint = {}) {
    is_faulty_ = true;
    mistakes_.add(position, std::move(message), std::move(hint));
  }

  void fail_unknown(std::string_view name, SourcePosition position) {
    is_faulty_ = true;
    std::vector<std::string> known;
    for (std::size_t leaf = 0; leaf < resource_.leaves.size(); ++leaf) {
      const bool is_key = !resource_.is_keyless && resource_.key.size() == 1 && resource_.key.front() == leaf;
      if (is_key || !resource_.leaves[leaf].field->refers.empty())
        known.push_back(dotted(resource_.leaves[leaf].path));
    }
    mistakes_.add_unknown({.position = position, .what = "field of a path", .name = name}, known);
  }

  void check_first(SourcePosition position, const ResourceSetting& setting) {
    const PathStep& first = resource_.path.front();
    if (first.kind != PathStep::Kind::Fixed) {
      mistakes_.add(position, "a path begins with a parameter", "a fixed step first: /orders/{order}/captures");
    } else if (is_version_name(first.text)) {
      mistakes_.add(position, "a path cannot begin with " + quoted(first.text), "that is a version's");
    } else if (first.text == "health" && resource_.name != "health") {
      mistakes_.add(position, "a path cannot begin with 'health'", "/health says whether the server is well");
    } else if (first.text == "me" && setting.tenants == Tenants::Names) {
      mistakes_.add(position, "there is no /me", "accounts: none, so that the calling account is only a name");
    }
  }

  void check_last(const YamlNode& node) {
    if (resource_.path.back().kind == PathStep::Kind::Parent) {
      mistakes_.add(node.position, "a path ends with another resource's row",
                    "a fixed step last: " + node.text + "/" + resource_.name);
    }
    constexpr OperationSet of_collection = operation_bit(OperationKind::List) | operation_bit(OperationKind::Create) |
                                           operation_bit(OperationKind::Clear);
    if (resource_.is_object_path() && (resource_.operations & of_collection) != 0) {
      mistakes_.add(node.position, "the path of one row, which is neither listed nor created there",
                    "without list, create and clear; or the path of the collection");
    }
  }

  static bool is_version_name(std::string_view step) {
    return step.size() > 1 && step.front() == 'v' &&
           std::all_of(step.begin() + 1, step.end(), [](char c) { return c >= '0' && c <= '9'; });
  }

  Resource& resource_;
  std::span<const ResourceDraft> drafts_;
  MistakeList& mistakes_;
  bool is_faulty_ = false;
};

void check_refers_of(const Leaf& leaf, std::span<const ResourceDraft> drafts, const FieldLoader& fields,
                     MistakeList& mistakes) {
  const FieldPromise* promised = fields.promise(*leaf.field);
  if (promised == nullptr || leaf.field->refers.empty() || !contains(naming_types, leaf.field->type) ||
      fields.is_untyped(*leaf.field))
    return;
  const std::string& name = leaf.field->refers;
  const Resource* other = find_resource(drafts, name);
  if (other == nullptr) {
    std::vector<std::string> known;
    for (const ResourceDraft& draft : drafts) known.push_back(draft.resource->name);
    mistakes.add_unknown({.position = promised->refers, .what = "resource", .name = name}, known);
    return;
  }
  if (other->fields.empty()) return;  // has a mistake of its own
  if (other->is_keyless || other->key.size() > 1) {
    mistakes.add(promised->refers,
                 quoted(name) + (other->is_keyless ? " has no key" : " has a key of several fields"),
                 "the field holds the other row's key, which is one field");
    return;
  }
  if (other->key.empty()) return;
  const Field& key = *other->leaves[other->key.front()].field;
  if (key.type == leaf.field->type || fields.is_untyped(key)) return;
  mistakes.add(promised->refers,
               quoted(leaf.path) + " is of type " + std::string(name_of(leaf.field->type)) + ", but the key of " +
                   quoted(name) + " of type " + std::string(name_of(key.type)),
               "type: " + std::string(name_of(key.type)));
}

}  // namespace

void check_refers(std::span<const ResourceDraft> drafts, const FieldLoader& fields, MistakeList& mistakes) {
  for (const ResourceDraft& draft : drafts) {
    for (const Leaf& leaf : draft.resource->leaves) check_refers_of(leaf, drafts, fields, mistakes);
  }
}

void load_path(ResourceDraft& draft, std::span<const ResourceDraft> drafts, const ResourceSetting& setting,
               MistakeList& mistakes) {
  Resource& resource = *draft.resource;
  const Entry* path = draft.keys ? draft.keys->find("path") : nullptr;
  if (path != nullptr && (!resource.fields.empty() || resource.computation != nullptr)) {
    PathLoader(resource, drafts, mistakes).load(*path->value, setting);
  } else {
    resource.path.push_back({.kind = PathStep::Kind::Fixed, .text = resource.name});
  }
  if (resource.is_keyless || resource.key.empty()) return;
  for (const std::size_t leaf : resource.key) {
    const auto is_it = [leaf](const Parent& parent) { return parent.leaf == leaf; };
    if (std::none_of(resource.parents.begin(), resource.parents.end(), is_it)) resource.key_named.push_back(leaf);
  }
  if (!resource.key_named.empty()) return;
  mistakes.add(path->value->position, "the path names the whole key, so that nothing is left to name a row by",
               "a key of one field more; or another key");
}

std::string written_path(const Resource& resource) {
  std::string path;
  std::size_t parent = 0;
  for (const PathStep& step : resource.path) {
    path += '/';
    switch (step.kind) {
      case PathStep::Kind::Fixed:
        path += step.text;
        break;
      case PathStep::Kind::Parent:
        path += "{" + dotted(resource.leaves[resource.parents[parent++].leaf].path) + "}";
        break;
      case PathStep::Kind::Name:
        path += "{" + dotted(resource.leaves[resource.key.front()].path) + "}";
        break;
    }
  }
  return path;
}

}  // namespace portico::model
