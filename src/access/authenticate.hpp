#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "access/key.hpp"
#include "access/principal.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "model/api.hpp"
#include "model/resource.hpp"

namespace portico::access {

/// The token of an `Authorization` field's value (RFC 6750 §2.1); a view into it. A null pointer: no such field, as
/// http::Request::field answers. NotAuthenticated without the field, MalformedCredentials where it holds anything
/// else.
[[nodiscard]] base::Result<std::string_view> bearer_token(std::string_view authorization);

/// Who the caller is (P2). `token` is what parse_token made of the bearer token, `found` the key of that id, if any.
/// InvalidToken, in the same words, for what is unknown, does not match or was revoked; ExpiredToken; Forbidden where
/// the key is not for `mode` (P5).
[[nodiscard]] base::Result<Principal> authenticate(const std::optional<TokenParts>& token,
                                                   const std::optional<KeyRecord>& found, model::Mode mode,
                                                   base::Microseconds now);

/// Whether the caller may do that (P2): a private key may, a public key where the description says so. Else
/// Forbidden.
[[nodiscard]] base::Status permit(const Principal& principal, const model::Resource& resource,
                                  model::OperationKind operation);

/// The same for the resource's summary. Precondition: it has one.
[[nodiscard]] base::Status permit_summary(const Principal& principal, const model::Resource& resource);

/// The same for an action, and for its state.
[[nodiscard]] base::Status permit(const Principal& principal, const model::Resource& resource,
                                  const model::Action& action);

/// Whether the token of an extension has that scope, a place in `names`, all that there are (E2). Else Forbidden,
/// which names it.
[[nodiscard]] base::Status permit_scope(const Principal& principal, std::size_t scope,
                                        std::span<const std::string> names);

/// Whether the caller may send a request that is safe (RFC 9110 §9.2.1), or not: an access token for reading only the
/// former. Else Forbidden.
enum class Safety : bool { Unsafe, Safe };
[[nodiscard]] base::Status permit(const Principal& principal, Safety safety);

/// The value of `WWW-Authenticate` for a refusal (RFC 6750 §3): with its error code and description, if it has one.
[[nodiscard]] std::string www_authenticate(const base::Error& error, std::string_view realm);

}  // namespace portico::access
