#include <algorithm>
#include <map>

#include "model/load_path.hpp"

namespace portico::model {
namespace {

/// What stands under a path.
struct Occupant {
  std::string path;  ///< as people write it
  VersionRange versions;
  std::string what;  ///< `the resource 'orders'`
  SourcePosition position;
};

/// Paths by their shape: fixed steps as they are, and every parameter alike.
class PathTable {
 public:
  explicit PathTable(MistakeList& mistakes) : mistakes_(mistakes) {}

  /// Whether nothing else is there in any version that has it.
  bool add(const std::string& shape, const Occupant& occupant) {
    const auto [begin, end] = occupants_.equal_range(shape);
    const auto other = std::find_if(
        begin, end, [&occupant](const auto& entry) { return meet(entry.second.versions, occupant.versions); });
    if (other == end) {
      occupants_.emplace(shape, occupant);
      return true;
    }
    // Told where the later one stands.
    const Occupant& first = other->second;
    const bool is_later =
        first.position.line < occupant.position.line ||
        (first.position.line == occupant.position.line && first.position.column <= occupant.position.column);
    const Occupant& told = is_later ? occupant : first;
    const Occupant& known = is_later ? first : occupant;
    mistakes_.add(told.position, told.what + " lies where " + known.what + " does: " + known.path,
                  "another path or name for one of them");
    return false;
  }

 private:
  static bool meet(const VersionRange& a, const VersionRange& b) { return a.first <= b.last && b.first <= a.last; }

  MistakeList& mistakes_;
  std::multimap<std::string, Occupant> occupants_;
};

/// A field's names, with the versions that have both it and its resource.
struct NameSpan {
  std::string name;
  VersionRange versions;
};
std::vector<NameSpan> names_of(const Field& field, const VersionRange& resource) {
  std::vector<NameSpan> names;
  int first = std::max(field.versions.first, resource.first);
  for (const FormerName& former : field.former_names) {
    names.push_back({former.name, {.first = first, .last = former.until}});
    first = former.until + 1;
  }
  names.push_back({field.name, {.first = first, .last = std::min(field.versions.last, resource.last)}});
  return names;
}

std::string shape_of(const Resource& resource) {
  std::string shape;
  for (const PathStep& step : resource.path) {
    shape += '/';
    shape += step.kind == PathStep::Kind::Fixed ? step.text : "{}";
  }
  return shape;
}

SourcePosition position_of(const ResourceDraft& draft) {
  const Entry* entry = draft.keys ? draft.keys->find("path") : nullptr;
  return entry != nullptr ? entry->value->position : draft.resource->position;
}

}  // namespace

void check_paths(std::span<const ResourceDraft> drafts, std::span<const ResourceDraft> computed,
                 const ResourceSetting& setting, MistakeList& mistakes) {
  PathTable table(mistakes);
  for (const ResourceDraft& draft : drafts) {
    const Resource& resource = *draft.resource;
    if (resource.path.empty() || resource.path.back().kind == PathStep::Kind::Parent) continue;  // told already
    const std::string name = quoted(resource.name);
    const std::string path = written_path(resource);
    const SourcePosition position = position_of(draft);
    const bool is_object = resource.is_object_path();
    // Where the collections meet, the rest does too, and is not told again.
    const VersionRange& versions = resource.versions;
    if (!table.add(shape_of(resource),
                   {.path = path, .versions = versions, .what = "the resource " + name, .position = position})) {
      continue;
    }
    const std::string row = shape_of(resource) + (is_object ? "" : "/{}");
    const std::string row_path = path + (is_object ? "" : "/{NAME}");
    if (!is_object) {
      table.add(row, {.path = row_path, .versions = versions, .what = "a row of " + name, .position = position});
    }
    const bool is_accounts = setting.tenants == Tenants::Rows && resource.name == setting.accounts;
    if (resource.summary) {
      table.add(shape_of(resource) + "/summary", {.path = path + "/summary",
                                                  .versions = versions,
                                                  .what = "the summary of " + name,
                                                  .position = resource.summary->position});
    }
    if (is_accounts) {
      table.add("/me", {.path = "/me", .versions = versions, .what = "the calling account", .position = position});
    }
    for (const std::size_t file : resource.files) {
      const Field& field = *resource.leaves[file].field;
      const std::string what = "the file " + quoted(field.name) + " of " + name;
      for (const auto& [last, both] : names_of(field, versions)) {
        const std::string step = "/" + last;
        table.add(row + step, {.path = row_path + step, .versions = both, .what = what, .position = field.position});
        if (!is_accounts) continue;
        table.add("/me" + step, {.path = "/me" + step, .versions = both, .what = what, .position = field.position});
      }
    }
    for (const auto& action : resource.actions) {
      const std::string what = "the action " + quoted(action->name) + " of " + name;
      const std::string step = "/" + action->name;
      const VersionRange both{.first = std::max(versions.first, action->versions.first),
                              .last = std::min(versions.last, action->versions.last)};
      table.add(row + step, {.path = row_path + step, .versions = both, .what = what, .position = action->position});
      if (!is_accounts) continue;
      table.add("/me" + step, {.path = "/me" + step, .versions = both, .what = what, .position = action->position});
    }
  }
  for (const ResourceDraft& draft : computed) {
    const Resource& resource = *draft.resource;
    if (resource.path.empty()) continue;  // told already
    table.add(shape_of(resource), {.path = written_path(resource),
                                   .versions = resource.versions,
                                   .what = "the resource " + quoted(resource.name),
                                   .position = position_of(draft)});
  }
}

}  // namespace portico::model
