#pragma once

#include "model/api.hpp"
#include "operation/operation.hpp"

namespace portico::operation {

/// Whether the rows of other resources that the resource's view has are in the answer, or choose what happens.
[[nodiscard]] bool looks_at_foreign_rows(const Operation& operation);

/// Whether the answer to a change shows what stood in the row beside what was sent. A new row holds what was sent.
[[nodiscard]] bool shows_changed_row(const Operation& operation);

/// The scope of the resource itself (E2), a place in model::scopes_of; nothing: no scope stands for it, nobody can
/// have agreed to it.
[[nodiscard]] inline std::optional<std::size_t> own_scope(const Operation& operation) {
  const model::Resource& resource = resource_of(operation);
  return std::holds_alternative<Change>(operation) ? resource.write_scope : resource.read_scope;
}

/// Visits all that an extension's token needs for an operation in that version, its own first; one may come twice.
template <typename Visit>
void visit_needed_scopes(const model::Api& api, const Operation& operation, int version, const Visit& visit) {
  const model::Resource& resource = resource_of(operation);
  if (const auto own = own_scope(operation)) visit(*own);
  if (shows_changed_row(operation) && resource.read_scope) visit(*resource.read_scope);
  for (const model::Parent& parent : resource.parents) {
    if (parent.resource->read_scope) visit(*parent.resource->read_scope);
  }
  if (resource.computation != nullptr || !looks_at_foreign_rows(operation)) return;
  for (const std::size_t scope : api.view(resource, version).foreign_scopes) visit(scope);
}

}  // namespace portico::operation
