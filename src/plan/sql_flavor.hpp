#pragma once

#include <cstdint>

namespace portico::plan {

/// The SQL variant that a store speaks. What differs in conditions is in `sqlite_filter` and `postgres_filter`, the
/// rest in `sql_names`, `sql_writer`, `sql_source` and the two that write statements.
enum class SqlFlavor : std::uint8_t { Sqlite, Postgres };

}  // namespace portico::plan
