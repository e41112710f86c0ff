#include "operation/operation.hpp"

namespace portico::operation {

const model::Resource& resource_of(const Operation& operation) {
  return *std::visit([](const auto& each) { return each.resource; }, operation);
}

model::OperationKind kind_of(const Operation& operation) {
  if (const auto* change = std::get_if<Change>(&operation)) return change->kind;
  const bool lists = std::holds_alternative<List>(operation) || std::holds_alternative<Summarize>(operation);
  return lists ? model::OperationKind::List : model::OperationKind::Retrieve;
}

const model::Action* action_of(const Operation& operation) {
  if (const auto* change = std::get_if<Change>(&operation)) return change->action;
  if (const auto* retrieve = std::get_if<Retrieve>(&operation)) return retrieve->action;
  return nullptr;
}

}  // namespace portico::operation
