#include "access/grant.hpp"

#include <algorithm>
#include <array>

namespace portico::access {
namespace {

using base::Error;
using base::ErrorCode;

/// In which status of its version a token can have been minted. A closed list: nothing else is good.
struct Minting {
  KeyKind kind;
  std::string_view status;
};
constexpr std::array<Minting, 4> mintings = {{
    {KeyKind::Run, "development"},
    {KeyKind::Run, "revision"},
    {KeyKind::Run, "production"},
    {KeyKind::Test, "development"},
}};

// Nobody's: what a token is compared with where no grant has its id, so that both take the same time.
const KeyRecord& nobody() {
  static const KeyRecord record = {.id = std::string(32, '0'), .secret_hash = std::string(32, '\0')};
  return record;
}

/// A status that a version left and came back to is another than it was.
bool stands(const Grant& grant) {
  const bool was_minted = std::any_of(mintings.begin(), mintings.end(), [&](const Minting& minting) {
    return minting.kind == grant.kind && minting.status == grant.minted_status;
  });
  return was_minted && grant.status == grant.minted_status && grant.status_since <= grant.created &&
         !grant.is_revoked && !grant.user_is_removed && grant.is_member;
}

/// What the version asks for, as far as the user agreed, as far as the user may.
ScopeSet scopes_of(const Grant& grant, std::span<const std::string> names) {
  ScopeSet scopes = ScopeSet::of(grant.version_scopes, names);
  scopes.intersect(ScopeSet::of(grant.agreed_scopes, names));
  if (!grant.member_of_everything) scopes.intersect(ScopeSet::of(grant.member_scopes, names));
  return scopes;
}

}  // namespace

base::Result<Principal> authenticate(const std::optional<TokenParts>& token, const std::optional<Grant>& found,
                                     std::span<const std::string> scope_names, base::Microseconds now) {
  const KeyRecord minted =
      found ? KeyRecord{.id = found->id, .secret_hash = found->secret_hash, .account = {}, .kind = found->kind}
            : nobody();
  const bool matching = token && matches(*token, minted);
  if (!matching || !found || !stands(*found)) {
    return Error{ErrorCode::InvalidToken,
                 "The token is not valid: it is unknown, or its authorisation or its version has ended."};
  }
  if (found->expires <= now) {
    return Error{ErrorCode::ExpiredToken, "The token expired at " + base::format_timestamp(found->expires) + "."};
  }
  return Principal{.account = found->account,
                   .kind = found->kind,
                   .key_id = found->id,
                   .parent = found->authorisation,
                   .user = found->user,
                   .extension = found->extension,
                   .origin_prefix = origin_prefix(found->status),
                   .scopes = scopes_of(*found, scope_names)};
}

bool is_of_extension(KeyKind kind) {
  switch (kind) {
    case KeyKind::Private:
    case KeyKind::Public:
    case KeyKind::Access:
      return false;
    case KeyKind::Run:
    case KeyKind::Test:
      return true;
  }
  return false;
}

std::string_view origin_prefix(std::string_view status) {
  if (status == "development") return "dev--";
  if (status == "revision") return "rev--";
  return {};
}

}  // namespace portico::access
