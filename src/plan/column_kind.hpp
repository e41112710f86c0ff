#pragma once

#include <cstdint>

#include "model/field.hpp"
#include "plan/plan.hpp"

namespace portico::plan {

/// How a column holds a field's values: what model::FieldType and model::Storage say together. On it depends how a
/// column is read, compared and sorted by.
enum class ColumnKind : std::uint8_t {
  Text,
  CastText,  ///< of a type of its own: its text counts
  Integer,
  WholeNumber,  ///< an integer in a column for decimals
  Hundredths,   ///< units with decimals, where hundredths are shown
  Boolean,
  BooleanNumber,   ///< zero, or true
  Instant,         ///< SQLite: microseconds; PostgreSQL: timestamptz
  LocalInstant,    ///< UTC without saying so. SQLite: text; PostgreSQL: timestamp
  Seconds,         ///< since 1970, a number
  Day,             ///< SQLite: text; PostgreSQL: date
  DayOfTimestamp,  ///< the day of a LocalInstant
  Json,
};

[[nodiscard]] ColumnKind kind_of(const model::Field& field);

/// How PostgreSQL's text for such a column becomes a cell.
[[nodiscard]] Reading reading_of(const model::Field& field);

}  // namespace portico::plan
