#pragma once

#include <optional>
#include <string>

#include "app/store_location.hpp"
#include "store/accounts.hpp"

namespace portico::app {

/// Where an account is looked for.
struct AccountsSide {
  const model::Api& api;
  const StoreLocation& location;
  const store::DataPlace& place;
  model::Mode mode = model::Mode::Production;
};

/// The account that the text means, in its row's spelling (store::find_account). Precondition: accounts have rows.
[[nodiscard]] std::optional<std::string> account_meant(const AccountsSide& side, const std::string& id);

/// Throws std::runtime_error where no account has that id, written as in its row. Where accounts are names alone any
/// name is one.
void require_account(const AccountsSide& side, const std::string& id);

}  // namespace portico::app
