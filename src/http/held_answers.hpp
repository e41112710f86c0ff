#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace portico::http {

class Session;

/// Small answers of one loop to requests that came at the same time, which are sent one right after the other. To
/// send to a receiver that sleeps wakes it (a proxy on this machine, a client, the network card of a virtual one),
/// and that costs as much as a good part of the answer itself; who is awake already costs nothing. On the loop's
/// thread.
class HeldAnswers {
 public:
  using Clock = std::chrono::steady_clock;

  /// Answers wait for `most` before those held are sent and only then another request is worked on.
  explicit HeldAnswers(std::chrono::microseconds most = std::chrono::microseconds{200}) : most_(most) {}

  /// `end_pass_soon` is to have end_pass() called after all that is ready now. Once, before all else.
  void on_end_of_pass(std::function<void()> end_pass_soon) { end_pass_soon_ = std::move(end_pass_soon); }

  /// Whether the session's answer is to wait: then Session::send_held() is called soon. Half as many answers as the
  /// last pass over all that was ready has given wait for each other, so that their clients are at work while the
  /// loop is; none waits where few ask at once.
  [[nodiscard]] bool hold(const std::shared_ptr<Session>& session, std::size_t connections);
  /// Before another request is worked on: what has waited long enough is sent.
  void send_long_held() {
    if (!held_.empty() && Clock::now() - since_ > most_) send();
  }
  void end_pass();

 private:
  void send();

  const std::chrono::microseconds most_;
  std::function<void()> end_pass_soon_;
  std::vector<std::shared_ptr<Session>> held_;
  Clock::time_point since_ = {};  // the first of them is there
  std::size_t in_pass_ = 0;       // answers, held or not
  std::size_t in_last_pass_ = 0;
};

}  // namespace portico::http
