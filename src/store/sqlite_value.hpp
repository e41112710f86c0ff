#pragma once

#include <cstddef>

#include <sqlite3.h>

#include "base/value.hpp"

namespace portico::store {

/// What `value` holds, into a cell that is null so far. Text is SQLite's, and lives as long as the value; blobs come
/// as text. SQLite calls some values unprotected, which means by its own mutex; a connection here is one thread's at
/// a time.
inline void read_value(sqlite3_value* value, base::Cell& cell) noexcept {
  switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
      cell.kind = base::Cell::Kind::Integer;
      cell.integer = sqlite3_value_int64(value);
      return;
    case SQLITE_FLOAT:
      cell.kind = base::Cell::Kind::Real;
      cell.real = sqlite3_value_double(value);
      return;
    case SQLITE_TEXT:
    case SQLITE_BLOB: {
      cell.kind = base::Cell::Kind::Text;
      const auto* bytes = static_cast<const char*>(sqlite3_value_blob(value));
      if (bytes != nullptr) cell.text = {bytes, static_cast<std::size_t>(sqlite3_value_bytes(value))};
      return;
    }
    default:
      return;
  }
}

}  // namespace portico::store
