#pragma once

#include <cstdint>

namespace portico::plan {

/// The SQL variant that a store speaks. What differs is in `sql_names`, `sql_writer` and `sql_filter`, nowhere else.
enum class SqlFlavor : std::uint8_t { Sqlite, Postgres };

}  // namespace portico::plan
