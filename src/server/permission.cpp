#include "server/permission.hpp"

#include "access/authenticate.hpp"
#include "access/grant.hpp"

namespace portico::server {
namespace {

using model::OperationKind;

base::Status permit_key(const access::Principal& principal, const operation::Operation& operation) {
  const model::Resource& resource = operation::resource_of(operation);
  if (std::holds_alternative<operation::Summarize>(operation)) return access::permit_summary(principal, resource);
  if (const auto* action = operation::action_of(operation)) return access::permit(principal, resource, *action);
  const auto* change = std::get_if<operation::Change>(&operation);
  const bool may_replace =
      change != nullptr && change->file && access::permit(principal, resource, OperationKind::Replace);
  return may_replace ? base::ok() : access::permit(principal, resource, operation::kind_of(operation));
}

bool answers_with_row(const operation::Change& change) {
  return !change.file && change.resource->rules_of(change.kind).answer == model::ChangeAnswer::Row;
}

/// Whether the rows of other resources that the resource's view has are in the answer, or choose what happens.
bool looks_at_foreign_rows(const operation::Operation& operation) {
  const auto* change = std::get_if<operation::Change>(&operation);
  if (change == nullptr) {
    const auto* row = std::get_if<operation::Retrieve>(&operation);
    return row == nullptr || (row->action == nullptr && !row->file);
  }
  if (change->kind == OperationKind::Clear) return true;
  if (change->action != nullptr || change->kind == OperationKind::Delete) return false;
  return answers_with_row(*change);
}

/// Whether the answer to a change shows what stood in the row beside what was sent. A new row holds what was sent.
bool shows_changed_row(const operation::Operation& operation) {
  const auto* change = std::get_if<operation::Change>(&operation);
  if (change == nullptr) return false;
  return (change->kind == OperationKind::Update || change->kind == OperationKind::Replace) &&
         answers_with_row(*change);
}

class ScopeGate {
 public:
  ScopeGate(const access::Principal& principal, const Publication& publication)
      : principal_(principal), names_(publication.scope_names()) {}

  void need(std::size_t scope) {
    if (status_) status_ = access::permit_scope(principal_, scope, names_);
  }
  [[nodiscard]] base::Status status() && { return std::move(status_); }

 private:
  const access::Principal& principal_;
  const std::vector<std::string>& names_;
  base::Status status_ = base::ok();
};

base::Status permit_extension(const access::Principal& principal, const operation::Operation& operation,
                              const Publication& publication, int version) {
  const model::Resource& resource = operation::resource_of(operation);
  const bool writes = std::holds_alternative<operation::Change>(operation);
  const std::optional<std::size_t>& own = writes ? resource.write_scope : resource.read_scope;
  // What no scope stands for, nobody can have agreed to.
  if (!own) return base::Error{.code = base::ErrorCode::Forbidden};
  ScopeGate gate(principal, publication);
  gate.need(*own);
  if (shows_changed_row(operation) && resource.read_scope) gate.need(*resource.read_scope);
  for (const model::Parent& parent : resource.parents) {
    if (parent.resource->read_scope) gate.need(*parent.resource->read_scope);
  }
  if (resource.computation == nullptr && looks_at_foreign_rows(operation)) {
    for (const std::size_t scope : publication.api().view(resource, version).foreign_scopes) gate.need(scope);
  }
  return std::move(gate).status();
}

}  // namespace

base::Status permit(const access::Principal& principal, const operation::Operation& operation,
                    const Publication& publication, int version) {
  if (!access::is_of_extension(principal.kind)) return permit_key(principal, operation);
  return permit_extension(principal, operation, publication, version);
}

}  // namespace portico::server
