#pragma once

#include <memory>
#include <utility>

#include "store/sqlite_workers.hpp"

namespace portico::store {

/// Where an errand ends that a loop sent to another thread. Through its completion it holds what is the loop's (the
/// call, its connection, the store), which no other thread may end, nor may it let go of the last store and so of the
/// threads, among them itself. And none can:
/// - take() runs on the loop and takes the errand out of here, so that what the other thread still holds is empty;
/// - a landing that never arrives, as its loop has ended, gives the errand to `stranded`, whoever drops it last. That
///   is emptied where all threads have ended, and there alone.
template <typename Errand>
class LandingPlace {
 public:
  LandingPlace(Errand errand, std::shared_ptr<Stranded> stranded)
      : errand_(std::make_shared<Errand>(std::move(errand))), stranded_(std::move(stranded)), place_(1) {}
  ~LandingPlace() {
    if (errand_ == nullptr) return;
    place_.front() = std::move(errand_);
    stranded_->take(std::move(place_));
  }
  LandingPlace(const LandingPlace&) = delete;
  LandingPlace& operator=(const LandingPlace&) = delete;

  /// On the other thread, until it has posted the landing's arrival.
  [[nodiscard]] Errand& errand() noexcept { return *errand_; }
  /// On the loop; once.
  [[nodiscard]] std::shared_ptr<Errand> take() noexcept { return std::exchange(errand_, nullptr); }

 private:
  std::shared_ptr<Errand> errand_;
  std::shared_ptr<Stranded> stranded_;
  Stranded::List place_;  // made beforehand: a destructor must not ask for memory
};

}  // namespace portico::store
