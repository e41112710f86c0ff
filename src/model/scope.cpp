#include "model/scope.hpp"

#include <algorithm>
#include <stdexcept>
#include <unordered_map>

#include "model/keys.hpp"
#include "model/load_resource.hpp"

namespace portico::model {
namespace {

constexpr OperationSet reading = operation_bit(OperationKind::List) | operation_bit(OperationKind::Retrieve);

OperationSet operations_of(ScopeAccess access) {
  return access == ScopeAccess::Read ? reading : static_cast<OperationSet>(~reading);
}

/// Writing is doing any of them; reading, being told the state that one acts on.
bool lets(ScopeAccess access, const Action& action) {
  return access == ScopeAccess::Write || action.shows_state;
}

bool has_scope(const Resource& resource, ScopeAccess access) {
  return (resource.operations & operations_of(access)) != 0 ||
         std::any_of(resource.actions.begin(), resource.actions.end(),
                     [access](const auto& action) { return lets(access, *action); });
}

std::string scope_name(const Resource& resource, ScopeAccess access) {
  return resource.name + ":" + std::string(name_of(access));
}

bool serves_files(const Resource& resource, ScopeAccess access) {
  constexpr OperationSet shown = operation_bit(OperationKind::Retrieve);
  constexpr OperationSet put = operation_bit(OperationKind::Update) | operation_bit(OperationKind::Replace);
  return !resource.files.empty() && (resource.operations & (access == ScopeAccess::Read ? shown : put)) != 0;
}

ExtensionScope scope_of(const Resource& resource, ScopeAccess access) {
  ExtensionScope scope{.name = scope_name(resource, access),
                       .resource = &resource,
                       .access = access,
                       .operations = {},
                       .actions = {},
                       .also = {},
                       .description = resource.description};
  const std::span<const std::string> names = operation_names();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const OperationSet bit = operation_bit(static_cast<OperationKind>(i));
    if ((resource.operations & operations_of(access) & bit) != 0) scope.operations.push_back(names[i]);
  }
  if (access == ScopeAccess::Read && resource.summary) scope.operations.emplace_back("summary");
  if (serves_files(resource, access)) scope.operations.emplace_back("files");
  for (const auto& action : resource.actions) {
    if (lets(access, *action)) scope.actions.push_back(action->name);
  }
  return scope;
}

/// Each scope there is, in the order of the description.
template <typename Resources, typename Visit>
void visit_scopes(const Resources& resources, const Visit& visit) {
  for (const auto& resource : resources) {
    for (const ScopeAccess access : {ScopeAccess::Read, ScopeAccess::Write}) {
      if (has_scope(*resource, access)) visit(*resource, access);
    }
  }
}

/// The other resources whose rows one version of a resource shows.
class ForeignRows {
 public:
  ForeignRows(const std::unordered_map<std::string_view, const Resource*>& resources, int version)
      : resources_(resources), version_(version) {}

  void visit(const std::vector<Field>& fields) {
    for (const Field& field : fields) {
      if (field.hidden || !field.versions.contains(version_)) continue;
      if (field.rows) add(field.rows->resource);
      if (field.reference) {
        add(field.reference->resource);
      } else {
        visit(field.fields);
      }
    }
  }

  [[nodiscard]] std::vector<std::size_t> sorted() && {
    std::sort(scopes_.begin(), scopes_.end());
    scopes_.erase(std::unique(scopes_.begin(), scopes_.end()), scopes_.end());
    return std::move(scopes_);
  }

 private:
  void add(std::string_view name) {
    const auto found = resources_.find(name);
    if (found != resources_.end() && found->second->read_scope) scopes_.push_back(*found->second->read_scope);
  }

  const std::unordered_map<std::string_view, const Resource*>& resources_;
  const int version_;
  std::vector<std::size_t> scopes_;
};

std::vector<std::string> also_needed(const ExtensionScope& scope, const std::vector<ExtensionScope>& all) {
  std::vector<std::size_t> needed;
  for (const Parent& parent : scope.resource->parents) {
    if (parent.resource->read_scope) needed.push_back(*parent.resource->read_scope);
  }
  for (const View& view : scope.resource->views) {
    needed.insert(needed.end(), view.foreign_scopes.begin(), view.foreign_scopes.end());
  }
  std::sort(needed.begin(), needed.end());
  needed.erase(std::unique(needed.begin(), needed.end()), needed.end());
  std::vector<std::string> names;
  for (const std::size_t id : needed) {
    if (all[id].name != scope.name) names.push_back(all[id].name);
  }
  return names;
}

}  // namespace

std::string_view name_of(ScopeAccess access) {
  switch (access) {
    case ScopeAccess::Read:
      return "read";
    case ScopeAccess::Write:
      return "write";
  }
  throw std::logic_error("an access outside the enum");
}

std::vector<ExtensionScope> scopes_of(const Api& api) {
  std::vector<ExtensionScope> scopes;
  for (const auto* resources : {&api.resources, &api.computed}) {
    visit_scopes(*resources,
                 [&](const Resource& resource, ScopeAccess access) { scopes.push_back(scope_of(resource, access)); });
  }
  std::sort(scopes.begin(), scopes.end(),
            [](const ExtensionScope& a, const ExtensionScope& b) { return a.name < b.name; });
  for (ExtensionScope& scope : scopes) scope.also = also_needed(scope, scopes);
  return scopes;
}

void assign_scopes(std::span<ResourceDraft> drafts, std::span<ResourceDraft> computed) {
  std::vector<Resource*> resources;
  for (const std::span<ResourceDraft> each : {drafts, computed}) {
    for (const ResourceDraft& draft : each) resources.push_back(draft.resource.get());
  }
  std::vector<std::string> names;
  visit_scopes(resources,
               [&](const Resource& resource, ScopeAccess access) { names.push_back(scope_name(resource, access)); });
  std::sort(names.begin(), names.end());
  visit_scopes(resources, [&](Resource& resource, ScopeAccess access) {
    const auto place = std::lower_bound(names.begin(), names.end(), scope_name(resource, access));
    (access == ScopeAccess::Read ? resource.read_scope : resource.write_scope) =
        static_cast<std::size_t>(place - names.begin());
  });
  std::unordered_map<std::string_view, const Resource*> by_name;
  for (const Resource* resource : resources) by_name.emplace(resource->name, resource);
  for (Resource* resource : resources) {
    for (View& view : resource->views) {
      ForeignRows foreign(by_name, view.version);
      foreign.visit(resource->fields);
      view.foreign_scopes = std::move(foreign).sorted();
    }
  }
}

}  // namespace portico::model
