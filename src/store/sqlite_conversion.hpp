#pragma once

#include <string>
#include <string_view>

#include "store/migrations.hpp"
#include "store/schema.hpp"

namespace portico::store {

/// How SQLite's values of one type become those of another: the same as PostgreSQL's, wherever both do.
struct SqliteConversion {
  ColumnType from;
  ColumnType to;
  Effect effect;
  std::string_view expression = {};  ///< `$` is the column; null for what has no equal. Empty: the value as it is
};

/// Null where there is none.
[[nodiscard]] const SqliteConversion* sqlite_conversion(ColumnType from, ColumnType to);

/// An expression with that in place of `$`.
[[nodiscard]] std::string sqlite_converted(std::string_view expression, std::string_view column);

}  // namespace portico::store
