#pragma once

#include <span>
#include <vector>

#include "change/ground.hpp"
#include "change/referred_rows.hpp"
#include "change/refusals.hpp"
#include "plan/evaluate.hpp"

namespace portico::change {

/// Judges and applies what a description says of an operation. Refers to its arguments.
class Rules {
 public:
  Rules(const Ground& ground, ReferredRows& referred) : ground_(ground), referred_(referred) {}

  /// What expressions over `row`, and the action's input, look at. Refers to both.
  [[nodiscard]] plan::Surroundings around(const plan::TableRow& row, const plan::TableRow* input = nullptr) const;

  /// Forbidden, with the first guard's words that does not hold.
  [[nodiscard]] base::Status judge(const std::vector<model::Guard>& guards, const plan::Surroundings& around) const;

  /// Adds a fault to `refusal` for each check that does not hold, at its field, below `within`: that of an action's
  /// input where it has one of that name.
  [[nodiscard]] base::Status check(std::span<const model::Guard> checks, const plan::Surroundings& around,
                                   const Path& within, Refusal& refusal) const;

  /// Works all values out, and then sets them: in `row`, and in what it refers to.
  [[nodiscard]] base::Status apply(const std::vector<model::Effect>& effects, plan::TableRow& row,
                                   const plan::TableRow* input = nullptr);

 private:
  [[nodiscard]] Path blamed(const model::Guard& check, const Path& within) const;

  const Ground& ground_;
  ReferredRows& referred_;
};

}  // namespace portico::change
