#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/schema.hpp"

namespace portico::store {

/// One line of a table's definition: a column, or a constraint of the table.
struct SqliteDefinition {
  std::string name;  ///< the column's, unquoted; empty: a constraint of the table
  std::string rest;  ///< what stands behind the name, or all of it; comments and needless white space left out
};

/// A CREATE TABLE statement taken apart, so that one column's definition can be replaced and all else stays as it was
/// written: `CREATE TABLE "orders" ("id" TEXT NOT NULL, UNIQUE ("id")) STRICT`.
struct SqliteTableText {
  std::vector<SqliteDefinition> definitions;
  std::string options;  ///< `STRICT`

  [[nodiscard]] SqliteDefinition* find(std::string_view column);
  /// The statement for a table of another name.
  [[nodiscard]] std::string create(std::string_view name) const;
};

/// Nothing where the text has no list of columns (a virtual table).
[[nodiscard]] std::optional<SqliteTableText> parse_table_text(std::string_view sql);

/// A column's definition behind its name, as migrations write it: `INTEGER NOT NULL CHECK ("paid" IN (0, 1))`.
/// `INTEGER CONSTRAINT timestamp` is one of timestamps: the name constrains nothing, and tells it from numbers.
[[nodiscard]] std::string sqlite_definition(const WantedColumn& column);

/// A definition that a migration wrote, perhaps with a default that was added by hand.
struct OwnDefinition {
  ColumnType type = ColumnType::Text;  ///< never Date, which is Text; Timestamp only where it is marked
  bool nullable = false;
  std::string default_clause;  ///< ` DEFAULT 0`
};
/// Nothing where others wrote it.
[[nodiscard]] std::optional<OwnDefinition> own_definition(const SqliteDefinition& definition);

}  // namespace portico::store
