#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "access/key.hpp"
#include "access/principal.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace portico::access {

/// What a token of an extension stands for, as of now (E2, E3): what was kept when it was minted, and all that it
/// depends on as it stands. Who reads it cannot make the token of it.
struct Grant {
  std::string id;           ///< 32 lower-case hex digits: the token's public part
  std::string secret_hash;  ///< BLAKE2b-256 of the secret as written: 32 bytes
  KeyKind kind = KeyKind::Run;
  base::Microseconds created = 0;
  base::Microseconds expires = 0;

  std::string user;
  std::string account;
  bool user_is_removed = false;
  bool is_member = false;  ///< the user acts for the account still
  bool member_of_everything = false;
  std::string member_scopes;  ///< joined by spaces, as all scopes here; where not everything

  std::string authorisation;
  bool is_revoked = false;  ///< the authorisation
  std::string agreed_scopes;

  std::string extension;      ///< its name
  std::int64_t version = 0;   ///< its number
  std::string minted_status;  ///< of the version, when the token was minted: `development`, …
  std::string status;         ///< of the version
  base::Microseconds status_since = 0;
  std::string version_scopes;
  bool operator==(const Grant&) const = default;
};

/// Who calls with a token of an extension. `token` is what parse_token made of the bearer token, `found` the grant of
/// that id, if any; `scope_names` all there are, sorted. InvalidToken, in the same words, for what is unknown, does
/// not match, or has ended with something that it depended on; ExpiredToken for one that has merely expired: another
/// can be had.
[[nodiscard]] base::Result<Principal> authenticate(const std::optional<TokenParts>& token,
                                                   const std::optional<Grant>& found,
                                                   std::span<const std::string> scope_names, base::Microseconds now);

/// Whether tokens of that kind are extensions'.
[[nodiscard]] bool is_of_extension(KeyKind kind);

/// What the origins of a version's pages begin with, by its status: `dev--`, `rev--`, or nothing.
[[nodiscard]] std::string_view origin_prefix(std::string_view status);

}  // namespace portico::access
