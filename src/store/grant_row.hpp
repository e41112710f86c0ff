#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "access/grant.hpp"

namespace portico::store {

/// The columns of the one statement that reads what a token of an extension stands for, in their order: the same on
/// both stores.
enum class GrantColumn : std::uint8_t {
  Id,
  SecretHash,
  Kind,
  MintedStatus,
  Created,
  Expires,
  Authorisation,
  User,
  Account,
  AgreedScopes,
  Revoked,
  Status,
  StatusSince,
  VersionScopes,
  Version,
  Extension,
  UserRemoved,
  Everything,  ///< null: the user does not act for the account any more
  MemberScopes,
};

/// What that statement needs of a store.
struct GrantWriting {
  std::string_view bind;                               ///< of the token's id: `$1`
  std::string_view secret_hash;                        ///< the column as it can be read: `t.secret_hash`
  std::function<std::string(std::string_view)> table;  ///< a table's name as statements write it
};
[[nodiscard]] std::string find_grant_sql(const GrantWriting& writing);

/// How a row of it is read. A null is an empty text, and 0.
struct GrantCells {
  std::function<std::string(GrantColumn)> text;
  std::function<std::int64_t(GrantColumn)> integer;
  std::function<bool(GrantColumn)> is_null;
};
/// Throws std::runtime_error for a token of a kind that is none.
[[nodiscard]] access::Grant grant_of(const GrantCells& cells);

}  // namespace portico::store
