#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/file_type.hpp"
#include "base/regex.hpp"
#include "base/value.hpp"
#include "model/expression.hpp"
#include "model/lookup.hpp"

namespace portico::model {

/// Where something stands in the description; both from 1.
struct SourcePosition {
  std::size_t line = 0;
  std::size_t column = 0;
};

enum class FieldType : std::uint8_t {
  Id,      ///< 32 lower-case hex digits (P9); a text column
  String,  ///< text; email, url, country, currency and language are strings whose writing is checked
  Email,
  Url,
  Country,   ///< ISO 3166-1 alpha-2
  Currency,  ///< ISO 4217
  Language,  ///< ISO 639-1
  Integer,
  Money,      ///< hundredths of the currency's unit, an integer (P7)
  Rate,       ///< hundredths of a per cent, an integer (P7)
  Boolean,    ///< an integer column, 0 or 1
  Timestamp,  ///< an integer column: microseconds since 1970 UTC (P8)
  Date,       ///< a text column, `YYYY-MM-DD`
  Choice,     ///< one of `choices`, all text or all integers
  Object,     ///< `fields`; its leaves are columns of the same table, or with `reference` of another
  List,       ///< `item`; one text column that holds a JSON array
  Json,       ///< any JSON value; one text column
  File,       ///< bytes that have a path of their own below the row's; one text column says what they are
};

[[nodiscard]] std::string_view name_of(FieldType type);

/// How a column keeps a field's values. All but Native are for tables that others made (`stored:`).
enum class Storage : std::uint8_t {
  Native,     ///< as `portico migrate` makes it; FieldType says how, on PostgreSQL with its own boolean, timestamptz,
              ///< date and json
  Text,       ///< a type that the field's has no equal for (enum, uuid, citext, char): read and compared as its text
  Decimal,    ///< money, rate: units with decimals (12.50); integer: a number type without a fraction
  Timestamp,  ///< timestamp, date: without a zone, taken as UTC: `timestamp`; in SQLite text: `2005-05-24 22:53:30`
  Seconds,    ///< timestamp: seconds since 1970 UTC, a number
  Integer,    ///< boolean: 0 and 1 in a number column
};

[[nodiscard]] std::string_view name_of(Storage storage);  ///< as `stored:` names it: `decimal`

/// An object whose members are another resource's row: the one whose key is in `column`. Null where there is none.
/// The members are copies of that resource's own fields, without its references: never unique, indexed or required,
/// read only, and each leaf with its column named.
struct Reference {
  std::string resource;
  std::string column;             ///< of the resource that has the field
  std::vector<std::string> show;  ///< the fields of that resource to show, by name; empty: all its columns
  std::size_t join = 0;  ///< filled by the loader: the members' columns are those of Resource::joins[join - 1]
};

/// A list of rows of another resource: those whose field `by` holds this row's key. The list's item is an object of
/// copies of that resource's own fields, without its references and lists of rows, each leaf with its column named.
struct RowsOf {
  std::string resource;
  std::string by;                                     ///< the path of a field there, which refers to this resource
  std::optional<std::vector<std::string>> show = {};  ///< its fields, by name; nothing: all; empty: not shown at all
  std::vector<std::string> ordering = {};             ///< paths there, perhaps with a minus; its key breaks ties
};

/// The versions of the API in which something exists, both ends included.
struct VersionRange {
  int first = 1;
  int last = INT32_MAX;
  [[nodiscard]] bool contains(int version) const noexcept { return first <= version && version <= last; }
};

/// A name that a field had up to and including version `until`.
struct FormerName {
  std::string name;
  int until = 0;
};

/// A field as the description declares it. Immutable once loaded.
struct Field {
  std::string name;  ///< in the latest version that has it
  FieldType type = FieldType::String;
  VersionRange versions;
  std::vector<FormerName> former_names = {};  ///< ascending by `until`
  bool nullable = false;
  bool required = false;
  bool read_only = false;  ///< only defaults and effects write it; a body may repeat it as it is
  bool unique = false;
  bool indexed = false;                   ///< an index of its own, per owner, serves exact, range and prefix filters
  std::string column = {};                ///< leaves: the column; default: the path joined by `__`
  LookupSet lookups = {};                 ///< leaves: the filters allowed
  std::vector<base::Value> choices = {};  ///< Choice
  std::vector<base::FileType> file_types = {};  ///< File: what it may be
  std::int64_t max_bytes = 0;                   ///< File
  std::optional<std::int64_t> min = {};         ///< numbers: least value; List: fewest items
  std::optional<std::int64_t> max = {};
  std::optional<std::int64_t> max_length = {};  ///< strings, in code points
  std::string pattern = {};                     ///< strings: a regular expression that matches the whole text (RE2)
  std::optional<base::Regex> matcher = {};      ///< `pattern`, anchored at both ends: found_in() is a match of all
  bool hidden = false;                          ///< clients neither see nor write it; paths, defaults and effects do
  std::optional<Expression> initial = {};  ///< `default:`: what it is where a new row's body does not say, or cannot
  std::string refers = {};  ///< the resource whose row of the same account the value must be the key of (E6, -7)
  Storage storage = Storage::Native;
  std::vector<Field> fields = {};           ///< Object: its members, in the order of the answer
  std::optional<Reference> reference = {};  ///< Object: its members are copied from that resource by the loader
  std::vector<Field> item = {};             ///< List: exactly one, without a name
  std::optional<RowsOf> rows = {};          ///< List: no column, but rows that refer to this one, `max` at most
  std::string description = {};
  SourcePosition position = {};

  /// The name in `version`, which must be in `versions`.
  [[nodiscard]] const std::string& name_in(int version) const;
  /// Whether the field is a column of its own: everything but Object.
  [[nodiscard]] bool is_leaf() const noexcept { return type != FieldType::Object; }
};

}  // namespace portico::model
