#include "app/secret_source.hpp"

#include <exception>

#include "base/time.hpp"

namespace portico::app {

std::string SecretSource::secret_of(const std::string& account) {
  const std::lock_guard lock(mutex_);
  try {
    if (open_ == nullptr) open_ = open_webhook_secrets(location_);
    return open_->find_or_make(account, base::now());
  } catch (const std::exception&) {
    open_.reset();
    throw;
  }
}

}  // namespace portico::app
