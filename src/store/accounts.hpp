#pragma once

#include <optional>
#include <string>
#include <variant>

#include "model/api.hpp"
#include "store/migrations.hpp"
#include "store/sqlite_access.hpp"

namespace portico::store {

/// A store as commands read it.
using DataPlace = std::variant<SqliteFiles, PostgresAddress>;

/// The accounts of one side of a store, for commands. Precondition of all: Api::accounts is not null. They throw
/// SqliteError or PostgresError where the store cannot be read.
struct AccountsPlace {
  const model::Api& api;
  const DataPlace& place;
  model::Mode mode = model::Mode::Production;
};

/// The account whose key equals that text, in the spelling of its row, which alone names it to the server: for `01`
/// of an integer `1`. Nothing where there is none.
[[nodiscard]] std::optional<std::string> find_account(const AccountsPlace& accounts, const std::string& id);

/// The account that was there first, by the order of its key; nothing where there is none.
[[nodiscard]] std::optional<std::string> first_account(const AccountsPlace& accounts);

}  // namespace portico::store
