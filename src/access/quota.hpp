#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "model/api.hpp"

namespace portico::access {

/// What a key's bucket holds at one moment: RateLimit-Limit, -Remaining and -Reset of an answer.
struct Allowance {
  std::int64_t limit = 0;          ///< what it holds when it is full; 0: there is no bucket
  std::int64_t remaining = 0;      ///< requests that it would let pass now
  std::int64_t reset_seconds = 0;  ///< until it is full
  bool operator==(const Allowance&) const = default;
};

/// A bucket of `requests` that fills evenly within `seconds`; each request takes one. Exact: it counts in parts of
/// which a microsecond brings `requests`, and a request takes as many as there are microseconds in `seconds`, so
/// nothing is ever rounded. Pure: the time is given. Precondition of all: rate.requests > 0, and not more than the
/// loader allows.
class Bucket {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// What time has brought since. A bucket that was used with another rate, or never, begins full.
  void fill(const model::Rate& rate, Time now);
  /// Fills it; whether there was one to take.
  [[nodiscard]] bool take(const model::Rate& rate, Time now);
  /// As it was filled last.
  [[nodiscard]] Allowance allowance(const model::Rate& rate) const;
  /// As it was filled last: seconds until there is one to take, rounded up; 0: now.
  [[nodiscard]] std::int64_t seconds_until_next(const model::Rate& rate) const;

 private:
  std::int64_t parts_ = 0;
  std::int64_t filled_at_ = 0;  // microseconds of the steady clock
  std::int64_t requests_ = 0;   // of the rate that it was used with last
  std::int64_t window_ = 0;     // the same: microseconds
};

class Quotas;
struct QuotaEntry;

/// A request's place among those that its key has under way. Its end, or release(), gives it back, once. Must not
/// outlive the Quotas that it is of.
class Slot {
 public:
  Slot() = default;
  ~Slot() { release(); }
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;
  Slot(Slot&& other) noexcept : entry_(std::exchange(other.entry_, nullptr)) {}
  Slot& operator=(Slot&& other) noexcept;

  void release() noexcept;

 private:
  friend class Quotas;
  QuotaEntry* entry_ = nullptr;  // null: none is held
};

enum class QuotaVerdict : std::uint8_t { Admitted, TooManyAtOnce, RateSpent };

/// What became of a request's wish to be worked on.
struct Admission {
  QuotaVerdict verdict = QuotaVerdict::Admitted;
  Allowance allowance;
  std::int64_t retry_after = 0;  ///< seconds; of a refusal
  Slot slot;                     ///< of one that is admitted
};

/// What keys have used of their rates, in one process: shared by all loops, thread-safe. The keys are spread over
/// shards, each with a lock that is held for one look-up. Only valid keys may be asked for, so that a stranger cannot
/// fill it.
class Quotas {
 public:
  /// `keys_most`: how many keys are remembered, about. Over it, the one that was idle for the longest time is
  /// forgotten, which fills its bucket; one with requests under way never is.
  explicit Quotas(std::size_t keys_most);
  ~Quotas();
  Quotas(const Quotas&) = delete;
  Quotas& operator=(const Quotas&) = delete;

  /// A request of that key begins, if its rate lets it. A refused one takes nothing.
  [[nodiscard]] Admission enter(std::string_view key_id, const model::Rate& rate, Bucket::Time now);
  /// How many keys are remembered.
  [[nodiscard]] std::size_t size() const;

 private:
  friend class Slot;
  friend struct QuotaEntry;
  struct Shard;

  std::size_t keys_per_shard_;
  std::vector<Shard> shards_;
};

/// The refusal of a request that was not admitted: TooManyRequests.
[[nodiscard]] base::Error refusal_of(const Admission& admission, const model::Rate& rate);

}  // namespace portico::access
