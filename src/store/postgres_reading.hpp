#pragma once

#include <span>
#include <string_view>

#include "base/result.hpp"
#include "base/value.hpp"
#include "plan/plan.hpp"
#include "store/postgres_connection.hpp"
#include "store/rows.hpp"

namespace portico::store {

/// What PostgreSQL sends for a column that is not null, as a cell; a text cell points into `text`, or at a constant.
/// False: `text` is not of that form.
[[nodiscard]] bool read_cell(plan::Reading reading, std::string_view text, base::Cell& cell);

/// Appends to `rows` each row's first readings.size() columns, as many as `rows` has; their texts stay where they
/// are, and `rows` holds the result. Internal: a column's text is not as its reading says; the detail names column
/// and reading, not the value.
[[nodiscard]] base::Status read_rows(const PostgresResult& result, std::span<const plan::Reading> readings,
                                     Rows& rows);

}  // namespace portico::store
