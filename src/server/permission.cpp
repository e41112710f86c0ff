#include "server/permission.hpp"

#include "access/authenticate.hpp"
#include "access/grant.hpp"
#include "operation/needed_scopes.hpp"

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
  // What no scope stands for, nobody can have agreed to.
  if (!operation::own_scope(operation)) return base::Error{.code = base::ErrorCode::Forbidden};
  ScopeGate gate(principal, publication);
  operation::visit_needed_scopes(publication.api(), operation, version,
                                 [&gate](std::size_t scope) { gate.need(scope); });
  return std::move(gate).status();
}

}  // namespace

base::Status permit(const access::Principal& principal, const operation::Operation& operation,
                    const Publication& publication, int version) {
  if (!access::is_of_extension(principal.kind)) return permit_key(principal, operation);
  return permit_extension(principal, operation, publication, version);
}

}  // namespace portico::server
