#pragma once

#include <string>
#include <string_view>

#include "access/key.hpp"
#include "access/scope_set.hpp"

namespace portico::access {

/// Who asks: what of the caller the stages behind authentication may know.
struct Principal {
  std::string account;  ///< the id of the account whose rows are to be seen
  KeyKind kind = KeyKind::Public;
  std::string key_id;  ///< of the key or token that asks
  std::string parent;  ///< of an access token: the key's id that it was made with; of an extension's token: its
                       ///< authorisation's; empty: a key
  Scope scope = Scope::Everything;
  // Of extensions' tokens (Run, Test) alone:
  std::string user = {};                ///< who runs the extension
  std::string extension = {};           ///< its name
  std::string_view origin_prefix = {};  ///< of its pages' origin, `dev--`; of a constant
  ScopeSet scopes = {};                 ///< what it may do
  /// Whose rate a request counts for: an access token's is its key's, an extension's token's its authorisation's.
  [[nodiscard]] const std::string& rate_key() const noexcept { return parent.empty() ? key_id : parent; }
};

}  // namespace portico::access
