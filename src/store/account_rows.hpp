#pragma once

#include <memory>
#include <optional>
#include <string>

#include "model/api.hpp"
#include "store/accounts.hpp"

namespace portico::store {

/// Accounts looked up by who asks often: keeps its connections, which are opened when they are first needed. One
/// thread at a time; waits for the database.
class AccountRows {
 public:
  AccountRows(std::shared_ptr<const model::Api> api, DataPlace place);
  ~AccountRows();
  AccountRows(const AccountRows&) = delete;
  AccountRows& operator=(const AccountRows&) = delete;

  /// What people call it: the field `name` of its row; its id where accounts have no such field or it is null, and
  /// for every id where they have no rows (`accounts: none`). Nothing: there is no such account on that side. Throws
  /// SqliteError or PostgresError.
  [[nodiscard]] std::optional<std::string> name(model::Mode mode, const std::string& id);

 private:
  class Lookup;
  class SqliteLookup;
  class PostgresLookup;

  const std::shared_ptr<const model::Api> api_;
  std::unique_ptr<Lookup> lookup_;  // null: accounts have no rows
};

}  // namespace portico::store
