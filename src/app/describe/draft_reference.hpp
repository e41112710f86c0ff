#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "app/describe/draft.hpp"
#include "app/describe/draft_names.hpp"

namespace portico::app {

/// How many references a resource gets: each costs a join.
inline constexpr std::size_t references_max = 24;

struct ReferenceEnds {
  std::string field;   ///< that holds the other row's key
  std::string target;  ///< the resource it leads to
};
/// A free name for the reference, taken from now on: `customer` for `customer_id`, `host` for `hostid` -> `hosts`,
/// `person` for `owner` -> `persons`.
[[nodiscard]] std::string reference_name(const ReferenceEnds& ends, NameBook& names);

/// The fields of a resource that a reference to it shows: its key, and what people know its rows by. Precondition:
/// its key is one field.
[[nodiscard]] std::vector<std::string> shown_fields(const ResourceDraft& target);

}  // namespace portico::app
