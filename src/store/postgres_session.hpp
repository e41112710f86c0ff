#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include "base/result.hpp"
#include "plan/plan.hpp"
#include "store/postgres_connection.hpp"
#include "store/postgres_hosts.hpp"
#include "store/postgres_statements.hpp"

namespace portico::store {

class PostgresSession;

/// Why a statement or a connection failed, in PostgreSQL's words: for the log, never for a client.
struct PostgresFailure {
  std::string sqlstate;  ///< empty: not the server's own words
  std::string words;
  // What a violated constraint is about, as far as the server says.
  std::string schema = {};
  std::string table = {};
  std::string column = {};
  std::string constraint = {};
  std::string detail = {};
};

/// Which connections a request goes to: those that carry many statements at once, each of them quick, or those that
/// carry one, however long it takes; both only read. A statement that was to be quick and is not (a lock, a cold
/// disk, a wrong plan) is ended and goes over to the others, so that strangers do not wait for it. Changes have
/// connections of their own.
enum class PostgresWork : std::uint8_t { Bounded, Growing, Change };

/// What has statements to run. Called on the loop's thread; must live until it has its rows or its failure, or has
/// been withdrawn.
class PostgresRequest {
 public:
  using Clock = std::chrono::steady_clock;

  PostgresRequest() = default;
  virtual ~PostgresRequest() = default;
  PostgresRequest(const PostgresRequest&) = delete;
  PostgresRequest& operator=(const PostgresRequest&) = delete;

  /// A session has room: send to it. Called again, from the beginning, where the connection was lost meanwhile.
  virtual void take(PostgresSession& session) = 0;
  /// The rows of a statement that was sent, or the end of rows that came one by one. May send the next statement.
  virtual void take_rows(PostgresSession& session, const PostgresResult& rows) = 0;
  /// The next row of a statement that was sent with RowsComing::OneByOne.
  virtual void take_row(const PostgresResult& /*row*/) {}
  /// Whether a failed statement is an answer too; then that was the end.
  /// Where its transaction holds the session, that is for it to end: by a statement, at once.
  virtual bool take_failure(PostgresSession& /*session*/, const PostgresFailure& /*failure*/) { return false; }
  /// Whether take() may be called again where the connection was lost; otherwise that is the end.
  [[nodiscard]] virtual bool may_start_again() const { return true; }
  /// The end, without an answer.
  virtual void fail(base::Error error) = 0;

 protected:
  /// It becomes another request.
  void renew() {
    deadline_ = {};
    failures_ = 0;
  }

 private:
  friend class PostgresPool;
  Clock::time_point deadline_ = {};
  unsigned failures_ = 0;  // of statements of its own
  PostgresWork work_ = PostgresWork::Bounded;
};

/// Whether a statement's rows are given when all are here, or each as it arrives, in slices: between two of them
/// the loop's other work goes on.
enum class RowsComing : std::uint8_t { AtOnce, OneByOne };

/// One connection to PostgreSQL in pipeline mode, on the loop. Statements are sent at once and answered in their
/// order; each has its own Sync, so that an error is its own. Held by shared_ptr; every call on the loop's thread.
class PostgresSession : public std::enable_shared_from_this<PostgresSession> {
 public:
  using Clock = PostgresRequest::Clock;

  /// What was sent and not answered.
  struct Unanswered {
    PostgresRequest* running = nullptr;         ///< what the server may have worked on, where that is ours
    std::vector<PostgresRequest*> others = {};  ///< in the order sent
  };

  /// Whom a session tells. It may close the session at any call.
  class Owner {
   public:
    virtual void opened(PostgresSession& session) = 0;
    /// Never opened, or lost; it is closed.
    virtual void lost(PostgresSession& session, const PostgresFailure& failure, const Unanswered& unanswered) = 0;
    /// A statement of `request` failed; nothing of it is under way any more.
    virtual void refused(PostgresSession& session, PostgresRequest& request, const PostgresFailure& failure) = 0;
    /// Fewer statements are under way.
    virtual void has_room(PostgresSession& session) = 0;
    /// The server sent something.
    virtual void heard() = 0;

   protected:
    ~Owner() = default;
  };

  struct Settings {
    SessionAccess access = SessionAccess::ReadOnly;
    std::chrono::milliseconds statement_timeout{30'000};
    std::size_t statements_prepared = 256;
  };
  /// What the server says of itself when a session opens.
  struct Server {
    std::string identity;  ///< equal for two sessions: the same server, not restarted between
    bool in_recovery = false;
  };

  /// `owner` is called only as long as `life` is.
  PostgresSession(boost::asio::io_context& io, Owner& owner, std::weak_ptr<void> life, const Settings& settings);
  ~PostgresSession();
  PostgresSession(const PostgresSession&) = delete;
  PostgresSession& operator=(const PostgresSession&) = delete;

  /// Begins to connect; opened() or lost() tells the end. `target` outlives the session.
  void open(const PostgresTarget& target, const std::vector<PostgresHost>& hosts);
  /// Ends it without a word to the owner. A statement that runs is ended by the server, soon.
  void close();
  /// As if the connection had broken: the owner learns of it.
  void lose(const PostgresFailure& failure);

