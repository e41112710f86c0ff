#pragma once

#include <optional>
#include <string_view>

#include "model/expression_names.hpp"

namespace portico::model {

/// Reads an expression, checks its types, and looks its names up. Mistakes stand where they are in the scalar; with
/// one there is nothing.
[[nodiscard]] std::optional<Expression> load_expression(const YamlNode& text, const ExpressionScope& scope,
                                                        MistakeList& mistakes);

/// The same for a condition, which is true or false.
[[nodiscard]] std::optional<Expression> load_condition(const YamlNode& text, const ExpressionScope& scope,
                                                       MistakeList& mistakes);

/// What type that is, for people: `an integer`.
[[nodiscard]] std::string_view words_for(ExpressionType type);

/// Calls `visit` with each expression that `expression` may take its value from: the branches of `?:`, the operands
/// of coalesce, min and max; else with itself.
template <typename Visit>
void visit_results(const Expression& expression, const Visit& visit) {
  using Kind = Expression::Kind;
  const bool is_choice = expression.kind == Kind::If;
  const bool is_any =
      expression.kind == Kind::Coalesce || expression.kind == Kind::Least || expression.kind == Kind::Greatest;
  if (!is_choice && !is_any) return visit(expression);
  for (std::size_t i = is_choice ? 1 : 0; i < expression.operands.size(); ++i) {
    visit_results(expression.operands[i], visit);
  }
}

}  // namespace portico::model
