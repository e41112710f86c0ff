#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/api.hpp"

namespace portico::store {

/// A table or an index, and the statement that makes it where it is not there yet (`IF NOT EXISTS`).
struct SchemaObject {
  std::string name;
  std::string sql;
};

/// What the description needs of a SQLite database, in the order to make it.
struct Schema {
  std::vector<SchemaObject> tables;
  std::vector<SchemaObject>
      indexes;  ///< keys and uniqueness, each allowed ordering and each `index: true`, per owner
};

[[nodiscard]] Schema sqlite_schema(const model::Api& api);

/// The statement that adds a column, or the owner's, to a resource's table. SQLite refuses it where the table has
/// rows and the column may not be null.
[[nodiscard]] std::string add_column_sql(const model::Resource& resource, std::string_view column);

}  // namespace portico::store
