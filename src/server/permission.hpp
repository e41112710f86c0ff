#pragma once

#include "access/principal.hpp"
#include "base/result.hpp"
#include "operation/operation.hpp"
#include "server/publication.hpp"

namespace portico::server {

/// Whether the caller may do what is asked, in that version of the API. A key by its kind (P2). The token of an
/// extension by its scopes (E2): to read or write the resource, to read those that its path names rows of, and those
/// whose rows are shown or filtered by. Else Forbidden.
[[nodiscard]] base::Status permit(const access::Principal& principal, const operation::Operation& operation,
                                  const Publication& publication, int version);

}  // namespace portico::server
