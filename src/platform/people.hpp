#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace portico::platform {

/// What a user may do in the developer space beside what their accounts let them. A user may have several.
enum class Role : std::uint8_t {
  Operator,   ///< reviews, publishes, denies, takes down; sees every extension
  Developer,  ///< has extensions
};
[[nodiscard]] std::string_view name_of(Role role);  ///< `operator`, `developer`
[[nodiscard]] std::optional<Role> find_role(std::string_view name);

/// Languages of the developer space: `en`, `es`.
inline constexpr std::string_view default_locale = "en";

struct User {
  std::string id;     ///< 32 lower-case hex digits
  std::string email;  ///< as written; compared with its case folded
  std::string name;
  std::vector<Role> roles;
  std::string locale{default_locale};
  base::Microseconds created = 0;
  std::optional<base::Microseconds> removed = {};  ///< from then on nothing of theirs is valid
  [[nodiscard]] bool has(Role role) const;
};

/// That a user acts for an account, and how far: the scopes that its extensions may have from this user at most.
struct Membership {
  std::string user;
  std::string account;              ///< the account's id
  bool everything = true;           ///< all scopes there are, those of later descriptions too
  std::vector<std::string> scopes;  ///< where not everything
};

/// Someone who is signed in. The cookie's value is kept hashed.
struct Session {
  std::string hash;  ///< BLAKE2b-256 of the cookie's value
  std::string user;
  std::string csrf;  ///< 64 hex digits; sent back in X-CSRF-Token with whatever is not safe
  base::Microseconds created = 0;
  base::Microseconds expires = 0;
};

}  // namespace portico::platform
