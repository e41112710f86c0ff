#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/value.hpp"
#include "base/wide_sum.hpp"
#include "model/resource.hpp"

namespace portico::plan {

/// Works a summary out row by row, where the database cannot tell which rows it is of. Gives what the statement of a
/// summary would (plan/summary_columns).
class AggregateFold {
 public:
  /// Refers to `summary`.
  explicit AggregateFold(const model::Summary& summary);

  /// `cells`: one for each aggregate that is of a field, in order, as the field would be shown.
  void add(std::span<const base::Cell> cells);

  [[nodiscard]] std::int64_t rows() const noexcept { return rows_; }
  /// One for each aggregate.
  [[nodiscard]] std::vector<base::Value> values() const;

 private:
  struct State {
    std::int64_t count = 0;  // of values
    base::WideSum sum;
    base::Value extreme;
  };
  const model::Summary& summary_;
  std::vector<State> states_;
  std::int64_t rows_ = 0;
};

}  // namespace portico::plan
