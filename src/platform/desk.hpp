#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "model/api.hpp"
#include "platform/registry.hpp"
#include "store/key_registry.hpp"
#include "store/own_tables.hpp"

namespace portico::platform {

/// What a worker works with: connections of its own. Belongs to one thread.
struct Desk {
  std::unique_ptr<Registry> registry;
  std::unique_ptr<store::KeyRegistry> keys;
  std::unique_ptr<store::OwnTables> tables;  ///< for what accounts have used
  /// The name of an account of that side, or its id where accounts have no names; nothing: there is no such account.
  /// Throws std::runtime_error where the rows cannot be read.
  std::function<std::optional<std::string>(model::Mode, const std::string& id)> find_account;
  /// What was answered up to now is in these tables once it returns, or after some seconds; may be empty.
  std::function<void()> bring_usage_up_to_date;
  bool is_broken = false;  ///< something was thrown while it was used: another is made for the next task
};

/// Makes one, on the thread that will use it. Throws std::runtime_error where the database cannot be reached.
using MakeDesk = std::function<std::unique_ptr<Desk>()>;

}  // namespace portico::platform
