#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plan/sql_flavor.hpp"

namespace portico::store {

/// The statements that make the tables of ours (see OwnTables) where they are missing, in order: `portico_users`,
/// `portico_extensions`, … PostgreSQL: in the first schema of the session's `search_path`.
[[nodiscard]] std::vector<std::string> own_tables_sql(plan::SqlFlavor flavor);

/// The last of what own_tables_sql makes: where it is there, all are.
inline constexpr std::string_view last_own_index = "portico_audit_by_extension";

/// PostgreSQL: the same with their schema, where it is missing, for a transaction whose `search_path` is another.
/// `schema` as Api::database names it.
[[nodiscard]] std::vector<std::string> own_schema_sql(std::string_view schema);

/// On PostgreSQL one of these tables as others name it: `"portico_access"."portico_users"`. `schema` as
/// Api::database names it.
[[nodiscard]] std::string own_table(std::string_view schema, std::string_view name);

}  // namespace portico::store
