#pragma once

#include <string>
#include <vector>

#include "model/api.hpp"

namespace portico::store {

/// What the description needs of a SQLite database, as statements in the order to run them. Each says `IF NOT EXISTS`.
struct Schema {
  std::vector<std::string> tables;
  std::vector<std::string> indexes;  ///< keys and uniqueness, each allowed ordering and each `index: true`, per owner
};

[[nodiscard]] Schema sqlite_schema(const model::Api& api);

}  // namespace portico::store
