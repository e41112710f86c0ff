#include "app/cli/accounts.hpp"

#include <stdexcept>

namespace portico::app {

std::optional<std::string> account_meant(const AccountsSide& side, const std::string& id) {
  return over_schema({.api = side.api, .location = side.location}, [&] {
    return store::find_account({.api = side.api, .place = side.place, .mode = side.mode}, id);
  });
}

void require_account(const AccountsSide& side, const std::string& id) {
  if (side.api.accounts == nullptr) return;
  const auto found = account_meant(side, id);
  if (found == id) return;
  const std::string table =
      side.api.accounts->name + " of the " + std::string(model::name_of(side.mode)) + " database";
  if (found) throw std::runtime_error("'" + id + "' is written '" + *found + "' in " + table);
  throw std::runtime_error("there is no row '" + id + "' in " + table + "; an account is named by the id of one");
}

}  // namespace portico::app
