#pragma once

#include <memory>
#include <stdexcept>
#include <string>

#include "app/cli/commands.hpp"
#include "app/store_location.hpp"
#include "base/result.hpp"
#include "model/api.hpp"
#include "platform/registry.hpp"
#include "platform/site.hpp"
#include "store/accounts.hpp"

namespace portico::app {

/// What the commands on users and extensions work with.
struct OpenRegistry {
  std::shared_ptr<const model::Api> api;
  StoreLocation location;
  store::DataPlace place;  ///< where accounts are
  std::shared_ptr<const platform::Site> site;
  std::unique_ptr<platform::Registry> registry;
};

/// `command`: as the command line has it, for messages: `users create`. `public_url`: in place of the description's,
/// unless empty. Throws std::runtime_error, also for a
/// description without `extensions:`.
[[nodiscard]] OpenRegistry open_registry(const Target& target, const std::string& command,
                                         const std::string& public_url = {});

/// Throws std::runtime_error where no row of the accounts has that id.
void require_account(const OpenRegistry& open, const std::string& account);

/// The user with that e-mail address, who was not removed. Throws std::runtime_error.
[[nodiscard]] platform::User user_named(platform::Registry& registry, const std::string& email);

/// With the faults by field, a line for each where there are several.
[[nodiscard]] std::string words_of(const base::Error& error);

/// The value, or its error's words as a std::runtime_error.
template <typename T>
T value_or_throw(base::Result<T> result) {
  if (!result) throw std::runtime_error(words_of(result.error()));
  return std::move(result).value();
}

}  // namespace portico::app
