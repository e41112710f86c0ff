#pragma once

#include <string>

#include "access/key.hpp"

namespace portico::access {

/// Who asks: what of the caller the stages behind authentication may know.
struct Principal {
  std::string account;  ///< the id of the account whose rows are to be seen
  KeyKind kind = KeyKind::Public;
  std::string key_id;  ///< of the key or token that asks
  std::string parent;  ///< of an access token: the key's id that it was made with; empty: a key
  Scope scope = Scope::Everything;
  /// Whose rate a request counts for: an access token's is its key's.
  [[nodiscard]] const std::string& rate_key() const noexcept { return parent.empty() ? key_id : parent; }
};

}  // namespace portico::access
