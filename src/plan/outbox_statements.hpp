#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plan/write_statements.hpp"

namespace portico::plan {

/// Where messages wait for their delivery, beside the data.
inline constexpr std::string_view outbox_table = "portico_outbox";

enum class OutboxState : std::uint8_t {
  Waiting,  ///< for its next try
  Done,
  GivenUp,  ///< for want of time, or as the receiver wanted it
};
[[nodiscard]] std::string_view name_of(OutboxState state);  ///< `waiting`, `done`, `given_up`
[[nodiscard]] std::optional<OutboxState> find_outbox_state(std::string_view name);

/// A message as it is written.
struct OutboxEntry {
  std::string id;        ///< 32 hex digits; the same in every try
  std::string resource;  ///< that the webhook belongs to
  std::string row;       ///< the key's text
  std::string webhook;
  std::string target;  ///< the URL
  std::string host;    ///< whose share of all tries it takes: host and port
  std::string body;    ///< JSON
  base::Microseconds created = 0;
  base::Microseconds expires = 0;  ///< from then on a try that fails is the last
};

/// A new entry of the scope's account.
[[nodiscard]] Statement add_to_outbox(const Planner& planner, const Scope& scope, const OutboxEntry& entry);

/// What follows is for deliveries, which see the entries of all accounts in one mode.
struct Outbox {
  const Planner& planner;
  model::Mode mode = model::Mode::Production;
};

/// Entries whose time has come, those that wait longest first. Cells: id, host. Nobody else claims them until the
/// transaction ends; PostgreSQL: those that somebody claims are left out.
struct DueWish {
  base::Microseconds now = 0;
  std::vector<std::string> hosts_left_out;
  std::size_t most = 0;
};
[[nodiscard]] RowQuery due_entries(const Outbox& outbox, const DueWish& wish);

/// Counts a try of each and keeps others from it until `until`. Cells: id, account, resource, row, webhook, target,
/// body, tries (this one counted), expires. Precondition: there are some.
[[nodiscard]] RowQuery claim_entries(const Outbox& outbox, std::span<const std::string> ids,
                                     base::Microseconds until);

/// Keeps the entry as it is until the transaction ends. Cells: state, tries. No row: there is none.
[[nodiscard]] RowQuery hold_entry(const Outbox& outbox, const std::string& id);

/// What came of a try.
struct OutboxProgress {
  OutboxState state = OutboxState::Done;
  std::int64_t tries = 0;
  base::Microseconds next_try = 0;  ///< Waiting
  base::Microseconds changed = 0;
  std::string failure;  ///< for people; empty: none
};
[[nodiscard]] Statement settle_entry(const Outbox& outbox, const std::string& id, const OutboxProgress& progress);

/// Removes some that have been done or given up since before `oldest`.
[[nodiscard]] Statement forget_entries(const Outbox& outbox, base::Microseconds oldest);

/// For people, the newest first. Cells: id, account, resource, row, webhook, target, created, tries, next_try, state,
/// failure.
[[nodiscard]] RowQuery list_entries(const Outbox& outbox, std::optional<OutboxState> state, std::size_t most);

/// The entry waits again, from `now` on, until `expires`; not one that is done.
struct Retry {
  std::string id;
  base::Microseconds now = 0;
  base::Microseconds expires = 0;
};
[[nodiscard]] Statement retry_entry(const Outbox& outbox, const Retry& retry);

}  // namespace portico::plan
