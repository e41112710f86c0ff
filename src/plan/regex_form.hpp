#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/regex.hpp"
#include "model/lookup.hpp"

namespace portico::plan {

/// What is known of the texts that a regular expression is found in, said by another lookup.
struct RegexForm {
  enum class Reach : std::uint8_t {
    Same,    ///< exactly those
    Beyond,  ///< all of them, and perhaps others
  };
  Reach reach = Reach::Beyond;
  model::Lookup lookup = model::Lookup::Contains;  ///< Exact, Contains, StartsWith, EndsWith, or the same with an `i`
  std::string text;                                ///< its value, folded where it is one with an `i`
};

/// Precondition: `pattern` compiles. Nothing where it is not simple enough: choices, groups, classes.
[[nodiscard]] std::optional<RegexForm> regex_form(std::string_view pattern, base::Case letters);

}  // namespace portico::plan
