#pragma once

#include <span>

#include "base/document.hpp"
#include "base/result.hpp"
#include "plan/evaluate.hpp"

namespace portico::plan {

/// The object that the fields make: an action's answer, or a computed resource's. InvalidData where an integer
/// overflows.
[[nodiscard]] base::Result<base::Document> answer_of(std::span<const model::AnswerField> fields,
                                                     const Surroundings& around);

/// Adds the leaves of the row that refer to rows which the fields look at.
void collect_referred(std::span<const model::AnswerField> fields, std::vector<std::size_t>& leaves);

}  // namespace portico::plan
