#include "store/grant_row.hpp"

#include <stdexcept>

namespace portico::store {

std::string find_grant_sql(const GrantWriting& writing) {
  const auto table = [&](std::string_view name) { return writing.table(name); };
  return "SELECT t.id, " + std::string(writing.secret_hash) +
         ", t.kind, t.status, t.created, t.expires, a.id, a.user_id, a.account, a.scopes, a.revoked, v.status, "
         "v.changed, v.scopes, v.number, e.name, u.removed, m.everything, m.scopes FROM " +
         table("portico_run_tokens") + " t JOIN " + table("portico_authorisations") +
         " a ON a.id = t.authorisation JOIN " + table("portico_versions") + " v ON v.id = t.version JOIN " +
         table("portico_extensions") + " e ON e.id = v.extension AND e.id = a.extension JOIN " +
         table("portico_users") + " u ON u.id = a.user_id LEFT JOIN " + table("portico_members") +
         " m ON m.user_id = a.user_id AND m.account = a.account WHERE t.id = " + std::string(writing.bind);
}

access::Grant grant_of(const GrantCells& cells) {
  using enum GrantColumn;
  const std::string kind_name = cells.text(Kind);
  const auto kind = access::find_kind(kind_name);
  if (!kind || !access::is_of_extension(*kind)) {
    throw std::runtime_error("the token " + cells.text(Id) + " of an extension is of no known kind: " + kind_name);
  }
  return {.id = cells.text(Id),
          .secret_hash = cells.text(SecretHash),
          .kind = *kind,
          .created = cells.integer(Created),
          .expires = cells.integer(Expires),
          .user = cells.text(User),
          .account = cells.text(Account),
          .user_is_removed = !cells.is_null(UserRemoved),
          .is_member = !cells.is_null(Everything),
          .member_of_everything = cells.integer(Everything) != 0,
          .member_scopes = cells.text(MemberScopes),
          .authorisation = cells.text(Authorisation),
          .is_revoked = !cells.is_null(Revoked),
          .agreed_scopes = cells.text(AgreedScopes),
          .extension = cells.text(Extension),
          .version = cells.integer(Version),
          .minted_status = cells.text(MintedStatus),
          .status = cells.text(Status),
          .status_since = cells.integer(StatusSince),
          .version_scopes = cells.text(VersionScopes)};
}

}  // namespace portico::store
