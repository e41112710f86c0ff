#pragma once

#include <cstdint>
#include <vector>

#include "base/time.hpp"
#include "random.hpp"

namespace portico::demo {

/// When orders come: more from year to year, by season, week day and hour of the day (Spanish shopping hours).
class Timeline {
 public:
  /// From `first` to `last`, whole hours at the start.
  Timeline(base::Microseconds first, base::Microseconds last);

  /// The instant of order `number` of `count`: ascending with the number, up to ties.
  [[nodiscard]] base::Microseconds instant(std::uint64_t number, std::uint64_t count, Random& random) const;

 private:
  base::Microseconds first_;
  base::Microseconds last_;
  std::vector<std::uint64_t> weight_before_;  ///< hour by hour from first_; one more than there are hours
};

}  // namespace portico::demo
