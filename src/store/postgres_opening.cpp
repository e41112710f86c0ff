// How a PostgresSession comes to be open: look-up, connection, greeting.
#include <array>
#include <libpq-fe.h>
#include <utility>

#include "store/postgres_session.hpp"

namespace portico::store {
namespace {

/// What the greeting's last statement gives, in this order.
enum Greeting : int { ServerEncoding, InRecovery, ServerStart, Padding };

/// libpq reads at most as much at once as its buffer has room for: 16 KB, and from then on what its largest message
/// needed. A page is three times as large, and each part of it would be a turn of the loop.
constexpr std::size_t padding_bytes = 120'000;

/// A commit is told once it is on disk; where somebody has set that standbys must have applied it too, that remains.
constexpr const char* durable_commits =
    ", (SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') <> "
    "'remote_apply')";

/// A change of one statement has no BEGIN that says so; whatever the role's and the database's defaults are.
constexpr std::string_view own_transactions =
    "; SET default_transaction_isolation = 'read committed'; SET default_transaction_read_only = off; SET "
    "default_transaction_deferrable = off";

std::string greeting_sql(const PostgresSession::Settings& settings) {
  const bool only_reads = settings.access == SessionAccess::ReadOnly;
  const std::string timeout = "'" + std::to_string(settings.statement_timeout.count()) + "ms'";
  return std::string(session_settings()) + "; SET statement_timeout = " + timeout +
         (only_reads ? "; SET default_transaction_read_only = on"
                     // a program that hangs does not keep its locks
                     : "; SET idle_in_transaction_session_timeout = " + timeout + std::string(own_transactions)) +
         "; SELECT current_setting('server_encoding'), pg_is_in_recovery(), "
         "extract(epoch from pg_postmaster_start_time()), repeat(' ', " +
         std::to_string(padding_bytes) + ")" + (only_reads ? "" : durable_commits);
}

/// A server asks now and then whether its client is still there, and ends the statement of one that has gone. Servers
/// before PostgreSQL 14 cannot, nor those on some systems: then nothing happens.
constexpr const char* notice_gone_clients =
    "SELECT set_config(name, '1000', false) FROM pg_settings WHERE name = 'client_connection_check_interval'";

/// A server that ends says so in a notice, or in an error; whoever finds only a closed connection suspects its own
/// statement.
constexpr std::string_view operator_intervention = "57P";
void take_notice(void* announced_end, const pg_result* notice) {
  const char* const sqlstate = PQresultErrorField(notice, PG_DIAG_SQLSTATE);
  if (sqlstate == nullptr || !std::string_view(sqlstate).starts_with(operator_intervention)) return;
  *static_cast<std::string*>(announced_end) = sqlstate;
}

std::string text_of(const char* text) {
  return text == nullptr ? "" : text;
}

}  // namespace

void PostgresSession::open(const PostgresTarget& target, const std::vector<PostgresHost>& hosts) {
  began_ = Clock::now();
  if (!HostLookup::is_needed(hosts)) return connect(target, hosts);
  lookup_.start(hosts, [self = weak_from_this(), &target](base::Result<std::vector<PostgresHost>> found) {
    const auto session = self.lock();
    if (session == nullptr) return;
    const auto life = session->life_.lock();
    if (life == nullptr || session->is_closed()) return;
    if (!found) return session->lose({.sqlstate = "", .words = found.error().detail});
    session->connect(target, *found);
  });
}

void PostgresSession::connect(const PostgresTarget& target, const std::vector<PostgresHost>& hosts) {
  phase_ = Phase::Connecting;
  connection_.reset(target.begin(hosts, settings_.access));
  if (connection_ == nullptr) throw std::bad_alloc();
  if (PQstatus(connection_.get()) == CONNECTION_BAD) return break_later();
  PQsetNoticeReceiver(connection_.get(), take_notice, &announced_end_);
  watch();
  wait_to_write();
}

void PostgresSession::watch() {
  descriptor_.assign(PQsocket(connection_.get()));
  waits_to_read_ = false;
  waits_to_write_ = false;
}

std::optional<PostgresHost> PostgresSession::host_tried() const {
  if (connection_ == nullptr) return std::nullopt;
  return PostgresHost{.host = text_of(PQhost(connection_.get())),
                      .hostaddr = text_of(PQhostaddr(connection_.get())),
                      .port = text_of(PQport(connection_.get()))};
}

/// libpq goes on to its next host, and another socket, as it likes: each step gives the socket back and takes it
/// anew.
void PostgresSession::poll_connection() {
  descriptor_.release();
  const PostgresPollingStatusType next = PQconnectPoll(connection_.get());
  switch (next) {
    case PGRES_POLLING_READING:
      watch();
      return wait_to_read();
    case PGRES_POLLING_WRITING:
    case PGRES_POLLING_ACTIVE:
      watch();
      return wait_to_write();
    case PGRES_POLLING_OK:
      watch();
      return greet();
    case PGRES_POLLING_FAILED:
      return lose({.sqlstate = "", .words = error_words()});
  }
}

void PostgresSession::greet() {
  phase_ = Phase::Greeting;
  process_id_ = PQbackendPID(connection_.get());
  const std::string sql = greeting_sql(settings_);
  if (PQsetnonblocking(connection_.get(), 1) != 0 || PQsendQuery(connection_.get(), sql.c_str()) != 1) {
    return lose({.sqlstate = "", .words = error_words()});
  }
  flush();
  wait_to_read();
}

void PostgresSession::read_greeting() {
  while (PQisBusy(connection_.get()) == 0) {
    const PostgresResult result(PQgetResult(connection_.get()));
    if (result.get() == nullptr) return begin_service();
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_TUPLES_OK) {
      read_server(result);
    } else if (status != PGRES_COMMAND_OK) {
      const char* const sqlstate = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
      return lose({.sqlstate = text_of(sqlstate), .words = "settings are refused: " + error_words()});
    }
    if (is_closed()) return;
  }
  wait_to_read();
}

void PostgresSession::read_server(const PostgresResult& row) {
  const std::string encoding(row.text(0, ServerEncoding));
  if (encoding != "UTF8") {
    return lose({.sqlstate = "",
                 .words = "the database is encoded in " + encoding +
                          "; Portico needs one in UTF8 (CREATE DATABASE … "
                          "ENCODING 'UTF8' TEMPLATE template0)"});
  }
  server_.in_recovery = row.text(0, InRecovery) == "t";
  server_.identity = std::string(row.text(0, ServerStart)) + ' ' + text_of(PQhost(connection_.get())) + ' ' +
                     text_of(PQport(connection_.get()));
}

void PostgresSession::begin_service() {
  if (PQenterPipelineMode(connection_.get()) != 1) return lose({.sqlstate = "", .words = error_words()});
  phase_ = Phase::Open;
  heard_at_ = Clock::now();
  send_unasked({.sql = notice_gone_clients, .binds = {}});
  wait_to_read();  // an idle connection that ends is noticed
  owner_.opened(*this);
}

}  // namespace portico::store
