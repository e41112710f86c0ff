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

/// Tables and columns of a database that may exist already: any text that both stores can hold, 63 bytes at most
/// (PostgreSQL cuts longer names).
void check_database_name(const NamedPlace& place, MistakeList& mistakes);

/// The vendor: what RFC 6838 §4.2 lets stand in a media type, and no part that reads as a mode or a version.
void check_vendor(const NamedPlace& place, MistakeList& mistakes);

}  // namespace portico::model
