#pragma once

#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "model/api.hpp"
#include "operation/operation.hpp"
#include "plan/plan.hpp"
#include "plan/sql_flavor.hpp"

namespace portico::plan {

/// Who asks, and where.
struct Scope {
  std::string_view account;  ///< the only account whose rows the plan reaches
  int version = 0;
  model::Mode mode = model::Mode::Production;
};

/// Makes plans for one description and one kind of store. What does not depend on the request (select lists, tables'
/// full names) is written once. Immutable; thread-safe; plans point into it and into the description.
class Planner {
 public:
  Planner(std::shared_ptr<const model::Api> api, SqlFlavor flavor);
  ~Planner();
  Planner(const Planner&) = delete;
  Planner& operator=(const Planner&) = delete;

  /// Resolves names, types values, and writes the statements. InvalidData with every fault at once: the operation's
  /// own and unknown filters, bad values, fields that may not be sorted by.
  /// Precondition: the operation reads rows: it is neither a Change nor a Compute.
  [[nodiscard]] base::Result<Plan> make_plan(operation::Operation operation, const Scope& scope) const;

  class Names;
  /// What the statements of plans and of changes take their names from (plan/sql_names).
  [[nodiscard]] const Names& names() const noexcept { return *names_; }
  [[nodiscard]] const model::Api& api() const noexcept { return *api_; }
  [[nodiscard]] SqlFlavor flavor() const noexcept { return flavor_; }

 private:
  std::shared_ptr<const model::Api> api_;
  SqlFlavor flavor_;
  std::unique_ptr<const Names> names_;
};

}  // namespace portico::plan
