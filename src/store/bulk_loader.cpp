#include "store/bulk_loader.hpp"

#include <algorithm>
#include <stdexcept>

#include "store/postgres_loader.hpp"
#include "store/sqlite_loader.hpp"

namespace portico::store {

LoadColumns::LoadColumns(const model::Resource& resource) {
  const auto place_of = [&](const std::string& column) {
    if (std::find(names.begin(), names.end(), column) != names.end()) return none;
    names.push_back(column);
    return names.size() - 1;
  };
  for (const model::Leaf& leaf : resource.leaves) {
    of_leaf.push_back(leaf.join == 0 ? place_of(leaf.column) : none);
  }
  if (!resource.owner_column.empty()) of_owner = place_of(resource.owner_column);
}

void LoadColumns::require_fit(const LoadRow& row) const {
  if (row.cells.size() == of_leaf.size()) return;
  throw std::logic_error("resource " + row.resource.name + " has " + std::to_string(of_leaf.size()) +
                         " leaves, a row with " + std::to_string(row.cells.size()) + " cells was given");
}

std::unique_ptr<BulkLoader> make_bulk_loader(const model::Api& api, const SchemaTarget& target) {
  if (api.database.existing) {
    throw std::runtime_error(
        "the description says `database: {existing: true}`: nothing is loaded into a database "
        "that others made");
  }
  if (const auto* directory = std::get_if<std::filesystem::path>(&target)) {
    return std::make_unique<SqliteLoader>(api, *directory);
  }
  return std::make_unique<PostgresLoader>(api, std::get<PostgresAddress>(target).text);
}

}  // namespace portico::store
