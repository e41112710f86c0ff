#pragma once

#include <vector>

#include "model/expression_names.hpp"

namespace portico::model {

/// Reads the fields of an answer, in the order of the description: expressions, `{type: boolean, value: …}`, objects
/// `{fields: {…}}`, and lists `{each: {number: [2, 3]}, fields: {…}}`, whose items are written out here: one for each
/// value, which stands in the item's expressions in the name's place.
[[nodiscard]] std::vector<AnswerField> load_answer(const Entry& answer, const ExpressionScope& scope,
                                                   MistakeList& mistakes);

}  // namespace portico::model
