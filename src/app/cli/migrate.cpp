#include <iostream>

#include "app/cli/commands.hpp"
#include "app/cli/description.hpp"
#include "app/store_location.hpp"
#include "store/migrations.hpp"
#include "store/sqlite_access.hpp"

namespace portico::app {

ExitCode migrate(const MigrateOptions& options) {
  const auto api = load_description(options.target.description);
  const auto directory = store_directory(options.target.store);
  const auto changes = store::pending_changes(*api, directory);
  if (changes.empty()) {
    std::cout << "Nothing to do: both databases have all that the description needs.\n";
    return ExitCode::Done;
  }
  for (const store::Change& change : changes) {
    std::cout << "-- " << name_of(change.mode) << ": " << change.what << '\n' << change.sql << ";\n";
  }
  if (!options.apply) {
    std::cout << "-- " << changes.size() << " changes; nothing was done. `--yes` makes them.\n";
    return ExitCode::Done;
  }
  store::apply_changes(changes, directory);
  const store::KeyRegistry keys(directory);  // the third file of a store
  std::cout << "-- " << changes.size() << " changes made.\n";
  return ExitCode::Done;
}

}  // namespace portico::app
