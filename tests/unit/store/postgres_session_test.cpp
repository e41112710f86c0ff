// How connections come to be: hosts, look-ups, TLS; and what they keep.
#include <future>
#include <netinet/in.h>
#include <set>
#include <sys/socket.h>

#include "store/postgres_hosts.hpp"
#include "store/postgres_statements.hpp"
#include "support/postgres_loop.hpp"
#include "support/scripted_change.hpp"

namespace {

using namespace portico;
using std::chrono::seconds;
using store::PostgresTarget;
using support::Clock;
using support::growing;
using support::PostgresLoop;
using support::PostgresOutcome;
using support::PostgresServer;
using support::retrieve;

/// A listening socket that never answers: its backlog takes connections, nobody reads.
class MuteServer {
 public:
  MuteServer() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(socket_, 16), 0);
    EXPECT_EQ(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
  }
  ~MuteServer() { ::close(socket_); }
  MuteServer(const MuteServer&) = delete;
  MuteServer& operator=(const MuteServer&) = delete;
  [[nodiscard]] std::string port() const { return std::to_string(port_); }

 private:
  int socket_;
  int port_ = 0;
};

std::string port() {
  return std::to_string(PostgresServer::shared().port());
}

TEST(PreparedStatements, TheLeastRecentlyUsedMakesRoom) {
  store::PreparedStatements statements(2);
  const auto first = statements.use("a");
  EXPECT_TRUE(first.is_new);
  const auto second = statements.use("b");
  EXPECT_NE(first.name, second.name);
  const auto again = statements.use("a");
  EXPECT_FALSE(again.is_new);
  EXPECT_EQ(again.name, first.name);
  const auto third = statements.use("c");
  EXPECT_EQ(third.evicted, second.name);
  EXPECT_FALSE(statements.use("a").is_new);
  statements.forget(first.name);
  const auto anew = statements.use("a");
  EXPECT_TRUE(anew.is_new);
  EXPECT_NE(anew.name, first.name);
  EXPECT_EQ(anew.evicted, std::nullopt);
}

TEST(PostgresTarget, TakesAnAddressApart) {
  const PostgresTarget two("postgresql://user:secret@one:5433,[::1]:5434/base?connect_timeout=7&sslmode=disable");
  ASSERT_EQ(two.hosts().size(), 2U);
  EXPECT_EQ(two.hosts()[0].host, "one");
  EXPECT_EQ(two.hosts()[0].port, "5433");
  EXPECT_EQ(two.hosts()[1].host, "::1");
  EXPECT_EQ(two.connect_timeout(), seconds(7));
  EXPECT_TRUE(store::HostLookup::is_needed(two.hosts()));
  const PostgresTarget words("host=/tmp,10.0.0.1 port=5432 dbname=x");
  ASSERT_EQ(words.hosts().size(), 2U);
  EXPECT_EQ(words.hosts()[1].port, "5432");
  EXPECT_FALSE(store::HostLookup::is_needed(words.hosts()));
  const PostgresTarget given("host=name hostaddr=10.0.0.1");
  ASSERT_EQ(given.hosts().size(), 1U);
  EXPECT_EQ(given.hosts()[0].hostaddr, "10.0.0.1");
  EXPECT_FALSE(store::HostLookup::is_needed(given.hosts()));
}

TEST(HostLookup, FindsEveryAddressOnTheLoopAndSaysWhatHasNone) {
  boost::asio::io_context io(1);
  std::optional<base::Result<std::vector<store::PostgresHost>>> result;
  store::HostLookup lookup(io);
  lookup.start({{.host = "localhost", .hostaddr = "", .port = "1"}, {.host = "/tmp", .hostaddr = "", .port = "2"}},
               [&](auto found) { result = std::move(found); });
  EXPECT_FALSE(result) << "not before the loop runs";
  io.run();
  ASSERT_TRUE(result && *result);
  ASSERT_GE((*result)->size(), 2U);
  EXPECT_EQ((**result)[0].host, "localhost");
  EXPECT_FALSE((**result)[0].hostaddr.empty());
  EXPECT_EQ((**result)[0].port, "1");
  EXPECT_EQ((*result)->back().host, "/tmp");

  result.reset();
  store::HostLookup none(io);
  none.start({{.host = "no-such-host.invalid"}}, [&](auto found) { result = std::move(found); });
  io.restart();
  io.run();
  ASSERT_TRUE(result);
  ASSERT_FALSE(*result);
  EXPECT_NE(result->error().detail.find("no-such-host.invalid"), std::string::npos);

  bool called = false;
  {
    store::HostLookup forgotten(io);
    forgotten.start({{.host = "localhost"}}, [&](const auto& /*found*/) { called = true; });
  }
  io.restart();
  io.run();
  EXPECT_FALSE(called);
}

