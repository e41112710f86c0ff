#pragma once

#include <string>
#include <string_view>

#include "model/mistake_list.hpp"

namespace portico::model {

/// A name in the description, to be checked.
struct NamedPlace {
  std::string_view name;
  SourcePosition position;
  std::string_view what;  ///< `field`: the message reads `a field cannot be called 'Total'`
};

/// Fields: lower-case letters, digits and `_`, a letter first, no `__` (columns are paths joined by it), no `_` last.
/// A dash would be read as a step of a path.
void check_field_name(const NamedPlace& place, MistakeList& mistakes);

/// Resources, types and surfaces: the same, but `-` is allowed inside.
void check_dashed_name(const NamedPlace& place, MistakeList& mistakes);

/// Who made the tables.
enum class Maker : std::uint8_t { Portico, Others };

/// Schemas, tables and columns. Those that Portico makes: any text that both stores can hold, 63 bytes at most
/// (PostgreSQL cuts longer names). Those of others: whatever they wrote.
void check_database_name(const NamedPlace& place, Maker maker, MistakeList& mistakes);

/// A schema for tables: where Portico makes it, the names of its companions `NAME_sandbox` and `NAME_access` fit too,
/// and it is none of PostgreSQL's own.
void check_schema(const NamedPlace& place, Maker maker, MistakeList& mistakes);

/// The vendor: what RFC 6838 §4.2 lets stand in a media type, and no part that reads as a mode or a version.
void check_vendor(const NamedPlace& place, MistakeList& mistakes);

}  // namespace portico::model
