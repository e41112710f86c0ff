#include "change/rules.hpp"

#include <optional>

#include "base/time.hpp"

namespace portico::change {
namespace {

using base::Document;
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

Document document_of(const Value& value, model::FieldType type) {
  Document document;
  if (const auto* text = std::get_if<std::string>(&value)) {
    document.kind = Document::Kind::Text;
    document.text = *text;
    return document;
  }
  const auto* integer = std::get_if<std::int64_t>(&value);
  if (integer == nullptr) return document;
  if (type == model::FieldType::Boolean) {
    document.kind = Document::Kind::Boolean;
    document.boolean = *integer != 0;
  } else if (type == model::FieldType::Timestamp) {
    document.kind = Document::Kind::Text;
    document.text = base::format_timestamp(*integer);
  } else {
    document.kind = Document::Kind::Integer;
    document.integer = *integer;
  }
  return document;
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

base::Status Rules::check(const std::vector<model::Guard>& checks, const Surroundings& around, const Path& within,
                          base::Error& refusal) const {
  for (const model::Guard& check : checks) {
    auto holds = plan::holds(check.condition, around);
    if (!holds) return std::move(holds).error();
    if (*holds) continue;
    refusal.faults.push_back({blamed(check, within), check.message});
    if (refusal.own_code == 0) refusal.own_code = check.code;
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

base::Result<Document> Rules::answer(const model::Action& action, const Surroundings& around) const {
  Document answer;
  answer.kind = Document::Kind::Object;
  for (const model::AnswerField& field : action.answer) {
    auto value = plan::evaluate(field.value, around);
    if (!value) return std::move(value).error();
    answer.members.push_back({field.name, document_of(*value, field.type)});
  }
  return answer;
}

}  // namespace portico::change
