#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "app/store_location.hpp"

namespace portico::app {

/// The secrets that accounts sign messages with, for all who deliver. Thread-safe; one waits for the other.
class SecretSource {
 public:
  explicit SecretSource(KeysLocation location) : location_(std::move(location)) {}

  /// Made where the account has none. Throws std::runtime_error; the next call opens the store anew.
  [[nodiscard]] std::string secret_of(const std::string& account);

 private:
  const KeysLocation location_;
  std::mutex mutex_;
  std::unique_ptr<store::WebhookSecrets> open_;  // guarded by mutex_
};

}  // namespace portico::app
