#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "base/time.hpp"
#include "server/usage_ring.hpp"

namespace portico::platform {

/// How many requests took how long: each bucket holds those that took less than its bound, twice the one before it,
/// from 100 µs on; the last has none.
inline constexpr std::size_t latency_buckets = 18;
inline constexpr std::int64_t first_latency_bound = 100;
using Latencies = std::array<std::int64_t, latency_buckets>;

[[nodiscard]] std::size_t latency_bucket(std::chrono::microseconds took);
/// The time within which so many hundredths of the requests were answered, in microseconds; between a bucket's bounds
/// they are taken for evenly spread. Nothing where there are no requests.
[[nodiscard]] std::optional<std::int64_t> percentile(const Latencies& latencies, int hundredths);

/// What an account's requests of one minute came to.
struct MinuteUsage {
  std::int64_t requests = 0;
  std::int64_t errors = 0;  ///< statuses of 400 and more
  Latencies latencies{};
};

/// A request as its account's log tells of it.
struct LoggedRequest {
  base::Microseconds at = 0;
  std::string request_id;
  std::string method;
  std::string path;
  int status = 0;
  std::string type;     ///< of the error that the client got; empty: it got none
  std::string message;  ///< the same
  std::int64_t microseconds = 0;
  std::string key;        ///< the id of the key or token
  std::string kind;       ///< of the key or token: `private`
  std::string extension;  ///< whose token it is: its name; empty: none
};

/// What has been answered and is not in the database yet. Holds one entry for each account and minute, and the last
/// requests of each account, however many there were.
class UsageBatch {
 public:
  struct Account {
    std::map<base::Microseconds, MinuteUsage> minutes;  ///< by their beginning
    std::deque<LoggedRequest> requests;                 ///< the oldest first
  };

  explicit UsageBatch(std::size_t requests_most) : requests_most_(requests_most) {}

  void add(const server::UsageEntry& entry);
  [[nodiscard]] const std::map<std::string, Account, std::less<>>& accounts() const noexcept { return accounts_; }
  [[nodiscard]] bool is_empty() const noexcept { return accounts_.empty(); }
  void clear() { accounts_.clear(); }

 private:
  const std::size_t requests_most_;
  std::map<std::string, Account, std::less<>> accounts_;
};

}  // namespace portico::platform
