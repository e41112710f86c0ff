#pragma once

#include <string>
#include <string_view>

namespace portico::render {

/// The strong entity tag of a representation, quotes included: `"9f86d081884c7d659a2feaa0c55ad015"` (RFC 9110
/// §8.8.3). A function of the body's bytes alone, the same on every machine. Tells versions of one object apart; no
/// protection against somebody who looks for two bodies with one tag.
[[nodiscard]] std::string entity_tag(std::string_view body);

}  // namespace portico::render
