#include "plan/aggregate_fold.hpp"

#include <string>

namespace portico::plan {
namespace {

using base::Cell;
using base::Value;
using Function = model::Aggregate::Function;

Value value_of(const Cell& cell) {
  if (cell.kind == Cell::Kind::Integer) return cell.integer;
  return std::string(cell.text);
}

bool is_less(const Cell& cell, const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return cell.integer < *integer;
  return cell.text < std::get<std::string>(value);
}

bool is_greater(const Cell& cell, const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return cell.integer > *integer;
  return cell.text > std::get<std::string>(value);
}

}  // namespace

AggregateFold::AggregateFold(const model::Summary& summary) : summary_(summary), states_(summary.aggregates.size()) {}

void AggregateFold::add(std::span<const Cell> cells) {
  ++rows_;
  std::size_t next = 0;
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const Function function = summary_.aggregates[i].function;
    if (function == Function::Rows) continue;
    const Cell& cell = cells[next++];
    if (cell.is_null()) continue;
    State& state = states_[i];
    ++state.count;
    switch (function) {
      case Function::Rows:
      case Function::Values:
        break;
      case Function::Sum:
        state.sum.add(cell.integer);
        break;
      case Function::Least:
        if (state.count == 1 || is_less(cell, state.extreme)) state.extreme = value_of(cell);
        break;
      case Function::Greatest:
        if (state.count == 1 || is_greater(cell, state.extreme)) state.extreme = value_of(cell);
        break;
    }
  }
}

std::vector<Value> AggregateFold::values() const {
  std::vector<Value> values;
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const State& state = states_[i];
    switch (summary_.aggregates[i].function) {
      case Function::Rows:
        values.emplace_back(rows_);
        break;
      case Function::Values:
        values.emplace_back(state.count);
        break;
      case Function::Sum:
        values.emplace_back();
        if (const auto sum = state.sum.value()) values.back() = *sum;
        break;
      case Function::Least:
      case Function::Greatest:
        values.push_back(state.extreme);
        break;
    }
  }
  return values;
}

}  // namespace portico::plan
