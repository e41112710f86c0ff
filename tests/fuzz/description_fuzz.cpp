// Descriptions: any text gives an Api or at least one mistake, in order, inside of the text.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "model/load_yaml.hpp"

namespace {

using portico::model::Api;
using portico::model::Expression;
using portico::model::ExpressionType;
using portico::model::Mistake;
using portico::model::Mistakes;
using portico::model::OperationRules;
using portico::model::PathStep;
using portico::model::Resource;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_mistakes(const Mistakes& mistakes) {
  require(!mistakes.empty());
  std::size_t line = 1;
  for (const Mistake& mistake : mistakes) {
    require(mistake.position.line >= line && mistake.position.column >= 1 && !mistake.message.empty());
    line = mistake.position.line;
  }
}

/// Every name was looked up: indexes lie within what they mean.
void check_expression(const Expression& expression, const Resource& row, const Resource* input) {
  if (expression.kind == Expression::Kind::Leaf || expression.kind == Expression::Kind::Parent) {
    require(expression.index < row.leaves.size());
  }
  if (expression.kind == Expression::Kind::Input) {
    require(input != nullptr && expression.index < input->leaves.size());
  }
  for (const Expression& operand : expression.operands) check_expression(operand, row, input);
}

void check_rules(const OperationRules& rules, const Resource& row, const Resource* input) {
  for (const auto& guard : rules.guards) {
    require(guard.condition.type == ExpressionType::Boolean && guard.code >= 0 && !guard.message.empty());
    check_expression(guard.condition, row, input);
  }
  for (const auto& effect : rules.effects) {
    require(effect.through ? *effect.through < row.leaves.size() : effect.leaf < row.leaves.size());
    check_expression(effect.value, row, input);
  }
}

void check_action(const Api& api, const Resource& resource, const portico::model::Action& action) {
  require(action.input != nullptr && action.input->views.size() == api.versions.size());
  check_rules(action.rules, resource, action.input.get());
  for (const auto& check : action.checks) {
    require(!check.field.empty());
    check_expression(check.condition, resource, action.input.get());
  }
  for (const auto& field : action.answer) check_expression(field.value, resource, action.input.get());
  require(!action.shows_state || !action.answer.empty());
}

void check_writes(const Api& api, const Resource& resource) {
  require(resource.rules.size() == 4 && !resource.path.empty());
  std::size_t parameters = 0;
  for (const auto& step : resource.path) parameters += step.kind == PathStep::Kind::Parent ? 1 : 0;
  require(parameters == resource.parents.size());
  for (const auto& parent : resource.parents) {
    require(parent.leaf < resource.leaves.size() && parent.resource != nullptr && !parent.resource->names.empty());
  }
  for (const auto& rules : resource.rules) check_rules(rules, resource, nullptr);
  for (const auto& check : resource.checks) check_expression(check.condition, resource, nullptr);
  for (const auto& action : resource.actions) check_action(api, resource, *action);
  for (const auto& leaf : resource.leaves) {
    if (leaf.field->initial) check_expression(*leaf.field->initial, resource, nullptr);
  }
}

void check_resource(const Api& api, const Resource& resource) {
  check_writes(api, resource);
  require(!resource.key.empty() && !resource.default_order.empty());
  for (const std::size_t leaf : resource.key) require(leaf < resource.leaves.size());
  require(resource.names.empty() == (resource.is_keyless || resource.key.size() > 1));
  for (const auto& leaf : resource.leaves) require(leaf.field->is_leaf() && leaf.join <= resource.joins.size());
  for (const int version : api.versions) {
    const auto& view = api.view(resource, version);
    require(view.resource == &resource && view.version == version);
    require(view.files.empty() ? view.paths.size() == view.leaves.size() : view.paths.size() <= view.leaves.size());
  }
}

void check_api(const Api& api) {
  require(!api.versions.empty() && !api.surfaces.empty());
  require(api.accounts == nullptr || (!api.accounts->owner_column.empty() && api.accounts->key.size() == 1));
  for (const auto& resource : api.resources) check_resource(api, *resource);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);  // the fuzzer's bytes are characters
  const auto loaded = portico::model::load_yaml(text);
  if (const auto* mistakes = std::get_if<Mistakes>(&loaded)) {
    check_mistakes(*mistakes);
  } else {
    check_api(*std::get<std::shared_ptr<const Api>>(loaded));
  }
  return 0;
}
