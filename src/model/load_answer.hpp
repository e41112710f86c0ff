#pragma once

#include <vector>

#include "model/expression_names.hpp"

namespace portico::model {

/// Reads the fields of an answer, or of a message: by name an expression, or a mapping of type and value.
[[nodiscard]] std::vector<AnswerField> load_answer(const Entry& map, const ExpressionScope& scope,
                                                   MistakeList& mistakes);

}  // namespace portico::model
