#pragma once

#include <string>
#include <vector>

#include "model/api.hpp"

namespace portico::plan {

/// A filter that a list of the view takes: `customer-phone-number-startswith`.
struct KnownFilter {
  std::string parameter;
  const model::Field* field = nullptr;
  model::Lookup lookup = model::Lookup::Exact;
};

/// All of them, those through lists of other rows and by other names included, sorted by the parameter.
[[nodiscard]] std::vector<KnownFilter> known_filters(const model::Api& api, const model::View& view);

/// The paths that `ordering` takes, sorted.
[[nodiscard]] std::vector<std::string> orderable_paths(const model::View& view);

/// Whose rows' leaf a filter's other name means; null: the view's own.
[[nodiscard]] const model::Relation* relation_of(const model::View& view, const model::FilterName& name);

/// Whether the view's version has what a filter's other name means.
[[nodiscard]] bool knows(const model::Api& api, const model::View& view, const model::FilterName& name);

/// The leaf of the view that a path or another name leads to; of another resource with `relation`.
[[nodiscard]] const model::Leaf& leaf_of(const model::View& view, std::size_t leaf, const model::Relation* relation);

/// Visits the paths that there are, those of lists of rows included, with the leaf of each; in no order.
template <typename Visit>
void for_each_path(const model::Api& api, const model::View& view, Visit visit) {
  for (const auto& [path, place] : view.paths) {
    const model::Leaf& leaf = view.resource->leaves[place];
    visit(path, leaf);
    if (leaf.relation == 0) continue;
    const model::Resource& rows = *view.resource->relations[leaf.relation - 1].resource;
    for (const auto& [inner, inner_place] : api.view(rows, view.version).paths) {
      const model::Leaf& member = rows.leaves[inner_place];
      if (member.relation == 0) visit(path + "-" + inner, member);
    }
  }
}

}  // namespace portico::plan
