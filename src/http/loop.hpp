#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/ssl/context.hpp>

#include "http/asio.hpp"
#include "http/loop_state.hpp"
#include "http/server.hpp"

namespace portico::http {

/// The way onto a loop from other threads, in the order of their coming; what comes after the loop's end is dropped.
/// Wakes the loop once for all that has come by the time it looks. post() is thread-safe, the rest the loop's.
class Mailbox {
 public:
  using Functions = std::vector<std::function<void()>>;

  explicit Mailbox(asio::io_context& io) : io_(&io) {}
  void post(std::function<void()> function);
  /// The loop runs nothing more; what still waits, to be dropped where it may end.
  [[nodiscard]] Functions end();

 private:
  void deliver();
  void put_back(std::size_t delivered);

  std::mutex mutex_;
  asio::io_context* io_;  // guarded by mutex_; null after end()
  Functions waiting_;     // guarded by mutex_
  Functions delivering_;  // the loop's
};

/// A thread's worth of server: its own listening socket, its own connections.
class Loop {
 public:
  /// `connections` counts those that are open, on all loops.
  Loop(const base::Limits& limits, asio::ssl::context* tls, std::atomic<std::size_t>& connections);

  /// Binds to `endpoint` and listens; throws boost::system::system_error. Before run().
  void listen(const Tcp::endpoint& endpoint);

  /// Makes the application, says so through `ready` (or how that failed), serves until the end. The whole thread.
  void run(const std::function<Application(LoopHandle)>& make_application, std::promise<void>& ready);

  // Thread-safe.
  void drain();  ///< run() returns once nothing is under way, at the latest after Limits::drain_timeout
  void stop();   ///< run() returns soon, whatever is under way

 private:
  using Timer =
      asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;

  void accept();
  void welcome(Socket socket, const Tcp::endpoint& peer);
  void wait_for_second();
  void pass_second();
  void begin_drain();
  void accept_waiting();
  void end_when_drained();
  void session_gone();
  void finish();
  void serve();

  std::unique_ptr<asio::io_context> io_;
  std::shared_ptr<Mailbox> mailbox_;
  asio::ssl::context* tls_;
  std::optional<Acceptor> acceptor_;
  std::optional<Timer> timer_;
  std::optional<LoopState> state_;  ///< made and ended on the loop's thread
  base::Limits limits_;
  std::atomic<std::size_t>& connections_;
  Tcp::endpoint peer_ = {};
  std::uint64_t drain_deadline_ = 0;
  bool accepting_ = false;
};

}  // namespace portico::http
