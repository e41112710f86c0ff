#include "plan/known_filters.hpp"

#include <algorithm>

namespace portico::plan {
namespace {

using model::Lookup;
using model::View;

bool shows(const View& view, std::size_t leaf) {
  return std::find(view.leaves.begin(), view.leaves.end(), leaf) != view.leaves.end();
}

/// Exact needs no lookup behind the name.
void add_lookups(const std::string& name, const model::Field& field, std::vector<KnownFilter>& filters) {
  for (std::size_t i = 0; i < model::lookup_names.size(); ++i) {
    const auto lookup = static_cast<Lookup>(i);
    if (!model::allows(field.lookups, lookup)) continue;
    const std::string suffix = lookup == Lookup::Exact ? std::string() : "-" + std::string(model::name_of(lookup));
    filters.push_back({.parameter = name + suffix, .field = &field, .lookup = lookup});
  }
}

}  // namespace

const model::Relation* relation_of(const View& view, const model::FilterName& name) {
  return name.relation == 0 ? nullptr : &view.resource->relations[name.relation - 1];
}

bool knows(const model::Api& api, const View& view, const model::FilterName& name) {
  const model::Relation* relation = relation_of(view, name);
  if (relation == nullptr) return shows(view, name.leaf);
  const auto leads_there = [relation](const auto& path) { return path.second == relation->leaf; };
  return std::any_of(view.paths.begin(), view.paths.end(), leads_there) &&
         shows(api.view(*relation->resource, view.version), name.leaf);
}

const model::Leaf& leaf_of(const View& view, std::size_t leaf, const model::Relation* relation) {
  return relation == nullptr ? view.resource->leaves[leaf] : relation->resource->leaves[leaf];
}

std::vector<KnownFilter> known_filters(const model::Api& api, const View& view) {
  std::vector<KnownFilter> filters;
  for_each_path(api, view, [&filters](const std::string& path, const model::Leaf& leaf) {
    add_lookups(path, *leaf.field, filters);
  });
  for (const model::FilterName& name : view.resource->filter_names) {
    if (!knows(api, view, name)) continue;
    const model::Field& field = *leaf_of(view, name.leaf, relation_of(view, name)).field;
    if (name.lookup) {
      filters.push_back({.parameter = name.name, .field = &field, .lookup = *name.lookup});
    } else {
      add_lookups(name.name, field, filters);
    }
  }
  std::sort(filters.begin(), filters.end(),
            [](const KnownFilter& a, const KnownFilter& b) { return a.parameter < b.parameter; });
  return filters;
}

std::vector<std::string> orderable_paths(const View& view) {
  const std::vector<std::size_t>& orderable = view.resource->orderable;
  std::vector<std::string> paths;
  for (const auto& [path, leaf] : view.paths) {
    if (std::find(orderable.begin(), orderable.end(), leaf) != orderable.end()) paths.push_back(path);
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace portico::plan
