#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/value.hpp"
#include "model/lookup.hpp"
#include "model/resource.hpp"

namespace portico::plan {

/// One comparison with its field known and its values typed. Matches a row where any of `leaves` matches.
/// What `values` hold, by lookup:
///   Exact              one of the column's type; several for a choice that was given several times: any matches
///   In                 one or more of the column's type; any matches
///   IExact IContains IStartsWith IEndsWith   one text, folded (P16)
///   Contains StartsWith EndsWith Regex IRegex   one text, as written
///   Search             the folded_plain words, each of which must start a word part (P18)
///   Year               two instants, or two dates: from the first up to, not including, the second (P19)
///   Month WeekDay Day Hour   one integer, as base::date_part counts
///   IsNull             one integer: 1 null, 0 not null
///   Gt Gte Lt Lte      one of the column's type
struct BoundTerm {
  std::vector<std::size_t> leaves;  ///< indexes into Resource::leaves; never empty but where `relation` says so
  model::Lookup lookup = model::Lookup::Exact;
  std::vector<base::Value> values;
  /// n: holds where it holds for one of the rows of Resource::relations[n - 1], whose resource's the leaves are. With
  /// IsNull and without leaves: where there is no such row, or is one.
  std::size_t relation = 0;
};

/// Terms that all must match. An empty one matches every row.
struct BoundFilter {
  std::vector<BoundTerm> terms;
};

}  // namespace portico::plan
