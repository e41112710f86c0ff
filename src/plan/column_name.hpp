#pragma once

#include <string>

#include "plan/column_kind.hpp"
#include "plan/sql_flavor.hpp"

namespace portico::plan {

/// A name as a statement writes it that reads one table, and as one that joins several.
struct ColumnName {
  std::string bare;       ///< `"total"`
  std::string qualified;  ///< `t."total"`; of a join `j2."total"`
};

/// What the writing of conditions depends on, beside names.
struct SqlRules {
  SqlFlavor flavor = SqlFlavor::Sqlite;
  bool existing = false;     ///< tables that others made: their collations may be any
  std::string zone_literal;  ///< PostgreSQL: of the API's time zone, in quotes; empty: UTC
};

/// What is selected. SQLite: a cell as a column of Portico's own would give it; PostgreSQL: text that Reading knows.
[[nodiscard]] ColumnName shown_column(const ColumnName& column, ColumnKind kind, SqlFlavor flavor);

/// What is sorted by: bytes for text, and what is shown where the column knows more than that (P14).
[[nodiscard]] ColumnName order_column(const ColumnName& column, ColumnKind kind, const SqlRules& rules);

}  // namespace portico::plan
