#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/limits.hpp"
#include "base/time.hpp"
#include "base/value.hpp"
#include "model/field.hpp"

namespace portico::plan {

/// What a value's text depends on beside its field.
struct ValueRules {
  const base::TimeZone& time_zone;
  const base::Limits& limits;
};

/// The typed values of one filter as BoundTerm describes them, or what is wrong with the text, as a sentence for the
/// client that says what would have been right.
using TypedValues = std::variant<std::vector<base::Value>, std::string>;

[[nodiscard]] TypedValues bind_value(const model::Field& field, model::Lookup lookup, std::string_view text,
                                     const ValueRules& rules);

}  // namespace portico::plan
