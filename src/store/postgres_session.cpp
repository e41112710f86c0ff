#include "store/postgres_session.hpp"

#include <algorithm>
#include <libpq-fe.h>
#include <utility>

#include <boost/asio/post.hpp>
#include <openssl/ssl.h>

namespace portico::store {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

/// How long rows that come one by one are worked on before the loop's other clients have their turn.
constexpr std::chrono::microseconds slice{1'000};
/// How often the clock is looked at meanwhile.
constexpr unsigned rows_between_looks = 16;

// The server knows the statement under another meaning, or not at all: another program's DISCARD, or a table that was
// altered since (`cached plan must not change result type`).
constexpr std::string_view unknown_statement = "26000";
constexpr std::string_view changed_result = "0A000";

// Whatever the role's and the database's defaults are. What is changed is locked, so each statement may see what was
// committed until it began.
constexpr const char* begin_to_change = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE NOT DEFERRABLE";
constexpr const char* commit_sql = "COMMIT";
constexpr std::string_view committed = "COMMIT";
constexpr const char* begin_to_read = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

std::string trimmed(const char* message) {
  std::string words = message == nullptr ? "" : message;
  while (!words.empty() && (words.back() == '\n' || words.back() == ' ')) words.pop_back();
  return words;
}

std::string field_of(const pg_result* result, int field) {
  const char* const text = PQresultErrorField(result, field);
  return text == nullptr ? "" : text;
}

PostgresFailure failure_of(const pg_result* result) {
  PostgresFailure failure{.sqlstate = field_of(result, PG_DIAG_SQLSTATE),
                          .words = field_of(result, PG_DIAG_MESSAGE_PRIMARY),
                          .schema = field_of(result, PG_DIAG_SCHEMA_NAME),
                          .table = field_of(result, PG_DIAG_TABLE_NAME),
                          .column = field_of(result, PG_DIAG_COLUMN_NAME),
                          .constraint = field_of(result, PG_DIAG_CONSTRAINT_NAME),
                          .detail = field_of(result, PG_DIAG_MESSAGE_DETAIL)};
  if (failure.words.empty()) failure.words = trimmed(PQresultErrorMessage(result));
  return failure;
}

/// The server has ended the session with it.
bool is_fatal(const pg_result* result) {
  const std::string severity = field_of(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  return severity == "FATAL" || severity == "PANIC";
}

}  // namespace

void PostgresSession::Finish::operator()(pg_conn* connection) const noexcept {
  PQfinish(connection);
}

/// A handler that runs only while the session and its owner live, and keeps both alive as long as it runs.
template <typename Function>
auto PostgresSession::guarded(Function function) {
  return [self = weak_from_this(), function](auto... arguments) {
    const auto session = self.lock();
    if (session == nullptr) return;
    const auto life = session->life_.lock();
    if (life == nullptr || session->is_closed()) return;
    function(*session, arguments...);
  };
}

PostgresSession::PostgresSession(asio::io_context& io, Owner& owner, std::weak_ptr<void> life,
                                 const Settings& settings)
    : io_(io),
      owner_(owner),
      life_(std::move(life)),
      settings_(settings),
      lookup_(io),
      descriptor_(io.get_executor()),
      statements_(std::max<std::size_t>(settings.statements_prepared, 1)),
      began_(Clock::now()) {}

PostgresSession::~PostgresSession() {
  disconnect();
}

/// The socket is libpq's: it is let go of before libpq closes it.
void PostgresSession::disconnect() {
  if (descriptor_.is_open()) descriptor_.release();
  connection_.reset();
}

void PostgresSession::close() {
  phase_ = Phase::Closed;
  in_flight_.clear();
  holder_ = nullptr;
  disconnect();
}

void PostgresSession::lose(const PostgresFailure& failure) {
  if (is_closed()) return;
  Unanswered unanswered{.running = running(), .others = requests()};
  if (unanswered.running != nullptr) unanswered.others.erase(unanswered.others.begin());
  PostgresFailure whole = failure;
  if (whole.sqlstate.empty()) whole.sqlstate = announced_end_;
  close();
  owner_.lost(*this, whole, unanswered);
}

std::string PostgresSession::error_words() const {
  const std::string words = trimmed(PQerrorMessage(connection_.get()));
  return words.empty() ? "the connection was closed" : words;
}

/// For failures met while somebody sends: the owner is told once it does not wait for an answer to its own call.
/// Nothing more is sent from here on.
void PostgresSession::break_later() {
  if (std::exchange(broken_, true)) return;
  asio::post(io_, guarded([](PostgresSession& session) { session.end_broken(); }));
}

/// With what the server said before the end: answers, and why it ends.
void PostgresSession::end_broken() {
  if (phase_ != Phase::Open) return lose({.sqlstate = "", .words = error_words()});
  if (!paused_) go_on_reading();
}

// --- Sending

void PostgresSession::send(PostgresRequest& request, const plan::Statement& statement, RowsComing coming) {
  append({.request = &request, .coming = coming}, statement);
}

void PostgresSession::begin_transaction(PostgresRequest& request, const plan::Statement& first) {
  holder_ = &request;
  append({.request = &request, .beginning = true}, first);
}

void PostgresSession::send_and_commit(PostgresRequest& request, const plan::Statement& last) {
  append({.request = &request, .ending = true}, last);
}

void PostgresSession::send_unasked(const plan::Statement& statement) {
  append({}, statement);
}

void PostgresSession::append(Entry entry, const plan::Statement& statement) {
  const PreparedStatements::Use use = statements_.use(statement.sql);
  if (use.evicted) {
    const std::string sql = "DEALLOCATE " + *use.evicted;
    if (!send_simple(sql.c_str()) || PQpipelineSync(connection_.get()) != 1) break_later();
    in_flight_.push_back({.sent_at = Clock::now()});
  }
  entry.name = use.name;
  entry.preparing = use.is_new;
  entry.sent_at = Clock::now();
  // Without a Sync between them: where there is no transaction, there must be no statement either, and without what
  // the statement does no commit.
  const char* const behind = entry.ending ? commit_sql : nullptr;
  const bool begun = !entry.beginning || send_simple(begin_sql());
  in_flight_.push_back(std::move(entry));
  if (!begun || !send_statement(use, statement) || (behind != nullptr && !send_simple(behind)) ||
      PQpipelineSync(connection_.get()) != 1) {
    return break_later();
  }
  flush();
  wait_to_read();
}

const char* PostgresSession::begin_sql() const {
  switch (settings_.access) {
    case SessionAccess::ReadOnly:
      return begin_to_read;
    case SessionAccess::ReadWrite:
      break;
  }
  return begin_to_change;
}

bool PostgresSession::send_simple(const char* sql) {
  return PQsendQueryParams(connection_.get(), sql, 0, nullptr, nullptr, nullptr, nullptr, 0) == 1;
}

bool PostgresSession::send_statement(const PreparedStatements::Use& use, const plan::Statement& statement) {
  pg_conn* const connection = connection_.get();
  if (use.is_new && PQsendPrepare(connection, use.name.c_str(), statement.sql.c_str(), 0, nullptr) != 1) return false;
  PostgresBinds binds(statement.binds);
  return PQsendQueryPrepared(connection, use.name.c_str(), binds.size(), binds.pointers(), nullptr, nullptr, 0) == 1;
}

void PostgresSession::flush() {
  const int left = PQflush(connection_.get());
  if (left < 0) return break_later();
  if (left > 0) wait_to_write();
}

// --- Waiting for the socket

void PostgresSession::wait_to_read() {
  if (waits_to_read_ || paused_) return;
  waits_to_read_ = true;
  descriptor_.async_wait(Descriptor::wait_read, guarded([](PostgresSession& session, error_code error) {
                           if (error == asio::error::operation_aborted) return;
                           session.waits_to_read_ = false;
                           session.on_readable();
                         }));
}

void PostgresSession::wait_to_write() {
  if (waits_to_write_) return;
  waits_to_write_ = true;
  descriptor_.async_wait(Descriptor::wait_write, guarded([](PostgresSession& session, error_code error) {
                           if (error == asio::error::operation_aborted) return;
                           session.waits_to_write_ = false;
                           if (session.phase_ == Phase::Connecting) return session.poll_connection();
                           session.flush();
                         }));
}

void PostgresSession::on_readable() {
  if (phase_ == Phase::Connecting) {
    owner_.heard();  // whatever it says
    if (!is_closed()) poll_connection();
    return;
  }
  heard_at_ = Clock::now();
  owner_.heard();
  if (is_closed()) return;
  broken_ = !consume() || broken_;
  if (phase_ == Phase::Greeting) {
    if (broken_) return lose({.sqlstate = "", .words = error_words()});
    return read_greeting();
  }
  go_on_reading();
}

/// What has come, and then a wait for more; or the end.
void PostgresSession::go_on_reading() {
  read_results();
  if (is_closed() || paused_) return;
  if (broken_ || PQstatus(connection_.get()) == CONNECTION_BAD) {
    return lose({.sqlstate = "", .words = error_words()});
  }
  wait_to_read();
}

/// False: the connection has ended.
bool PostgresSession::consume() {
  auto* const tls = static_cast<SSL*>(PQsslStruct(connection_.get(), "OpenSSL"));
  do {
    if (PQconsumeInput(connection_.get()) != 1) return false;
  } while (tls != nullptr && SSL_pending(tls) > 0);  // what OpenSSL holds back, no socket tells of
  return true;
}

// --- Answers

void PostgresSession::read_results() {
  const Clock::time_point began = Clock::now();
  unsigned rows = 0;
  bool between = false;  // two results of one statement, where libpq gives a null
  while (!is_closed() && !in_flight_.empty()) {
    Entry& front = in_flight_.front();
    // Takes effect once the statement is the one that libpq reads; before that it does nothing.
    if (front.coming == RowsComing::OneByOne && !front.one_by_one_set) {
      front.one_by_one_set = PQsetSingleRowMode(connection_.get()) == 1;
    }
    if (PQisBusy(connection_.get()) != 0) return;
    PostgresResult result(PQgetResult(connection_.get()));
    if (result.get() == nullptr) {
      if (PQstatus(connection_.get()) == CONNECTION_BAD) return;  // on_readable() ends it
      if (std::exchange(between, true)) return lose({.sqlstate = "", .words = "libpq has lost count of its answers"});
      continue;
    }
    between = false;
    const bool one = PQresultStatus(result.get()) == PGRES_SINGLE_TUPLE;
    take_result(std::move(result));
    if (one && ++rows % rows_between_looks == 0 && Clock::now() - began > slice) return read_later();
  }
}

void PostgresSession::read_later() {
  paused_ = true;
  asio::post(io_, guarded([](PostgresSession& session) {
               session.paused_ = false;
               session.go_on_reading();
             }));
}

void PostgresSession::take_result(PostgresResult result) {
  Entry& front = in_flight_.front();
  switch (PQresultStatus(result.get())) {
    case PGRES_COMMAND_OK:
      if (front.beginning) {
        front.beginning = false;
        return;
      }
      if (front.preparing) {
        front.preparing = false;
        return;
      }
      return take_rows(std::move(result));
    case PGRES_TUPLES_OK:
      return take_rows(std::move(result));
    case PGRES_SINGLE_TUPLE:
      if (front.request != nullptr) front.request->take_row(result);
      return;
    case PGRES_FATAL_ERROR:
      return take_error(result);
    case PGRES_PIPELINE_SYNC:
      return end_front();
    case PGRES_PIPELINE_ABORTED:  // behind a statement that could not be prepared
    case PGRES_NONFATAL_ERROR:
    case PGRES_EMPTY_QUERY:
      return;
    case PGRES_BAD_RESPONSE:
    case PGRES_COPY_OUT:
    case PGRES_COPY_IN:
    case PGRES_COPY_BOTH:
      return lose({.sqlstate = "", .words = "an answer that no statement of ours has"});
  }
}

/// What a statement gave; and behind the last of a transaction, what its COMMIT came to.
void PostgresSession::take_rows(PostgresResult result) {
  Entry& front = in_flight_.front();
  if (!front.rows) {
    front.rows = std::move(result);
  } else if (result.tag() != committed) {
    front.failure = PostgresFailure{.sqlstate = "", .words = "COMMIT came to " + std::string(result.tag())};
  }
}

void PostgresSession::take_error(const PostgresResult& result) {
  PostgresFailure failure = failure_of(result.get());
  if (is_fatal(result.get()) || PQstatus(connection_.get()) == CONNECTION_BAD) return lose(failure);
  Entry& front = in_flight_.front();
  if (front.not_prepared) failure = *front.not_prepared;
  if (front.preparing) {
    for (Entry& entry : in_flight_) {
      if (entry.name == front.name) entry.not_prepared = failure;
    }
  }
  if (front.preparing || failure.sqlstate == unknown_statement || failure.sqlstate == changed_result) {
    statements_.forget(front.name);
  }
  front.failure = std::move(failure);
}

void PostgresSession::end_front() {
  const Entry entry = std::move(in_flight_.front());
  in_flight_.pop_front();
  ++answered_;
  if (in_flight_.empty() && !in_transaction()) holder_ = nullptr;
  if (entry.failure && holder_ == nullptr) end_transaction();  // before anything else is sent
  if (entry.request != nullptr) {
    if (entry.failure) {
      forget_entries(*entry.request);
      owner_.refused(*this, *entry.request, *entry.failure);
    } else {
      entry.request->take_rows(*this, entry.rows ? *entry.rows : PostgresResult(nullptr));
    }
  }
  if (is_closed() || broken_) return;
  end_transaction();
  owner_.has_room(*this);
}

bool PostgresSession::in_transaction() const {
  return PQtransactionStatus(connection_.get()) != PQTRANS_IDLE;
}

/// Where nobody goes on with a transaction, or nobody can.
void PostgresSession::end_transaction() {
  if (broken_ || !in_flight_.empty() || !in_transaction()) return;
  holder_ = nullptr;
  send_unasked({.sql = "ROLLBACK", .binds = {}});
}

std::optional<PostgresSession::Clock::time_point> PostgresSession::quiet_since() const {
  if (phase_ != Phase::Open || in_flight_.empty() || paused_) return std::nullopt;
  return std::max(heard_at_, in_flight_.front().sent_at);
}

std::optional<PostgresSession::Clock::time_point> PostgresSession::idle_since() const {
  if (!is_open() || is_held() || !in_flight_.empty()) return std::nullopt;
  return heard_at_;
}

PostgresRequest* PostgresSession::running() const {
  return in_flight_.empty() ? nullptr : in_flight_.front().request;
}

std::vector<PostgresRequest*> PostgresSession::requests() const {
  std::vector<PostgresRequest*> all;
  for (const Entry& entry : in_flight_) {
    if (entry.request != nullptr && std::find(all.begin(), all.end(), entry.request) == all.end()) {
      all.push_back(entry.request);
    }
  }
  if (holder_ != nullptr && std::find(all.begin(), all.end(), holder_) == all.end()) all.push_back(holder_);
  return all;
}

void PostgresSession::drop(const PostgresRequest& request) {
  forget_entries(request);
  if (holder_ != &request) return;
  holder_ = nullptr;
  end_transaction();  // what is under way ends it itself
}

void PostgresSession::forget_entries(const PostgresRequest& request) {
  for (Entry& entry : in_flight_) {
    if (entry.request == &request) entry.request = nullptr;
  }
}

}  // namespace portico::store
