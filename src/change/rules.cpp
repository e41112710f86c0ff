#include "change/rules.hpp"

#include <optional>

namespace portico::change {
namespace {

using base::Value;
using plan::Surroundings;
using plan::TableRow;

/// The view of the action's input in the version asked for; null where the operation has none.
const model::View* input_view(const Ground& ground) {
  const model::Action* action = ground.operation.action;
  if (action == nullptr || action->input == nullptr) return nullptr;
  return &ground.api.view(*action->input, ground.request.version);
}

bool shows(const model::View& view, const std::string& latest) {
  for (const model::ViewNode& node : view.nodes) {
    if (node.field->name == latest) return true;
  }
  return false;
}

}  // namespace

Surroundings Rules::around(const TableRow& row, const TableRow* input) const {
  return {.resource = ground_.resource,
          .row = row,
          .input = input,
          .referred = [this, &row](std::size_t leaf) { return referred_.find(row, leaf); },
          .now = ground_.request.now,
          .mode = ground_.request.mode};
}

base::Status Rules::judge(const std::vector<model::Guard>& guards, const Surroundings& around) const {
  for (const model::Guard& guard : guards) {
    auto holds = plan::holds(guard.condition, around);
    if (!holds) return std::move(holds).error();
    if (*holds) continue;
    return base::Error{.code = base::ErrorCode::Forbidden, .message = guard.message, .own_code = guard.code};
  }
  return base::ok();
}

Path Rules::blamed(const model::Guard& check, const Path& within) const {
  Path path = within;
  if (check.field.empty()) return path;
  const model::View* input = input_view(ground_);
  const model::View& view = input != nullptr && shows(*input, check.field.front()) ? *input : ground_.view;
  for (std::string& step : path_of(view, check.field)) path.push_back(std::move(step));
  return path;
}

base::Status Rules::check(std::span<const model::Guard> checks, const Surroundings& around, const Path& within,
                          Refusal& refusal) const {
  for (const model::Guard& check : checks) {
    auto holds = plan::holds(check.condition, around);
    if (!holds) return std::move(holds).error();
    if (*holds) continue;
    refusal.faults().add_below(blamed(check, within), check.message);
    refusal.take_code(check.code);
  }
  return base::ok();
}

base::Status Rules::apply(const std::vector<model::Effect>& effects, TableRow& row, const TableRow* input) {
  struct Setting {
    Value& place;
    Value value;
  };
  std::vector<Setting> settings;
  const Surroundings before = around(row, input);
  for (const model::Effect& effect : effects) {
    TableRow* altered = effect.through ? referred_.find_to_alter(row, *effect.through) : &row;
    if (altered == nullptr) continue;  // there is no such row
    auto value = plan::evaluate(effect.value, before);
    if (!value) return std::move(value).error();
    settings.push_back({(*altered)[effect.leaf], std::move(*value)});
  }
  for (Setting& setting : settings) setting.place = std::move(setting.value);
  return base::ok();
}

}  // namespace portico::change