TEST(PostgresSession, ConnectsByNameAndOverTcp) {
  PostgresLoop loop("postgresql://portico@localhost:" + port() + "/postgres");
  const plan::Plan plan = retrieve("SELECT inet_server_addr()");
  const PostgresOutcome own = loop.ask(plan);
  ASSERT_EQ(own.rows.size(), 1U) << own.detail;
  EXPECT_EQ(own.rows[0][0], "127.0.0.1/32");
}

TEST(PostgresSession, SettingsAreOursWhateverTheAddressSays) {
  PostgresLoop loop(PostgresServer::shared().address() +
                    "&options=-c%20timezone%3DEurope/Madrid%20-c%20datestyle%3DGerman&client_encoding=LATIN1");
  const plan::Plan plan = retrieve(
      "SELECT concat_ws(' ', current_setting('TimeZone'), current_setting('DateStyle'), "
      "current_setting('client_encoding'), current_setting('default_transaction_read_only'), "
      "current_setting('statement_timeout'), current_setting('application_name'), current_setting('jit'))");
  const PostgresOutcome own = loop.ask(plan);
  ASSERT_EQ(own.rows.size(), 1U) << own.detail;
  EXPECT_EQ(own.rows[0][0], "UTC ISO, YMD UTF8 on 300ms portico off");
}

TEST(PostgresSession, AHostThatRefusesOrHangsGivesWayToTheNext) {
  const MuteServer mute;
  const plan::Plan plan = retrieve("'there'");
  for (const std::string& first : {std::string("1"), mute.port()}) {
    PostgresLoop loop("postgresql://portico@127.0.0.1:" + first + ",127.0.0.1:" + port() + "/postgres");
    const PostgresOutcome own = loop.ask(plan);
    ASSERT_EQ(own.rows.size(), 1U) << own.detail;
    EXPECT_EQ(own.rows[0][0], "there");
  }
}

TEST(PostgresSession, AServerThatNeverAnswersIsUnavailableSoon) {
  const MuteServer mute;
  PostgresLoop loop("postgresql://portico@127.0.0.1:" + mute.port() + "/postgres");
  const plan::Plan plan = retrieve("1");
  const Clock::time_point began = Clock::now();
  const PostgresOutcome own = loop.ask(plan);
  EXPECT_EQ(own.error, base::ErrorCode::Unavailable);
  EXPECT_LT(Clock::now() - began, seconds(9));
  EXPECT_FALSE(loop.store->health());
}

