#pragma once

#include <memory>

#include "base/result.hpp"
#include "model/api.hpp"
#include "store/accounts.hpp"
#include "store/procedure.hpp"

namespace portico::store {

/// Changes to a store for a program that does one thing at a time and waits for it. One thread.
class WaitingStore {
 public:
  virtual ~WaitingStore() = default;
  WaitingStore(const WaitingStore&) = delete;
  WaitingStore& operator=(const WaitingStore&) = delete;

  /// As Store::change, and returns when its completion would be called.
  [[nodiscard]] virtual base::Status change(std::shared_ptr<Mutation> mutation, model::Mode mode) = 0;

 protected:
  WaitingStore() = default;
};

/// Throws SqliteError or PostgresError where the store cannot be opened. Precondition: it fits the description
/// (require_schema).
[[nodiscard]] std::unique_ptr<WaitingStore> open_waiting_store(std::shared_ptr<const model::Api> api,
                                                               const DataPlace& place);

}  // namespace portico::store
