#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/api.hpp"

namespace portico::store {

/// One thing that a database lacks of what the description needs.
struct Change {
  model::Mode mode = model::Mode::Production;
  std::string what;  ///< in words: `table orders`, `index orders_by_created`, `column orders.event_date`
  std::string sql;   ///< what makes it
};

/// What both databases of a store directory lack, in the order to make it; a missing file lacks everything.
/// Throws SqliteError where a file cannot be read.
[[nodiscard]] std::vector<Change> pending_changes(const model::Api& api, const std::filesystem::path& directory);

/// Makes them: each database in one transaction, so that it is changed whole or not at all. Creates directory and
/// files that are missing. Throws SqliteError; what was committed before stays.
void apply_changes(const std::vector<Change>& changes, const std::filesystem::path& directory);

/// Throws std::runtime_error that lists what is missing and how to get it, unless every table and column is there.
/// A missing index only costs time and is no reason not to serve.
void require_schema(const model::Api& api, const std::filesystem::path& directory);

}  // namespace portico::store
