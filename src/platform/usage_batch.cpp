#include "platform/usage_batch.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

#include "base/text.hpp"

namespace portico::platform {
namespace {

constexpr base::Microseconds minute = 60'000'000;

/// Any bytes may come in a path: the tables hold UTF-8 without U+0000.
std::string storable(std::string_view text) {
  std::string kept = base::repaired_utf8(text);
  std::replace(kept.begin(), kept.end(), '\0', ' ');
  return kept;
}

}  // namespace

std::size_t latency_bucket(std::chrono::microseconds took) {
  const auto times = static_cast<std::uint64_t>(std::max<std::int64_t>(took.count(), 0) / first_latency_bound);
  return std::min<std::size_t>(std::bit_width(times), latency_buckets - 1);
}

std::optional<std::int64_t> percentile(const Latencies& latencies, int hundredths) {
  const std::int64_t all = std::accumulate(latencies.begin(), latencies.end(), std::int64_t{0});
  if (all == 0) return std::nullopt;
  const std::int64_t wanted = std::max<std::int64_t>((all * hundredths + 99) / 100, 1);
  std::int64_t before = 0;
  std::int64_t from = 0;
  std::int64_t to = first_latency_bound;
  for (const std::int64_t& in_bucket : latencies) {
    if (before + in_bucket >= wanted) {
      const bool has_bound = &in_bucket != &latencies.back();
      return has_bound ? from + (to - from) * (wanted - before) / in_bucket : from;
    }
    before += in_bucket;
    from = to;
    to *= 2;
  }
  return from;
}

void UsageBatch::add(const server::UsageEntry& entry) {
  // An account that the tables cannot name has nobody who could look it up there.
  if (!base::is_utf8(entry.account) || entry.account.find('\0') != std::string_view::npos) return;
  auto place = accounts_.find(entry.account);
  if (place == accounts_.end()) place = accounts_.emplace(std::string(entry.account), Account()).first;
  Account& account = place->second;
  MinuteUsage& usage = account.minutes[entry.at - entry.at % minute];
  ++usage.requests;
  if (entry.status >= 400) ++usage.errors;
  ++usage.latencies[latency_bucket(entry.took)];
  if (account.requests.size() >= requests_most_ && entry.at < account.requests.front().at) return;
  LoggedRequest request{.at = entry.at,
                        .request_id = storable(entry.request_id),
                        .method = storable(entry.method),
                        .path = storable(entry.path),
                        .status = entry.status,
                        .type = storable(entry.type),
                        .message = storable(entry.message),
                        .microseconds = entry.took.count(),
                        .key = storable(entry.key_id),
                        .kind = storable(entry.kind),
                        .extension = storable(entry.extension)};
  // Mostly the last: only what other loops answered meanwhile comes in between.
  const auto later =
      std::upper_bound(account.requests.begin(), account.requests.end(), entry.at,
                       [](base::Microseconds at, const LoggedRequest& other) { return at < other.at; });
  account.requests.insert(later, std::move(request));
  if (account.requests.size() > requests_most_) account.requests.pop_front();
}

}  // namespace portico::platform
