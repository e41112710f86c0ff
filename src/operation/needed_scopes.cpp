#include "operation/needed_scopes.hpp"

namespace portico::operation {
namespace {

using model::OperationKind;

bool answers_with_row(const Change& change) {
  return !change.file && change.resource->rules_of(change.kind).answer == model::ChangeAnswer::Row;
}

}  // namespace

bool looks_at_foreign_rows(const Operation& operation) {
  const auto* change = std::get_if<Change>(&operation);
  if (change == nullptr) {
    const auto* row = std::get_if<Retrieve>(&operation);
    return row == nullptr || (row->action == nullptr && !row->file);
  }
  if (change->kind == OperationKind::Clear) return true;
  if (change->action != nullptr || change->kind == OperationKind::Delete) return false;
  return answers_with_row(*change);
}

bool shows_changed_row(const Operation& operation) {
  const auto* change = std::get_if<Change>(&operation);
  if (change == nullptr) return false;
  return (change->kind == OperationKind::Update || change->kind == OperationKind::Replace) &&
         answers_with_row(*change);
}

}  // namespace portico::operation
