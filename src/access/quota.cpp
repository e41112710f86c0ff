#include "access/quota.hpp"

#include <algorithm>
#include <functional>

namespace portico::access {
namespace {

constexpr std::int64_t microseconds_per_second = 1'000'000;
constexpr std::size_t shards_most = 64;
/// After which a place among those at once may well be free again.
constexpr std::int64_t retry_after_too_many = 1;

std::int64_t divided_up(std::int64_t dividend, std::int64_t divisor) {
  return (dividend + divisor - 1) / divisor;
}

std::size_t shards_for(std::size_t keys_most) {
  return std::clamp<std::size_t>(keys_most, 1, shards_most);
}

std::int64_t window_of(const model::Rate& rate) {
  return rate.seconds.count() * microseconds_per_second;
}

std::int64_t seconds_for(std::int64_t parts, const model::Rate& rate) {
  return divided_up(divided_up(parts, rate.requests), microseconds_per_second);
}

std::string counted(std::int64_t count, std::string_view one) {
  return std::to_string(count) + " " + std::string(one) + (count == 1 ? "" : "s");
}

}  // namespace

// --- Bucket

/// Time that runs backwards, as two threads may read it in one order and come here in the other, fills nothing.
void Bucket::fill(const model::Rate& rate, Time now) {
  const std::int64_t window = window_of(rate);
  const std::int64_t full = rate.requests * window;
  const std::int64_t at = std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count();
  if (requests_ != rate.requests || window_ != window) {
    requests_ = rate.requests;
    window_ = window;
    parts_ = full;
    filled_at_ = at;
    return;
  }
  if (at <= filled_at_) return;
  const std::int64_t passed = std::min(at - filled_at_, window);  // within a window any bucket is full
  parts_ = std::min(full, parts_ + passed * rate.requests);
  filled_at_ = at;
}

bool Bucket::take(const model::Rate& rate, Time now) {
  fill(rate, now);
  if (parts_ < window_) return false;
  parts_ -= window_;
  return true;
}

Allowance Bucket::allowance(const model::Rate& rate) const {
  return {.limit = rate.requests,
          .remaining = parts_ / window_,
          .reset_seconds = seconds_for(rate.requests * window_ - parts_, rate)};
}

std::int64_t Bucket::seconds_until_next(const model::Rate& rate) const {
  return parts_ >= window_ ? 0 : seconds_for(window_ - parts_, rate);
}

// --- Quotas

/// What one key has used. Stays where it is as long as requests of it are under way.
struct QuotaEntry {
  QuotaEntry(std::string_view key, Quotas::Shard& own) : key_id(key), shard(own) {}
  const std::string key_id;
  Quotas::Shard& shard;
  Bucket bucket;
  std::int64_t under_way = 0;
};

/// Alone in its cache lines, so that loops with other keys do not wait for its lock.
struct alignas(64) Quotas::Shard {
  mutable std::mutex mutex;
  std::list<QuotaEntry> entries;                                               // the one that was used last first
  std::unordered_map<std::string_view, std::list<QuotaEntry>::iterator> keys;  // texts of entries

  QuotaEntry& entry_of(std::string_view key_id, std::size_t keys_most) {
    if (const auto known = keys.find(key_id); known != keys.end()) {
      entries.splice(entries.begin(), entries, known->second);
      return entries.front();
    }
    if (keys.size() >= keys_most) forget_one();
    entries.emplace_front(key_id, *this);
    keys.emplace(entries.front().key_id, entries.begin());
    return entries.front();
  }

  void forget_one() {
    const auto idle =
        std::find_if(entries.rbegin(), entries.rend(), [](const QuotaEntry& entry) { return entry.under_way == 0; });
    if (idle == entries.rend()) return;  // all are at work, so their number is that of requests at most
    keys.erase(idle->key_id);
    entries.erase(std::next(idle).base());
  }
};

Quotas::Quotas(std::size_t keys_most)
    : keys_per_shard_(std::max<std::size_t>(keys_most / shards_for(keys_most), 1)), shards_(shards_for(keys_most)) {}

Quotas::~Quotas() = default;

Admission Quotas::enter(std::string_view key_id, const model::Rate& rate, Bucket::Time now) {
  Shard& shard = shards_[std::hash<std::string_view>()(key_id) % shards_.size()];
  Admission admission;
  const std::lock_guard lock(shard.mutex);
  QuotaEntry& entry = shard.entry_of(key_id, keys_per_shard_);
  const bool has_bucket = rate.requests > 0;
  if (rate.simultaneous > 0 && entry.under_way >= rate.simultaneous) {
    admission.verdict = QuotaVerdict::TooManyAtOnce;
    admission.retry_after = retry_after_too_many;
    if (!has_bucket) return admission;
    entry.bucket.fill(rate, now);
    admission.allowance = entry.bucket.allowance(rate);
    return admission;
  }
  if (has_bucket && !entry.bucket.take(rate, now)) {
    admission.verdict = QuotaVerdict::RateSpent;
    admission.retry_after = std::max<std::int64_t>(entry.bucket.seconds_until_next(rate), 1);
    admission.allowance = entry.bucket.allowance(rate);
    return admission;
  }
  if (has_bucket) admission.allowance = entry.bucket.allowance(rate);
  ++entry.under_way;
  admission.slot.entry_ = &entry;
  return admission;
}

std::size_t Quotas::size() const {
  std::size_t count = 0;
  for (const Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    count += shard.keys.size();
  }
  return count;
}

// --- Slot

void Slot::release() noexcept {
  if (entry_ == nullptr) return;
  QuotaEntry& entry = *std::exchange(entry_, nullptr);
  const std::lock_guard lock(entry.shard.mutex);
  --entry.under_way;
}

Slot& Slot::operator=(Slot&& other) noexcept {
  if (this == &other) return *this;
  release();
  entry_ = std::exchange(other.entry_, nullptr);
  return *this;
}

base::Error refusal_of(const Admission& admission, const model::Rate& rate) {
  base::Error error{.code = base::ErrorCode::TooManyRequests, .retry_after = admission.retry_after};
  switch (admission.verdict) {
    case QuotaVerdict::Admitted:
      break;
    case QuotaVerdict::TooManyAtOnce:
      error.message = "This key has " + counted(rate.simultaneous, "request") +
                      " under way already, as many as it may at once; wait for one of their answers.";
      break;
    case QuotaVerdict::RateSpent:
      error.message = "This key has spent its " + counted(rate.requests, "request") + " in " +
                      counted(rate.seconds.count(), "second") + "; try again in " +
                      counted(admission.retry_after, "second") + ".";
      break;
  }
  return error;
}

}  // namespace portico::access
