#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>

#include "operation/parse_operation.hpp"

namespace portico::operation {

/// A path that something answers, and what: a resource's, perhaps with an object's name behind it, perhaps with an
/// action or a file behind that. Points into the Api.
struct PathPattern {
  using StepKind = model::PathStep::Kind;

  Target::Kind kind = Target::Kind::Collection;
  const model::Resource* resource = nullptr;
  std::span<const model::PathStep> path;
  bool is_named = false;  ///< there is a name behind the path
  const model::Action* action = nullptr;
  std::optional<std::size_t> file = {};
  const std::string* last = nullptr;  ///< the action's name, or the file's

  [[nodiscard]] std::size_t size() const {
    const bool goes_on = last != nullptr || kind == Target::Kind::Summary;
    return path.size() + (is_named ? 1U : 0U) + (goes_on ? 1U : 0U);
  }
  [[nodiscard]] StepKind kind_at(std::size_t step) const {
    if (step < path.size()) return path[step].kind;
    return is_named && step == path.size() ? StepKind::Name : StepKind::Fixed;
  }
  /// Precondition: StepKind::Fixed.
  [[nodiscard]] const std::string& text_at(std::size_t step) const {
    if (step < path.size()) return path[step].text;
    return kind == Target::Kind::Summary ? summary_step : *last;
  }
  /// What it leads to, whatever the names in it are.
  [[nodiscard]] Target target() const { return {.kind = kind, .resource = resource, .action = action, .file = file}; }

  static const std::string summary_step;  ///< `/orders/summary`
};

namespace path_pattern {

extern const std::array<model::PathStep, 1> calling_account_path;  ///< `/me`

constexpr model::OperationSet of_collections = model::operation_bit(model::OperationKind::List) |
                                               model::operation_bit(model::OperationKind::Create) |
                                               model::operation_bit(model::OperationKind::Clear);
constexpr model::OperationSet of_objects =
    model::operation_bit(model::OperationKind::Retrieve) | model::operation_bit(model::OperationKind::Replace) |
    model::operation_bit(model::OperationKind::Update) | model::operation_bit(model::OperationKind::Delete);

/// The name that a file has in that version, or all that it has had.
template <typename Visit>
void visit_file_names(const model::Field& field, std::optional<int> version, const Visit& visit) {
  if (version && !field.versions.contains(*version)) return;
  if (version) return visit(field.name_in(*version));
  visit(field.name);
  for (const model::FormerName& former : field.former_names) visit(former.name);
}

template <typename Visit>
void visit_with_parts(PathPattern object, std::optional<int> version, const Visit& visit) {
  if ((object.resource->operations & of_objects) != 0) visit(object);
  for (const auto& action : object.resource->actions) {
    if (version && !action->versions.contains(*version)) continue;
    object.action = action.get();
    object.last = &action->name;
    visit(object);
  }
  object.action = nullptr;
  for (const std::size_t file : object.resource->files) {
    const model::Field& field = *object.resource->leaves[file].field;
    object.file = file;
    visit_file_names(field, version, [&](const std::string& name) {
      object.last = &name;
      visit(object);
    });
  }
}

inline bool is_in(std::optional<int> version, const model::Resource& resource) {
  return !version || resource.versions.contains(*version);
}

template <typename Visit>
void visit_patterns_of(const model::Resource& resource, std::optional<int> version, const Visit& visit) {
  PathPattern pattern{.resource = &resource, .path = resource.path};
  pattern.is_named = !resource.is_object_path();
  if (pattern.is_named && (resource.operations & of_collections) != 0)
    visit(PathPattern{.resource = &resource, .path = resource.path});
  if (resource.summary) {
    visit(PathPattern{.kind = Target::Kind::Summary, .resource = &resource, .path = resource.path});
  }
  pattern.kind = Target::Kind::Object;
  visit_with_parts(pattern, version, visit);
}

}  // namespace path_pattern

/// All paths at which something can be done, of the API in that version, or of all its versions; of files all names
/// that they have had, then. Several may match a path: see find_target.
template <typename Visit>
void visit_patterns(const model::Api& api, std::optional<int> version, const Visit& visit) {
  for (const auto* resources : {&api.resources, &api.computed}) {
    for (const auto& resource : *resources) {
      if (path_pattern::is_in(version, *resource)) path_pattern::visit_patterns_of(*resource, version, visit);
    }
  }
  // Accounts that are only names have no row to show.
  if (api.accounts == nullptr || !path_pattern::is_in(version, *api.accounts)) return;
  path_pattern::visit_with_parts(
      {.kind = Target::Kind::CallingAccount, .resource = api.accounts, .path = path_pattern::calling_account_path},
      version, visit);
}

}  // namespace portico::operation