TEST(PostgresSession, LargeAnswersComeThroughTls) {
  PostgresServer server;
  server.use_tls();
  server.restart();
  PostgresLoop loop("postgresql://portico@localhost:" + std::to_string(server.port()) +
                    "/postgres?sslmode=verify-full&sslrootcert=" + server.folder() + "/data/server.crt");
  const plan::Plan tls = retrieve("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
  const PostgresOutcome first = loop.ask(tls);
  ASSERT_EQ(first.rows.size(), 1U) << first.detail;
  EXPECT_EQ(first.rows[0][0], "true");
  // Of every size around TLS's records and libpq's buffer: what OpenSSL holds back must not be waited for.
  for (std::int64_t size = 1'000; size < 200'000; size += 1'777) {
    const plan::Plan plan = retrieve("repeat('x', $1::int)", {size});
    const PostgresOutcome own = loop.ask(plan);
    ASSERT_EQ(own.rows.size(), 1U) << own.detail;
    ASSERT_EQ(own.rows[0][0].size(), static_cast<std::size_t>(size));
  }
  PostgresLoop wrong("postgresql://portico@127.0.0.1:" + std::to_string(server.port()) +
                     "/postgres?sslmode=verify-full&sslrootcert=" + server.folder() + "/data/server.crt");
  ASSERT_TRUE(wrong.run_until([&] {
    const base::Status health = wrong.store->health();
    return !health && health.error().detail.find("127.0.0.1") != std::string::npos;
  })) << "the certificate is for another name";
}

TEST(PostgresSession, OpensNoMoreConnectionsThanItMay) {
  base::Limits limits;
  limits.postgres_connections = 3;
  PostgresLoop loop(PostgresServer::shared().address() + "&application_name=counted", limits);
  const plan::Plan slow = retrieve("SELECT 'x' FROM pg_sleep(0.02)");
  const plan::Plan list = growing("SELECT 'x' FROM pg_sleep(0.02)");
  int open = 0;
  std::function<void()> more;
  std::vector<std::shared_ptr<PostgresOutcome>> outcomes;
  for (int i = 0; i < 120; ++i) {
    outcomes.push_back(loop.send(slow));
    outcomes.push_back(loop.send(list));
  }
  ASSERT_TRUE(loop.run_until([&] {
    return std::all_of(outcomes.begin(), outcomes.end(), [](const auto& own) { return own->calls == 1; });
  }));
  for (const auto& own : outcomes) EXPECT_FALSE(own->error) << own->detail;
  store::PostgresConnection admin(PostgresServer::shared().address());
  open = std::stoi(
      std::string(admin.run("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'counted'").text(0, 0)));
  EXPECT_EQ(open, 6);
}

TEST(PostgresSession, ConnectionsWithoutWorkAreClosedAgainButOne) {
  base::Limits limits;
  limits.postgres_connections = 3;
  limits.postgres_writers = 5;
  limits.postgres_idle_time = std::chrono::seconds(1);
  PostgresLoop loop(PostgresServer::shared().address() + "&application_name=idle", limits);
  const plan::Plan slow = retrieve("SELECT 'x' FROM pg_sleep(0.02)");
  const plan::Plan list = growing("SELECT 'x' FROM pg_sleep(0.02)");
  std::vector<std::shared_ptr<PostgresOutcome>> outcomes;
  int changes = 0;
  for (int i = 0; i < 60; ++i) {
    outcomes.push_back(loop.send(slow));
    outcomes.push_back(loop.send(list));
    loop.store->change(support::ScriptedChange::of("SELECT pg_sleep(0.02)"), model::Mode::Production,
                       [&](const base::Status& status) { changes += status ? 1 : 0; });
  }
  ASSERT_TRUE(loop.run_until([&] {
    return changes == 60 &&
           std::all_of(outcomes.begin(), outcomes.end(), [](const auto& own) { return own->calls == 1; });
  }));
  store::PostgresConnection admin(PostgresServer::shared().address());
  const auto open = [&](const std::string& more) {
    return std::stoi(std::string(
        admin.run("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'idle'" + more).text(0, 0)));
  };
  EXPECT_EQ(open(""), 3 + 3 + 5);
  EXPECT_EQ(open(" AND query = 'COMMIT'"), 5) << "as many as postgres_writers says";
  EXPECT_TRUE(loop.run_until([&] { return open("") == 1; }));
  EXPECT_FALSE(loop.ask(slow).error);
  EXPECT_FALSE(loop.ask(list).error) << "they are opened again where they are needed";
}

TEST(PostgresSession, AFewStatementsShareOneConnectionAndManyDoNot) {
  PostgresLoop loop(PostgresServer::shared().address());
  const plan::Plan slow = retrieve("SELECT 'x' FROM pg_sleep(0.02)");
  const plan::Plan whose = retrieve("pg_backend_pid()");
  const auto used_by = [&](const plan::Plan& plan, int count) {
    std::vector<std::shared_ptr<PostgresOutcome>> outcomes;
    for (int i = 0; i < count; ++i) outcomes.push_back(loop.send(plan));
    EXPECT_TRUE(loop.run_until([&] {
      return std::all_of(outcomes.begin(), outcomes.end(), [](const auto& own) { return own->calls == 1; });
    }));
    std::set<std::string> used;
    for (const auto& own : outcomes) used.insert(own->rows.at(0).at(0));
    return used.size();
  };
  used_by(slow, 60);  // opens them all
  EXPECT_EQ(used_by(whose, 8), 1U);
  EXPECT_EQ(used_by(whose, 9), 2U);
  EXPECT_EQ(used_by(whose, 60), 4U);
  EXPECT_EQ(used_by(whose, 8), 1U);
}

}  // namespace
