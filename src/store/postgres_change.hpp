#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <variant>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>

#include "base/result.hpp"
#include "store/postgres_pool.hpp"
#include "store/postgres_violations.hpp"
#include "store/procedure.hpp"
#include "store/store.hpp"

namespace portico::store {

/// A change on its way through a pool: a transaction in which a procedure's statements run, each as the rows of the
/// one before have come. Begun again, with a new procedure, where transactions got into each other's way, or the
/// connection was lost while nothing could have lasted: until COMMIT is sent, together with the last statement where
/// that is known to be it (one that is the first, too, is a transaction by itself). From then on, only its answer
/// tells; where that does not come, nobody knows whether the change was made. What only looks goes the same way on a
/// connection for reading, in a transaction that only reads and has one snapshot. Held by shared_ptr.
class PostgresChange final : public PostgresRequest, public std::enable_shared_from_this<PostgresChange> {
 public:
  enum class Purpose : std::uint8_t { Change, Look };
  /// Why the database took no change, and when it said so.
  struct Refusal {
    PostgresRequest::Clock::time_point at;
    std::string words;
  };
  /// What every change of a store needs; outlives them.
  struct Surroundings {
    boost::asio::io_context& io;
    PostgresPool& pool;
    PostgresViolations& violations;
    /// Ends the change: calls its completion, and may free it.
    std::function<void(PostgresChange&, base::Status)> end;
    std::weak_ptr<void> life = {};  ///< held by whatever of the loop calls a change
    std::minstd_rand random{std::random_device()()};
    std::optional<Refusal> refusal = {};  ///< of the last change, unless one was made since
  };

  PostgresChange(Surroundings& around, Purpose purpose, std::shared_ptr<Mutation> mutation, Store::Changed done)
      : around_(around), purpose_(purpose), mutation_(std::move(mutation)), done_(std::move(done)) {}

  /// May end it before it returns.
  void start();
  /// Once, when it has ended.
  [[nodiscard]] Store::Changed take_completion() { return std::move(done_); }

  void take(PostgresSession& session) override;
  void take_rows(PostgresSession& session, const PostgresResult& rows) override;
  bool take_failure(PostgresSession& session, const PostgresFailure& failure) override;
  [[nodiscard]] bool may_start_again() const override;
  void fail(base::Error error) override;

 private:
  enum class Stage : std::uint8_t {
    Waiting,      ///< for a session, or for its next attempt
    Working,      ///< in its transaction
    Ending,       ///< the last statement was sent, and COMMIT with it
    Committing,   ///< COMMIT was sent
    RollingBack,  ///< nothing of it will last; `after_` says what then
  };
  /// After a pause, where the others that it met are to be gone first.
  struct Again {
    std::chrono::milliseconds pause_most{};
  };
  using After = std::variant<base::Status, Violation, Again>;
  using Clock = PostgresRequest::Clock;
  using Timer = boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>,
                                                  boost::asio::io_context::executor_type>;

  [[nodiscard]] base::Result<Procedure::Step> next(Given&& given);
  void go_on(PostgresSession& session, Given&& given);
  void finish(const PostgresResult& result);
  [[nodiscard]] bool may_commit_with(const Ask& ask) const { return ask.is_last && purpose_ == Purpose::Change; }
  [[nodiscard]] base::Result<Given> given_by(const PostgresResult& result) const;
  [[nodiscard]] std::optional<Again> again_after(const PostgresFailure& failure);
  [[nodiscard]] base::Error error_after(const PostgresFailure& failure);
  void roll_back(PostgresSession& session, After after);
  void end_transaction(PostgresSession& session);
  void conclude();
  void conclude_violated(const Violation& violation);
  void begin_again(Again again);
  void end(base::Status status) { around_.end(*this, std::move(status)); }

  Surroundings& around_;
  const Purpose purpose_;
  std::shared_ptr<Mutation> mutation_;
  Store::Changed done_;
  std::unique_ptr<Procedure> procedure_;  // the mutation's
  Stage stage_ = Stage::Waiting;
  After after_ = base::Status(base::ok());
  unsigned attempts_again_ = 0;
  std::optional<Timer> pause_;
};

}  // namespace portico::store
