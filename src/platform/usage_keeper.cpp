#include "platform/usage_keeper.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "platform/usage_tables.hpp"

namespace portico::platform {
namespace {

/// How often minutes that are too old are looked for.
constexpr std::chrono::hours between_sweeps{1};
/// How often rings are emptied, at least.
constexpr std::chrono::seconds between_looks{1};

}  // namespace

UsageKeeper::UsageKeeper(UsageKeeperOptions options)
    : options_(std::move(options)),
      batch_(options_.limits.requests_kept),
      thread_([this] { keep_until_stopped(); }) {}

UsageKeeper::~UsageKeeper() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

server::UsageRing& UsageKeeper::add_ring() {
  const auto fills = [this] {  // without the lock, which no loop waits for: a call may be missed
    fills_ = true;
    wake_.notify_one();
  };
  const std::lock_guard lock(mutex_);
  return *rings_.emplace_back(std::make_unique<server::UsageRing>(fills));
}

void UsageKeeper::write_now(std::chrono::milliseconds most) {
  std::unique_lock lock(mutex_);
  const std::uint64_t asked = ++asked_;
  wake_.notify_one();
  written_.wait_for(lock, most, [this, asked] { return done_ >= asked; });
}

UsageKeeper::Wish UsageKeeper::wait_until(std::chrono::steady_clock::time_point next) {
  // A ring whose call was missed is not to wait for the whole interval.
  const auto most = std::min(next, std::chrono::steady_clock::now() + between_looks);
  std::unique_lock lock(mutex_);
  wake_.wait_until(lock, most, [this] { return stopping_ || fills_ || asked_ > done_; });
  fills_ = false;
  return {.stops = stopping_, .asked = asked_};
}

void UsageKeeper::keep_until_stopped() {
  const auto interval = options_.limits.usage_interval;
  auto next = std::chrono::steady_clock::now() + interval;
  for (bool stops = false; !stops;) {
    const Wish wish = wait_until(next);
    stops = wish.stops;
    take_all();
    const auto now = std::chrono::steady_clock::now();
    if (now < next && wish.asked == done_ && !stops) continue;  // no other thread writes done_
    next = now + interval;
    write();
    const std::lock_guard lock(mutex_);
    done_ = wish.asked;
    written_.notify_all();
  }
}

void UsageKeeper::take_all() {
  std::vector<server::UsageRing*> rings;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& ring : rings_) rings.push_back(ring.get());
  }
  for (server::UsageRing* const ring : rings) {
    ring->take([this](const server::UsageEntry& entry) { batch_.add(entry); });
    const std::uint64_t dropped = ring->take_dropped();
    if (dropped == 0) continue;
    options_.report(std::to_string(dropped) + " requests are not in the usage of their accounts: too many at once");
  }
}

void UsageKeeper::write() {
  try {
    if (!batch_.is_empty()) {
      if (tables_ == nullptr) tables_ = options_.open();
      write_usage(*tables_, batch_, options_.limits.requests_kept);
      batch_.clear();
      forget_old();
    }
    failure_.clear();
  } catch (const std::exception& error) {
    tables_.reset();
    if (std::exchange(failure_, error.what()) == error.what()) return;
    options_.report("the usage of accounts is not written, and held meanwhile: " + failure_);
  }
}

void UsageKeeper::forget_old() {
  const auto now = std::chrono::steady_clock::now();
  if (forgotten_at_.time_since_epoch().count() != 0 && now - forgotten_at_ < between_sweeps) return;
  const std::chrono::microseconds kept = options_.limits.usage_kept;
  forget_usage(*tables_, base::now() - kept.count());
  forgotten_at_ = now;
}

}  // namespace portico::platform
