#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>

#include "base/limits.hpp"
#include "base/result.hpp"
#include "store/postgres_hosts.hpp"
#include "store/postgres_session.hpp"

namespace portico::store {

/// What PostgreSQL's SQLSTATE means to a client: Unavailable (timeouts, cancels, a server that ends or is full), or
/// Internal, for the log.
[[nodiscard]] base::Error error_of(const PostgresFailure& failure);

/// One loop's connections to PostgreSQL. Opens them as they are needed and again when they are lost, with growing
/// pauses up to a second. A request waits at most Limits::query_timeout, all of it; a lost connection gives it a
/// second try. Where the server answers nothing for some seconds, nobody waits for it until it does.
/// Every call and every call back on the loop's thread; nothing is called after close().
class PostgresPool final : public PostgresSession::Owner {
 public:
  using Clock = PostgresRequest::Clock;

  /// `met` is called whenever a connection was opened: it may be to another server, or to one that was restarted. And
  /// with no server's name when one was lost: a server that recovers from a crash keeps its name and start, and may
  /// give the numbers of transactions that it has lost to others.
  PostgresPool(boost::asio::io_context& io, PostgresTarget target, const base::Limits& limits,
               std::function<void(const PostgresSession::Server&)> met);
  ~PostgresPool();
  PostgresPool(const PostgresPool&) = delete;
  PostgresPool& operator=(const PostgresPool&) = delete;

  /// Opens the first connection. Once, before all else; `life` is held by whatever of the loop calls the pool, so
  /// that the pool does not end meanwhile.
  void start(std::weak_ptr<void> life);
  /// Takes a request as soon as there is room; perhaps at once, perhaps fails it at once: Unavailable, where
  /// Limits::queries_waiting (of changes: Limits::writes_waiting) wait, or the database is away.
  void submit(PostgresRequest& request, PostgresWork work);
  /// The same for one that was submitted before and begins anew: it comes first, in the time that it has left.
  void submit_again(PostgresRequest& request);
  /// Forgets a request: it is not called any more. What runs of it is cancelled, where it may run long.
  void withdraw(PostgresRequest& request);
  /// Ok, or since when and why not. Looks whether the server still answers, for the next call.
  [[nodiscard]] base::Status health();
  /// Whether changes find a connection.
  [[nodiscard]] base::Status health_of_changes() const;
  /// Ends all, waits for nothing, fails no request.
  void close();

 private:
  using Session = std::shared_ptr<PostgresSession>;
  using Timer = boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>,
                                                  boost::asio::io_context::executor_type>;

  /// A statement that was cancelled and has not ended.
  struct Cancelled {
    std::weak_ptr<PostgresSession> session;
    std::uint64_t answered = 0;
    Clock::time_point until;
  };
  /// The connections for one kind of work, and who waits for them.
  struct Lane {
    PostgresWork work = PostgresWork::Bounded;
    std::size_t statements_most = 1;  // under way on one connection
    std::size_t sessions_most = 1;
    std::size_t waiting_most = 0;
    std::vector<Session> sessions = {};
    std::deque<PostgresRequest*> waiting = {};
    bool rests = false;  // the server ends connections: what is sent now would be lost
    Clock::time_point rests_until = {};
    std::chrono::milliseconds pause{};
    Clock::time_point next_attempt = {};
    std::optional<Clock::time_point> failing_since = {};

    /// More than so many on one connection, and another is worth its cost.
    [[nodiscard]] std::size_t statements_enough() const { return std::max<std::size_t>(statements_most / 2, 1); }
    /// So many stay open with nothing to do: the next request shall not wait for one.
    [[nodiscard]] std::size_t sessions_kept() const { return work == PostgresWork::Bounded ? 1 : 0; }
  };
  struct Failing {
    PostgresRequest* request;
    base::Error error;
  };

  void opened(PostgresSession& session) override;
  void lost(PostgresSession& session, const PostgresFailure& failure,
            const PostgresSession::Unanswered& unanswered) override;
  void refused(PostgresSession& session, PostgresRequest& request, const PostgresFailure& failure) override;
  void has_room(PostgresSession& session) override;
  void heard() override;

  Lane& lane_of(const PostgresRequest& request) { return lanes_[static_cast<std::size_t>(request.work_)]; }
  Lane& bounded() { return lanes_[static_cast<std::size_t>(PostgresWork::Bounded)]; }
  bool give(PostgresRequest& request, Lane& lane);
  Lane* lane_with(const PostgresSession& session);
  [[nodiscard]] static PostgresSession* session_with_room(Lane& lane);
  void serve(Lane& lane);
  void try_again(PostgresRequest& request, const PostgresFailure& failure, unsigned failures_most);
  void fail_later(PostgresRequest& request, base::Error error);
  void fail_all(Lane& lane);
  void fail_failing();

  void open_where_needed(Lane& lane);
  void open_session(Lane& lane);
  [[nodiscard]] Session make_session(const Lane& lane);
  [[nodiscard]] bool needs_session(const Lane& lane) const;
  void note_failure(Lane& lane, const std::string& words);
  void found_again(const Lane& by);
  void turn_hosts(const PostgresSession& session);

  /// How soon the next look at all that waits is due.
  enum class Pace : std::uint8_t { None, Slow, Quick };

  void keep_ticking() { tick_at(Pace::Quick); }
  void tick_at(Pace pace);
  void tick();
  [[nodiscard]] bool needs_ticks() const;
  [[nodiscard]] bool has_spare_sessions() const;
  void close_idle_sessions(Lane& lane);
  void end_late_requests(Lane& lane);
  void end_late_attempts(Lane& lane);
  void end_impatience(Lane& lane);
  void end_cancelled();
  void cancel(PostgresSession& session);
  void look_for_silence();
  void fall_silent();
  [[nodiscard]] std::string words_of_failure(const Lane& lane) const;
  /// Whether a request of that lane should wait for it.
  [[nodiscard]] base::Status health_of(const Lane& lane) const;
  void ping();
  void begin_probe();
  void end_probe();

  boost::asio::io_context& io_;
  const PostgresTarget target_;
  const base::Limits limits_;
  std::function<void(const PostgresSession::Server&)> met_;
  std::weak_ptr<void> life_;
  std::vector<PostgresHost> hosts_;  // in the order to try
  std::array<Lane, 3> lanes_;        // by PostgresWork
  std::deque<Failing> failing_;
  bool is_failing_ = false;
  std::vector<Cancelled> cancelled_;
  Session probe_;  // a connection that is opened only to see whether the server answers
  Clock::time_point next_probe_ = {};
  Clock::time_point heard_at_ = {};
  std::optional<Clock::time_point> silent_since_;  // nobody waits for the server until it says something
  std::string last_words_;                         // why the last attempt or connection failed
  std::minstd_rand random_;
  std::optional<Timer> timer_;  // none after close()
  Pace pace_ = Pace::None;
  bool closed_ = false;
};

}  // namespace portico::store
