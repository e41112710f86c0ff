#include "operation/operation.hpp"

namespace portico::operation {

const model::Resource& resource_of(const Operation& operation) {
  return *std::visit([](const auto& each) { return each.resource; }, operation);
}

model::OperationKind kind_of(const Operation& operation) {
  return std::holds_alternative<List>(operation) ? model::OperationKind::List : model::OperationKind::Retrieve;
}

}  // namespace portico::operation
