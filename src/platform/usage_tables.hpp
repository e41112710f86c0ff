#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "platform/usage_batch.hpp"
#include "store/own_tables.hpp"

namespace portico::platform {

// What accounts have asked for, in portico_usage (a row for each account and minute) and portico_requests (the last
// requests of each account). Everything here runs on the tables' thread, and throws what they throw.

/// Adds the batch to what is there, all of it or nothing, and removes what each of its accounts has too many of, now
/// and then. Begun again where transactions get into each other's way; OwnTablesBusy where they do so all the time.
void write_usage(store::OwnTables& tables, const UsageBatch& batch, std::size_t requests_kept);
/// Removes the minutes before that instant, of all accounts.
void forget_usage(store::OwnTables& tables, base::Microseconds before);

struct UsageQuestion {
  std::string account;
  base::Microseconds since = 0;
  base::Microseconds until = 0;  ///< exclusive
  std::chrono::seconds step{60};
};
/// One step of the time asked for.
struct UsagePoint {
  base::Microseconds at = 0;  ///< its beginning: a multiple of the step since 1970
  MinuteUsage usage;
};
/// The steps that have requests, the oldest first.
[[nodiscard]] std::vector<UsagePoint> read_usage(store::OwnTables& tables, const UsageQuestion& question);

inline constexpr std::int64_t requests_on_page = 50;
struct RequestsQuestion {
  std::string account;
  int status_from = 0;   ///< statuses from here
  int status_to = 1000;  ///< up to here, exclusive
  std::int64_t page = 1;
};
struct RequestsPage {
  std::vector<LoggedRequest> requests;  ///< the newest first
  std::int64_t count = 0;               ///< on all pages
};
[[nodiscard]] RequestsPage read_requests(store::OwnTables& tables, const RequestsQuestion& question);

}  // namespace portico::platform
