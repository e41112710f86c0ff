#pragma once

#include "base/result.hpp"
#include "plan/evaluate.hpp"
#include "plan/read_document.hpp"

namespace portico::plan {

/// What a row's defaults depend on.
struct Defaults {
  const model::View& view;     ///< the version whose names the faults have
  const LeafSet& left_out;     ///< what read_document returned
  const Surroundings& around;  ///< its `row` is the row that is filled
};

/// Fills the leaves that a body left out with their defaults (Field::initial; a key of type id that refers to no row,
/// without one: a new id), in the order of the fields, so that a default sees the body's fields and the defaults
/// before it. The owner's column and the leaves of Resource::parents are not its business. InvalidData with a fault
/// for each where an integer overflows, or where a field that clients write and that may not be null has a default
/// that came to null; `row` is then of no use.
[[nodiscard]] base::Status apply_defaults(const Defaults& defaults, TableRow& row);

/// The same from the leaf `first` on, and only up to a default that looks at a row which a default since then has
/// chosen: that row is to be read before it goes on there. Returns where; behind the last leaf when all are filled.
[[nodiscard]] base::Result<std::size_t> apply_defaults_from(std::size_t first, const Defaults& defaults,
                                                            TableRow& row);

}  // namespace portico::plan
