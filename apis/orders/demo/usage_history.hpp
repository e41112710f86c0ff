#pragma once

#include <string>

#include "base/time.hpp"
#include "platform/usage_batch.hpp"
#include "random.hpp"

namespace portico::demo {

/// Whose past it is.
struct UsagePast {
  std::string account;
  std::string private_key;  ///< ids, as the request log shows them
  std::string public_key;
  std::string extension;     ///< the name of one that is run for the account; empty: none is
  base::Microseconds until;  ///< nothing is younger
};

/// How many requests of an account are kept one by one.
inline constexpr std::size_t past_requests_kept = 500;

/// Four weeks of requests, as an account's shop, its pages and its extension would have made them: by hours of the
/// day and days of the week, more of them lately, with the mistakes that clients make and a bad hour of the server's.
[[nodiscard]] platform::UsageBatch usage_history(const UsagePast& past, Random& random);

}  // namespace portico::demo
