#include "server/parents.hpp"

#include <algorithm>
#include <string>

namespace portico::server {
namespace {

/// What the path says of the parents of its parent at `index`; nothing where it does not name them all, and the
/// object's own name must do.
std::vector<std::string> grandparents(const operation::List& list, std::size_t index) {
  const std::vector<model::Parent>& parents = list.resource->parents;
  const auto end = parents.begin() + static_cast<std::ptrdiff_t>(index);
  std::vector<std::string> names;
  for (const model::Parent& above : parents[index].resource->parents) {
    const auto found = std::find_if(parents.begin(), end,
                                    [&](const model::Parent& parent) { return parent.resource == above.resource; });
    if (found == end) return {};
    names.push_back(list.parents[static_cast<std::size_t>(found - parents.begin())]);
  }
  return names;
}

}  // namespace

std::vector<operation::Retrieve> parents_of(const operation::Operation& operation) {
  std::vector<operation::Retrieve> found;
  const auto* summarize = std::get_if<operation::Summarize>(&operation);
  const auto* list = summarize != nullptr ? &summarize->rows : std::get_if<operation::List>(&operation);
  if (list == nullptr) return found;
  for (std::size_t i = list->resource->parents.size(); i-- > 0;) {
    operation::Retrieve parent;
    parent.resource = list->resource->parents[i].resource;
    parent.parents = grandparents(*list, i);
    parent.name = list->parents[i];
    found.push_back(std::move(parent));
  }
  return found;
}

}  // namespace portico::server
