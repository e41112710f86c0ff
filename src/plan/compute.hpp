#pragma once

#include "base/document.hpp"
#include "base/result.hpp"
#include "model/api.hpp"
#include "operation/operation.hpp"
#include "plan/evaluate.hpp"
#include "plan/make_plan.hpp"

namespace portico::plan {

/// What is to be worked out of which parameters. Points into the description.
struct Computing {
  const model::Resource* resource = nullptr;
  TableRow parameters;  ///< a value for each of the resource's leaves
  base::Microseconds now = 0;
  model::Mode mode = model::Mode::Production;
};

/// Reads parameters as a form's fields are read. InvalidData with every fault at once: the operation's own, unknown
/// parameters (with the nearest name), those that are missing, of a wrong type or out of bounds.
[[nodiscard]] base::Result<Computing> plan_computing(const model::Api& api, operation::Compute compute,
                                                     const Scope& scope, base::Microseconds now);

/// `public_key`: where Computation::asks_public_key. InvalidData where an integer overflows.
[[nodiscard]] base::Result<base::Document> compute(const Computing& computing, base::Value public_key);

}  // namespace portico::plan
