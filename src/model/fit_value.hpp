#pragma once

#include "model/load_expression.hpp"

namespace portico::model {

/// Where a value is to go.
struct ValueTarget {
  const Leaf& leaf;
  const YamlNode& text;  ///< the expression, for the place of a mistake
};

/// Whether what `expression` gives can stand in a leaf: type, null as far as it is written down, a choice's values,
/// and of literals bounds, length, pattern and calendar. What does not is a mistake.
void check_value(const Expression& expression, const ValueTarget& target, const ExpressionScope& scope,
                 MistakeList& mistakes);

}  // namespace portico::model
