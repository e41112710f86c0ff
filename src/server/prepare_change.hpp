#pragma once

#include <memory>

#include "access/principal.hpp"
#include "base/result.hpp"
#include "change/make_change.hpp"
#include "contract/contract.hpp"
#include "operation/operation.hpp"
#include "server/publication.hpp"
#include "server/represent.hpp"

namespace portico::server {

/// Who wants a change, and in which form the answer is due.
struct ChangeOrigin {
  std::shared_ptr<const Publication> publication;
  const contract::Contract& contract;
  const access::Principal& principal;
  Origin origin;
};

/// What tells an action's state: it may look at rows that a plan does not reach, and so is a change that changes
/// nothing.
[[nodiscard]] operation::Change telling(operation::Retrieve state);

/// Change, and what its request says beside the body -> what the store is to make. MalformedRequest: an
/// Idempotency-Key that is none, or a condition that says nothing. What only tells has neither: its conditions are
/// about the answer.
[[nodiscard]] base::Result<std::shared_ptr<change::RequestedChange>> prepare_change(operation::Change operation,
                                                                                    const ChangeOrigin& origin);

}  // namespace portico::server