  [[nodiscard]] bool is_open() const noexcept { return phase_ == Phase::Open && !broken_; }
  [[nodiscard]] bool is_closed() const noexcept { return phase_ == Phase::Closed; }
  [[nodiscard]] const Server& server() const noexcept { return server_; }
  [[nodiscard]] int process_id() const noexcept { return process_id_; }
  [[nodiscard]] Clock::time_point began() const noexcept { return began_; }
  /// The host that is being tried, where that is known.
  [[nodiscard]] std::optional<PostgresHost> host_tried() const;

  // Only while open.
  /// Where nobody holds the session, the statement is a transaction of its own, on a session that may write a durable
  /// one: what it gives is told when that has been committed.
  void send(PostgresRequest& request, const plan::Statement& statement, RowsComing coming = RowsComing::AtOnce);
  /// The last statement of the holder's transaction, and its COMMIT: what it gives is told when that has come true.
  void send_and_commit(PostgresRequest& request, const plan::Statement& last);
  /// A transaction of the request's own (one that only reads, and has one snapshot, where SessionAccess::ReadOnly),
  /// with its first statement; where it cannot begin, the statement is not run. Until that transaction has ended the
  /// session is the request's: it sends each further statement as it takes the answer to the one before.
  /// Precondition: nothing is in flight.
  void begin_transaction(PostgresRequest& request, const plan::Statement& first);
  [[nodiscard]] bool is_held() const noexcept { return holder_ != nullptr; }
  /// Whether there is a transaction, perhaps a failed one. While no statement is under way.
  [[nodiscard]] bool in_transaction() const;
  /// A statement whose answer nobody waits for.
  void send_unasked(const plan::Statement& statement);

  [[nodiscard]] std::size_t in_flight() const noexcept { return in_flight_.size(); }
  /// Counts the statements answered: whether the one that ran is still the same.
  [[nodiscard]] std::uint64_t answered() const noexcept { return answered_; }
  /// Since when the server owes a sign; nothing where it owes none.
  [[nodiscard]] std::optional<Clock::time_point> quiet_since() const;
  /// Since when it has had nothing to do; nothing where it has.
  [[nodiscard]] std::optional<Clock::time_point> idle_since() const;
  /// Whom the statement that runs now belongs to, or null.
  [[nodiscard]] PostgresRequest* running() const;
  /// All that wait for an answer, or hold the session; each once.
  [[nodiscard]] std::vector<PostgresRequest*> requests() const;
  /// Forgets a request: what was sent of it goes on, its answers are dropped, its transaction is rolled back unless
  /// its end was sent.
  void drop(const PostgresRequest& request);

 private:
  enum class Phase : std::uint8_t { LookingUp, Connecting, Greeting, Open, Closed };
  using Descriptor = boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type>;

  /// A statement that was sent and whose Sync has not come back.
  struct Entry {
    PostgresRequest* request = nullptr;
    std::string name;        // of the prepared statement
    bool beginning = false;  // a transaction begins with it, and the server has not said that it has
    bool ending = false;     // the transaction is committed behind it
    bool preparing = false;  // it was prepared with it, and the server has not said that it could
    RowsComing coming = RowsComing::AtOnce;
    bool one_by_one_set = false;
    Clock::time_point sent_at = {};
    std::optional<PostgresResult> rows = {};
    std::optional<PostgresFailure> failure = {};
    std::optional<PostgresFailure> not_prepared = {};  // why the statement of that name is not there
  };

  void connect(const PostgresTarget& target, const std::vector<PostgresHost>& hosts);
  void poll_connection();
  void greet();
  void read_greeting();
  void read_server(const PostgresResult& row);
  void begin_service();

  void watch();
  void wait_to_read();
  void wait_to_write();
  void on_readable();
  bool consume();
  void flush();
  void go_on_reading();
  void read_results();
  void take_result(PostgresResult result);
  void take_rows(PostgresResult result);
  void take_error(const PostgresResult& result);
  void end_front();
  void end_transaction();
  void read_later();
  bool send_statement(const PreparedStatements::Use& use, const plan::Statement& statement);
  [[nodiscard]] const char* begin_sql() const;
  bool send_simple(const char* sql);
  void forget_entries(const PostgresRequest& request);
  void append(Entry entry, const plan::Statement& statement);
  void break_later();
  void end_broken();
  [[nodiscard]] std::string error_words() const;
  void disconnect();
  template <typename Function>
  auto guarded(Function function);

  struct Finish {
    void operator()(pg_conn* connection) const noexcept;
  };

  boost::asio::io_context& io_;
  Owner& owner_;
  std::weak_ptr<void> life_;
  Settings settings_;
  Phase phase_ = Phase::LookingUp;
  HostLookup lookup_;
  std::unique_ptr<pg_conn, Finish> connection_;
  Descriptor descriptor_;  // libpq's socket, lent
  bool waits_to_read_ = false;
  bool waits_to_write_ = false;
  bool broken_ = false;  // what came before the end is still worked on
  bool paused_ = false;  // rows one by one: the rest waits for the loop's next turn
  std::deque<Entry> in_flight_;
  PostgresRequest* holder_ = nullptr;  // whose transaction is open
  std::uint64_t answered_ = 0;
  PreparedStatements statements_;
  Server server_;
  int process_id_ = 0;
  Clock::time_point began_;
  Clock::time_point heard_at_ = {};
  std::string announced_end_;  // the SQLSTATE with which the server said that it ends the session
};

}  // namespace portico::store
