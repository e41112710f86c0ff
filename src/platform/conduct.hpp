#pragma once

#include "platform/desk.hpp"
#include "platform/inquiry.hpp"
#include "platform/reply.hpp"
#include "platform/routes.hpp"
#include "platform/site.hpp"

namespace portico::platform {

/// What all endpoints have in common, in the order in which a client may be refused: the origin that asks (403), who
/// asks (401), the CSRF token (403), their role (403), the query (400), the body (400, 413, 415). Then the route's
/// own answer. On a worker; throws what the registry throws. Precondition: `match.route` is not null.
[[nodiscard]] Reply conduct(const Site& site, const Inquiry& inquiry, const RouteMatch& match, Desk& desk);

}  // namespace portico::platform
