#pragma once

#include "plan/outbox_statements.hpp"
#include "store/accounts.hpp"
#include "store/rows.hpp"

namespace portico::store {

/// The outbox of one side of a store, for commands. They throw SqliteError or PostgresError where the store cannot be
/// read or written. Precondition: the description has webhooks.
struct MessagesPlace {
  const plan::Planner& planner;
  const DataPlace& place;
  model::Mode mode = model::Mode::Production;
};

/// Rows as plan::list_entries says.
[[nodiscard]] Rows list_messages(const MessagesPlace& messages, std::optional<plan::OutboxState> state,
                                 std::size_t most);

/// Whether there was such a message that is not done; durable when it returns.
[[nodiscard]] bool retry_message(const MessagesPlace& messages, const plan::Retry& retry);

}  // namespace portico::store
