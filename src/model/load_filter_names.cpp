#include "model/load_filter_names.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "model/check_resource.hpp"
#include "model/name_rules.hpp"

namespace portico::model {
namespace {

/// The lookup that a name ends with behind a dash: `id-in`; nothing where it ends with none.
struct SplitName {
  std::string_view path;
  std::optional<Lookup> lookup;
};

SplitName split(std::string_view name) {
  const std::size_t dash = name.rfind('-');
  if (dash == std::string_view::npos) return {name, std::nullopt};
  const auto lookup = find_lookup(name.substr(dash + 1));
  return {lookup ? name.substr(0, dash) : name, lookup};
}

class FilterNamesLoader {
 public:
  FilterNamesLoader(const FilterNameSetting& setting, Resource& resource, MistakeList& mistakes)
      : setting_(setting), resource_(resource), mistakes_(mistakes) {
    for (const int version : setting.versions) add_paths(resource.fields, {}, version);
  }

  void load(const Entry& map) {
    for (const Entry& entry : read_entries(*map.value, mistakes_)) {
      if (!is_free(entry)) continue;
      if (entry.value->kind != YamlNode::Kind::Scalar) {
        add_shape_mistake(*entry.value, "a filter", mistakes_, "as id-in");
      } else if (auto name = load_name(entry)) {
        resource_.filter_names.push_back(*std::move(name));
      }
    }
    if (map.value->items.empty()) {
      mistakes_.add(map.value->position, "no names", "filter_names: {article-mid: id-in}");
    }
  }

 private:
  /// Of fields and of objects, as clients of that version name them.
  void add_paths(const std::vector<Field>& fields, const std::string& above, int version) {
    for (const Field& field : fields) {
      if (field.hidden || !field.versions.contains(version)) continue;
      const std::string path = above + field.name_in(version);
      paths_.insert(path);
      add_paths(field.fields, path + "-", version);
    }
  }

  [[nodiscard]] bool is_path(std::string_view name) const { return paths_.contains(name); }

  bool is_free(const Entry& entry) {
    MistakeList found;
    const NamedPlace place{.name = entry.name, .position = entry.position, .what = "filter"};
    check_dashed_name(place, found);
    if (!found.empty()) {
      check_dashed_name(place, mistakes_);
      return false;
    }
    const SplitName parts = split(entry.name);
    const std::span<const std::string_view> taken = list_parameters();
    if (std::find(taken.begin(), taken.end(), entry.name) != taken.end()) {
      return refuse(entry, "is a parameter of every list");
    }
    if (is_path(entry.name)) return refuse(entry, "is a field");
    if (parts.lookup && is_path(parts.path)) return refuse(entry, "is a filter on the field " + quoted(parts.path));
    for (const FilterName& other : resource_.filter_names) {
      const bool goes_on = parts.lookup && !other.lookup && other.name == parts.path;
      const bool is_longer = split(other.name).lookup && split(other.name).path == entry.name;
      if (goes_on || is_longer) return refuse(entry, "could be meant by " + quoted(other.name) + " too");
    }
    for (const std::string& path : paths_) {
      const SplitName known = split(path);
      if (known.lookup && known.path == entry.name)
        return refuse(entry, "could be meant by " + quoted(path) + " too");
    }
    return true;
  }

  bool refuse(const Entry& entry, const std::string& why) {
    mistakes_.add(entry.position, quoted(entry.name) + " " + why, "another name, which nothing else has");
    return false;
  }

  /// A leaf of ours, or of rows that refer to ours.
  struct Place {
    std::size_t relation = 0;
    std::size_t leaf = 0;
    const Leaf* there = nullptr;
  };

  static std::optional<Place> find_leaf(const Resource& resource, std::string_view path) {
    const auto found = std::find_if(resource.leaves.begin(), resource.leaves.end(),
                                    [path](const Leaf& leaf) { return leaf.path == path && !leaf.hidden; });
    if (found == resource.leaves.end()) return std::nullopt;
    return Place{.leaf = static_cast<std::size_t>(found - resource.leaves.begin()), .there = &*found};
  }

  [[nodiscard]] std::optional<Place> find_place(std::string_view path) const {
    if (const auto own = find_leaf(resource_, path)) return own;
    for (std::size_t i = 0; i < resource_.relations.size(); ++i) {
      const Relation& relation = resource_.relations[i];
      const std::string list = resource_.leaves[relation.leaf].path + "-";
      if (!path.starts_with(list) || resource_.leaves[relation.leaf].hidden) continue;
      auto place = find_leaf(*relation.resource, path.substr(list.size()));
      if (!place || place->there->relation != 0) continue;
      place->relation = i + 1;
      return place;
    }
    return std::nullopt;
  }

  std::optional<FilterName> load_name(const Entry& entry) {
    const std::string_view filter = entry.value->text;
    std::optional<Lookup> lookup;
    auto place = find_place(filter);
    if (const SplitName parts = split(filter); !place && parts.lookup) {
      place = find_place(parts.path);
      lookup = parts.lookup;
    }
    if (!place) return unknown(entry);
    const LookupSet& allowed = place->there->field->lookups;
    if (setting_.fields.is_untyped(*place->there->field)) return std::nullopt;
    if (lookup ? !allows(allowed, *lookup) : allowed.none()) {
      mistakes_.add(entry.value->position, "the filter " + quoted(filter) + " is not allowed",
                    "filter: […] of the field " + quoted(place->there->path) + " says which are");
      return std::nullopt;
    }
    return FilterName{.name = entry.name, .relation = place->relation, .leaf = place->leaf, .lookup = lookup};
  }

  std::nullopt_t unknown(const Entry& entry) {
    std::vector<std::string> known;
    add_filters(resource_, "", known);
    for (const Relation& relation : resource_.relations) {
      add_filters(*relation.resource, resource_.leaves[relation.leaf].path + "-", known);
    }
    mistakes_.add_unknown({.position = entry.value->position, .what = "filter", .name = entry.value->text}, known);
    return std::nullopt;
  }

  static void add_filters(const Resource& resource, const std::string& above, std::vector<std::string>& known) {
    for (const Leaf& leaf : resource.leaves) {
      if (leaf.hidden) continue;
      for (std::size_t i = 0; i < lookup_names.size(); ++i) {
        const auto lookup = static_cast<Lookup>(i);
        if (!allows(leaf.field->lookups, lookup)) continue;
        const std::string path = above + leaf.path;
        known.push_back(lookup == Lookup::Exact ? path : path + "-" + std::string(lookup_names.at(i)));
      }
    }
  }

  const FilterNameSetting& setting_;
  Resource& resource_;
  MistakeList& mistakes_;
  std::set<std::string, std::less<>> paths_;
};

}  // namespace

void load_filter_names(const Entry& map, const FilterNameSetting& setting, Resource& resource,
                       MistakeList& mistakes) {
  FilterNamesLoader(setting, resource, mistakes).load(map);
}

}  // namespace portico::model
