#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/mistake_list.hpp"
#include "model/resource.hpp"

namespace portico::model {

/// Copies of a resource's own fields, for others to show: without its references, its lists of rows and what is
/// hidden; never unique, indexed or required, read only, and each leaf with its column named. Precondition: the
/// target's leaves are those of its own fields.
[[nodiscard]] std::vector<Field> copy_members(const Resource& target);

/// Which of them, in this order.
struct MemberChoice {
  std::span<const std::string> names;
  std::span<const SourcePosition> positions;  ///< of the names; may be fewer
  SourcePosition otherwise;                   ///< of a name without one
  std::string_view within;                    ///< what shows them: `references`, `rows`
};

/// A name that is none of them is a mistake, and gives nothing.
[[nodiscard]] std::optional<std::vector<Field>> copy_members(const Resource& target, const MemberChoice& choice,
                                                             MistakeList& mistakes);

/// How many fields those are, inner ones counted.
[[nodiscard]] std::size_t count_fields(const std::vector<Field>& fields);

}  // namespace portico::model
