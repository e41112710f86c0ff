#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/limits.hpp"
#include "base/value.hpp"
#include "plan/bound_filter.hpp"

namespace portico::plan {

/// Terms that are judged here and not by the database: Regex, IRegex and Search. Immutable; thread-safe.
class RowCheck {
 public:
  enum class Cells : std::uint8_t {
    One,      ///< a cell is a text
    Several,  ///< it is those of all rows of a relation, as write_all_texts puts them together: one must match
  };
  /// One term over columns: as BoundTerm, but `columns` are places in the cells that the check is given.
  struct Term {
    std::vector<std::size_t> columns;
    model::Lookup lookup = model::Lookup::Regex;
    std::vector<base::Value> values;
    Cells cells = Cells::One;
  };

  RowCheck();
  /// The patterns were compiled before, so they compile.
  RowCheck(std::vector<Term> terms, const base::Limits& limits);
  ~RowCheck();
  RowCheck(RowCheck&&) noexcept;
  RowCheck& operator=(RowCheck&&) noexcept;

  /// Whether every term matches. A null matches none.
  [[nodiscard]] bool matches(std::span<const base::Cell> cells) const;

 private:
  class Judge;
  std::vector<Judge> judges_;
};

}  // namespace portico::plan
