#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "store/introspect.hpp"

struct sqlite3_stmt;

namespace portico::store {

/// What SQLite's cells of one column turned out to be; SQLite lets any value into any column.
class ColumnEvidence {
 public:
  /// Looks at a cell of the statement's current row.
  void look(sqlite3_stmt* statement, int column);

  /// What the column's values are, by its declared type and by what was seen.
  [[nodiscard]] ColumnKind kind(std::string_view declared_type) const;

 private:
  [[nodiscard]] ColumnKind kind_of_texts(std::string_view type) const;
  [[nodiscard]] ColumnKind kind_of_integers(std::string_view type) const;

  std::int64_t integers_ = 0;
  std::int64_t reals_ = 0;
  std::int64_t texts_ = 0;
  std::int64_t blobs_ = 0;
  std::int64_t bits_ = 0;          // integers 0 and 1
  std::int64_t seconds_ = 0;       // integers that may be seconds since 1970
  std::int64_t microseconds_ = 0;  // integers that may be microseconds since 1970
  std::int64_t hundredths_ = 0;    // numbers with two digits behind the point at most
  std::int64_t dates_ = 0;
  std::int64_t timestamps_ = 0;
  std::int64_t documents_ = 0;  // texts that begin and end as a JSON array or object does
};

/// The numbers in a declared type: `DECIMAL(10,2)`, `VARCHAR(50)`.
struct DeclaredSize {
  std::int64_t first = -1;   ///< -1: none
  std::int64_t second = -1;  ///< -1: none
};
[[nodiscard]] DeclaredSize declared_size(std::string_view declared_type);

/// SQLite's rules (Datatypes In SQLite, 3.1) by which a declared type becomes an affinity.
enum class Affinity : std::uint8_t { Integer, Text, Blob, Real, Numeric };
[[nodiscard]] Affinity affinity_of(std::string_view declared_type);

}  // namespace portico::store
