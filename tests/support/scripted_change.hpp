#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "store/procedure.hpp"

namespace portico::support {

/// A change that runs statements one after the other, and keeps what came of them.
class ScriptedChange final : public store::Mutation {
 public:
  using Step = store::Procedure::Step;

  explicit ScriptedChange(std::vector<store::Ask> asks, Step end = Step::Commit)
      : asks_(std::move(asks)), end_(end) {}
  /// One statement without rows.
  static std::shared_ptr<ScriptedChange> of(std::string sql, std::vector<base::Value> binds = {},
                                            Step end = Step::Commit) {
    std::vector<store::Ask> asks(1);
    asks[0].statement = {.sql = std::move(sql), .binds = std::move(binds)};
    return std::make_shared<ScriptedChange>(std::move(asks), end);
  }

  std::unique_ptr<store::Procedure> begin() override {
    ++attempts;
    given.clear();
    violation.reset();
    return std::make_unique<Script>(*this);
  }

  std::atomic<int> attempts = 0;
  std::deque<store::Given> given;
  std::optional<store::Violation> violation;
  std::function<void()> before_end = {};  ///< may throw, or wait

 private:
  class Script final : public store::Procedure {
   public:
    explicit Script(ScriptedChange& change) : change_(change) {}
    Step next(store::Given&& last) override {
      if (at_ > 0) change_.given.push_back(std::move(last));
      if (at_++ < change_.asks_.size()) return Step::Ask;
      if (change_.before_end) change_.before_end();
      return change_.end_;
    }
    [[nodiscard]] const store::Ask& ask() const override { return change_.asks_.at(at_ - 1); }
    void violated(const store::Violation& what) override { change_.violation = what; }

   private:
    ScriptedChange& change_;
    std::size_t at_ = 0;
  };

  std::vector<store::Ask> asks_;
  Step end_;
};

/// What changes came to, in the order in which they were told. Thread-safe.
class Endings {
 public:
  struct Ending {
    std::size_t number = 0;
    base::Status status = base::ok();
  };
  /// To be called when the change of that number has ended.
  [[nodiscard]] std::function<void(base::Status)> of(std::size_t number) {
    return [this, number](base::Status status) {
      const std::lock_guard lock(mutex_);
      endings_.push_back({number, std::move(status)});
      told_.notify_all();  // with the lock: who waits may end this object next
    };
  }
  /// All, once there are so many; fewer after a minute.
  [[nodiscard]] std::vector<Ending> wait(std::size_t count) {
    std::unique_lock lock(mutex_);
    told_.wait_for(lock, std::chrono::minutes(1), [&] { return endings_.size() >= count; });
    return endings_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable told_;
  std::vector<Ending> endings_;
};

/// A change that holds the thread that runs its one statement (none) until it is let go, and changes nothing.
class Holding {
 public:
  Holding() {
    change_->before_end = [this] {
      holds_.set_value();
      let_go_.get_future().wait();
    };
  }
  [[nodiscard]] std::shared_ptr<ScriptedChange> change() const { return change_; }
  void wait() { holds_.get_future().wait(); }
  void let_go() { let_go_.set_value(); }

 private:
  std::promise<void> holds_;
  std::promise<void> let_go_;
  std::shared_ptr<ScriptedChange> change_ =
      std::make_shared<ScriptedChange>(std::vector<store::Ask>(1), store::Procedure::Step::RollBack);
};

}  // namespace portico::support
