#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "model/lookup.hpp"

namespace portico::plan {

/// How a column and a value compare.
enum class Comparison : std::uint8_t { Less, LessOrEqual, Equal, GreaterOrEqual, Greater };

/// With a space on either side.
[[nodiscard]] std::string_view symbol_of(Comparison comparison);

/// Precondition: Exact, In, Gt, Gte, Lt or Lte.
[[nodiscard]] Comparison comparison_of(model::Lookup lookup);

/// Hundredths compared with a column of units that may have more decimals than the two that are shown: where the
/// numbers begin that are shown as (at least) that many, rounded half away from zero.
struct UnitEdge {
  Comparison comparison = Comparison::GreaterOrEqual;
  std::string units;  ///< `4.985`
};

/// Precondition: not Equal, which is both GreaterOrEqual and LessOrEqual.
[[nodiscard]] UnitEdge unit_edge(Comparison comparison, std::int64_t hundredths);

/// Microseconds as seconds: `-1.500000`.
[[nodiscard]] std::string seconds_text(base::Microseconds instant);

/// Whether it is a UUID as PostgreSQL writes one: `c2d29867-3d0b-d497-9191-18a9d8ee7830`.
[[nodiscard]] bool is_uuid(std::string_view text);

/// The least text, in byte order, that is behind every well-formed one that begins with `prefix`; empty where there
/// is none. Well-formed where `prefix` is.
[[nodiscard]] std::string behind_prefix(std::string_view prefix);

}  // namespace portico::plan
