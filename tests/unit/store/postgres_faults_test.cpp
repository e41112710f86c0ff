// A database that is slow, restarts, hangs or goes away, and clients that go away.
#include <algorithm>
#include <future>
#include <numeric>

#include <boost/asio/post.hpp>

#include "support/postgres_loop.hpp"

namespace {

using namespace portico;
using base::ErrorCode;
using std::chrono::milliseconds;
using std::chrono::seconds;
using store::PostgresConnection;
using support::Clock;
using support::growing;
using support::PostgresLoop;
using support::PostgresOutcome;
using support::PostgresServer;
using support::retrieve;

base::Limits limits_of(std::chrono::seconds query_timeout) {
  base::Limits limits;
  limits.query_timeout = query_timeout;
  return limits;
}

/// Whether a statement with that text runs on the server.
bool runs(PostgresConnection& admin, const std::string& text) {
  const std::vector<base::Value> binds = {"%" + text + "%"};
  return admin
             .run(
                 "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE $1 AND pid <> "
                 "pg_backend_pid()",
                 binds)
             .rows() > 0;
}

class PostgresFaultsTest : public testing::Test {
 protected:
  void TearDown() override { server().resume(); }  // a test that fails leaves nothing suspended to the next
  PostgresServer& server() { return PostgresServer::shared(); }
  std::string address() { return server().address(); }
  PostgresConnection& admin() {
    if (admin_ == nullptr) {
      admin_ = std::make_unique<PostgresConnection>(address());
      admin_->run_script("SET client_min_messages = warning");
    }
    return *admin_;
  }

 private:
  std::unique_ptr<PostgresConnection> admin_;
};

TEST_F(PostgresFaultsTest, ALateStatementIsUnavailableAndIsCancelled) {
  PostgresLoop loop(address(), limits_of(seconds(1)));
  const plan::Plan slow_bounded = retrieve("SELECT 'late-1' FROM pg_sleep(60)");
  const plan::Plan slow_growing = growing("SELECT 'late-2' FROM pg_sleep(60)");
  const plan::Plan quick = retrieve("'quick'");
  ASSERT_FALSE(loop.ask(quick).error);
  const Clock::time_point began = Clock::now();
  const auto first = loop.send(slow_bounded);
  const auto second = loop.send(slow_growing);
  ASSERT_TRUE(loop.run_until([&] { return first->calls > 0 && second->calls > 0; }));
  EXPECT_EQ(first->error, ErrorCode::Unavailable) << first->detail;
  EXPECT_EQ(second->error, ErrorCode::Unavailable) << second->detail;
  EXPECT_GE(Clock::now() - began, milliseconds(900));
  EXPECT_LT(Clock::now() - began, milliseconds(1'500));
  EXPECT_TRUE(loop.run_until([&] { return !runs(admin(), "late-"); }, seconds(3))) << "it was not cancelled";
  EXPECT_EQ(loop.ask(quick).rows.size(), 1U);
  EXPECT_EQ(loop.ask(growing("SELECT 'again'")).rows.size(), 1U);
}

TEST_F(PostgresFaultsTest, TheClockRunsWhileARequestWaits) {
  base::Limits limits = limits_of(seconds(1));
  limits.postgres_connections = 1;
  PostgresLoop loop(address(), limits);
  const plan::Plan slow = growing("SELECT 'x' FROM pg_sleep(60)");
  const plan::Plan behind = growing("SELECT 'behind'");
  loop.send(slow);
  const auto waiting = loop.send(behind);
  ASSERT_TRUE(loop.run_until([&] { return waiting->calls > 0; }));
  // It waited its whole time, or was served by the connection that the other had to leave.
  if (waiting->error) {
    EXPECT_EQ(waiting->error, ErrorCode::Unavailable);
  }
  EXPECT_EQ(loop.ask(behind).rows.size(), 1U);
}

TEST_F(PostgresFaultsTest, NoMoreWaitThanTheLimitSays) {
  base::Limits limits;
  limits.postgres_connections = 1;
  limits.queries_waiting = 3;
  PostgresLoop loop(address(), limits);
  const plan::Plan slow = growing("SELECT 'x' FROM pg_sleep(0.3)");
  ASSERT_EQ(loop.ask(slow).rows.size(), 1U);
  std::vector<std::shared_ptr<PostgresOutcome>> outcomes;
  for (int i = 0; i < 6; ++i) outcomes.push_back(loop.send(slow));
  EXPECT_EQ(loop.last_ticket, 0U) << "the last was refused at once";
  ASSERT_TRUE(loop.run_until([&] {
    return std::all_of(outcomes.begin(), outcomes.end(), [](const auto& own) { return own->calls == 1; });
  }));
  EXPECT_EQ(std::count_if(outcomes.begin(), outcomes.end(), [](const auto& own) { return own->error.has_value(); }),
            2);
}

TEST_F(PostgresFaultsTest, GrowingWorkDoesNotHinderTheOther) {
  PostgresLoop loop(address());
  const plan::Plan slow = growing("SELECT 'x' FROM pg_sleep(1)");
  const plan::Plan quick = retrieve("'quick'");
  ASSERT_FALSE(loop.ask(quick).error);
  std::vector<std::shared_ptr<PostgresOutcome>> outcomes;
  for (int i = 0; i < 4; ++i) outcomes.push_back(loop.send(slow));
  const Clock::time_point began = Clock::now();
  for (int i = 0; i < 50; ++i) ASSERT_FALSE(loop.ask(quick).error);
  EXPECT_LT(Clock::now() - began, milliseconds(900));
  EXPECT_EQ(outcomes.front()->calls, 0);
  ASSERT_TRUE(loop.run_until([&] {
    return std::all_of(outcomes.begin(), outcomes.end(), [](const auto& own) { return own->calls == 1; });
  }));
}

TEST_F(PostgresFaultsTest, AbandonedRequestsEndAndWhatTheyStartedToo) {
  base::Limits limits;
  limits.postgres_connections = 1;
  PostgresLoop loop(address(), limits);
  const plan::Plan slow = growing("SELECT 'abandoned' FROM pg_sleep(60)");
  const plan::Plan next = growing("SELECT 'next'");
  const plan::Plan bounded = retrieve("SELECT 'b' FROM pg_sleep(0.2)");
  ASSERT_FALSE(loop.ask(next).error);
  const auto running = loop.send(slow);
  const auto running_ticket = loop.last_ticket;
  const auto waiting = loop.send(slow);
  const auto waiting_ticket = loop.last_ticket;
  ASSERT_NE(running_ticket, 0U);
  ASSERT_TRUE(loop.run_until([&] { return runs(admin(), "abandoned"); }));
  loop.store->abandon(waiting_ticket);
  EXPECT_EQ(waiting->calls, 1);
  EXPECT_EQ(waiting->error, ErrorCode::Unavailable);
  loop.store->abandon(running_ticket);
  EXPECT_EQ(running->calls, 1);
  EXPECT_EQ(running->error, ErrorCode::Unavailable);
  loop.store->abandon(running_ticket);  // again: nothing
  EXPECT_EQ(loop.ask(next).rows.size(), 1U) << "the connection is free again";
  EXPECT_TRUE(loop.run_until([&] { return !runs(admin(), "abandoned"); }));
  // Of bounded work the rest goes on as if nothing had happened.
  const auto dropped = loop.send(bounded);
  const auto dropped_ticket = loop.last_ticket;
  const auto kept = loop.send(bounded);
  loop.store->abandon(dropped_ticket);
  EXPECT_EQ(dropped->calls, 1);
  ASSERT_TRUE(loop.run_until([&] { return kept->calls > 0; }));
  EXPECT_FALSE(kept->error) << kept->detail;
  EXPECT_EQ(dropped->calls, 1);
}

/// Clients that ask one after the other, each at once again.
class Crowd {
 public:
  Crowd(PostgresLoop& loop, int clients) : loop_(loop) {
    for (int i = 0; i < clients; ++i) {
      plans_.push_back(
          std::make_unique<plan::Plan>(i % 4 == 0 ? plan::Plan(growing("SELECT 'c' || " + std::to_string(i)))
                                                  : plan::Plan(retrieve("'c' || $1::text", {std::to_string(i)}))));
      next(static_cast<std::size_t>(i));
    }
  }
  ~Crowd() {
    stopping_ = true;
    loop_.run_until([&] { return open_ == 0; });
    EXPECT_EQ(open_, 0);
  }

  int served = 0;
  int failed = 0;
  int wrong = 0;
  std::string words;

 private:
  void next(std::size_t client) {
    ++open_;
    loop_.store->run({.plan = *plans_[client]}, [this, client](base::Result<store::Answer*> answer) {
      --open_;
      if (!answer) {
        ++failed;
        words = answer.error().message + answer.error().detail;
      } else if ((*answer)->rows.size() != 1 || (*answer)->rows.row(0)[0].text != "c" + std::to_string(client)) {
        ++wrong;
      } else {
        ++served;
      }
      // A client that is refused comes back later, not within the call that refused it.
      boost::asio::post(loop_.io, [this, client] {
        if (!stopping_) next(client);
      });
    });
  }

  PostgresLoop& loop_;
  std::vector<std::unique_ptr<plan::Plan>> plans_;
  int open_ = 0;
  bool stopping_ = false;
};

TEST_F(PostgresFaultsTest, ARestartUnderLoadCostsNobodyItsAnswer) {
  for (const char* const mode : {"fast", "immediate"}) {
    PostgresLoop loop(address());
    Crowd crowd(loop, 20);
    ASSERT_TRUE(loop.run_until([&] { return crowd.served > 500; }));
    auto restart = std::async(std::launch::async, [&] { server().restart(mode); });
    ASSERT_TRUE(loop.run_until([&] { return restart.wait_for(seconds(0)) == std::future_status::ready; }));
    restart.get();
    const Clock::time_point back = Clock::now();
    const int before = crowd.served;
    ASSERT_TRUE(loop.run_until([&] { return crowd.served > before + 500; }));
    EXPECT_LT(Clock::now() - back, seconds(2)) << mode;
    EXPECT_EQ(crowd.failed, 0) << mode << ": " << crowd.words;
    EXPECT_EQ(crowd.wrong, 0) << mode;
  }
}

TEST_F(PostgresFaultsTest, AServerThatIsAwayIsSaidSoAndIsFoundAgain) {
  PostgresLoop loop(address());
  const plan::Plan quick = retrieve("'quick'");
  const plan::Plan list = growing("SELECT 'list'");
  ASSERT_FALSE(loop.ask(quick).error);
  ASSERT_FALSE(loop.ask(list).error);
  server().stop();
  const Clock::time_point began = Clock::now();
  const auto also = loop.send(list);
  const PostgresOutcome refused = loop.ask(quick);
  EXPECT_EQ(refused.error, ErrorCode::Unavailable);
  ASSERT_TRUE(loop.run_until([&] { return also->calls > 0; }));
  EXPECT_EQ(also->error, ErrorCode::Unavailable);
  EXPECT_GT(refused.at - began, seconds(3)) << "a short absence is waited for";
  EXPECT_LT(refused.at - began, seconds(7));
  EXPECT_FALSE(loop.store->health());
  EXPECT_EQ(loop.send(quick)->calls, 1) << "now at once";
  EXPECT_EQ(loop.send(list)->calls, 1);
  server().start();
  const Clock::time_point back = Clock::now();
  ASSERT_TRUE(loop.run_until([&] { return static_cast<bool>(loop.store->health()); }));
  EXPECT_EQ(loop.ask(quick).rows.size(), 1U);
  const PostgresOutcome listed = loop.ask(list);
  EXPECT_EQ(listed.rows.size(), 1U) << "what is well again is so for every kind of work: " << listed.detail;
  EXPECT_LT(Clock::now() - back, seconds(2));
}

TEST_F(PostgresFaultsTest, AServerThatHangsIsNotWaitedFor) {
  PostgresLoop loop(address());
  const plan::Plan quick = retrieve("'quick'");
  const plan::Plan list = growing("SELECT 'list'");
  ASSERT_FALSE(loop.ask(quick).error);
  ASSERT_FALSE(loop.ask(list).error);
  server().suspend();
  const Clock::time_point began = Clock::now();
  const auto first = loop.send(quick);
  const auto second = loop.send(list);
  ASSERT_TRUE(loop.run_until([&] { return first->calls > 0 && second->calls > 0; }));
  EXPECT_EQ(first->error, ErrorCode::Unavailable);
  EXPECT_EQ(second->error, ErrorCode::Unavailable);
  EXPECT_LT(Clock::now() - began, milliseconds(4'500)) << "though query_timeout is 30 s";
  EXPECT_FALSE(loop.store->health());
  EXPECT_NE(loop.store->health().error().detail.find("silent"), std::string::npos);
  for (int i = 0; i < 3; ++i) {
    const auto refused = loop.send(quick);
    EXPECT_EQ(refused->calls, 1) << "at once";
    EXPECT_EQ(refused->error, ErrorCode::Unavailable);
    const Clock::time_point until = Clock::now() + milliseconds(700);
    loop.run_until([&] { return Clock::now() > until; });
  }
  server().resume();
  const Clock::time_point back = Clock::now();
  ASSERT_TRUE(loop.run_until([&] { return static_cast<bool>(loop.store->health()); }));
  EXPECT_EQ(loop.ask(quick).rows.size(), 1U);
  const PostgresOutcome listed = loop.ask(list);
  EXPECT_EQ(listed.rows.size(), 1U) << listed.detail;
  EXPECT_LT(Clock::now() - back, seconds(2));
  EXPECT_EQ(first->calls, 1);
}

TEST_F(PostgresFaultsTest, HealthNoticesAHangThatNobodyAsksInto) {
  PostgresLoop loop(address());
  ASSERT_FALSE(loop.ask(retrieve("1")).error);
  server().suspend();
  EXPECT_TRUE(loop.run_until([&] { return !loop.store->health(); }, seconds(8)));
  server().resume();
  EXPECT_TRUE(loop.run_until([&] { return static_cast<bool>(loop.store->health()); }, seconds(2)));
}

TEST_F(PostgresFaultsTest, ALongStatementAloneIsNoHang) {
  PostgresLoop loop(address());
  const plan::Plan slow = growing("SELECT 'slow' FROM pg_sleep(5)");
  const PostgresOutcome own = loop.ask(slow);
  EXPECT_EQ(own.rows.size(), 1U) << own.detail;
}

TEST_F(PostgresFaultsTest, ATableThatIsLockedHindersOnlyItsReaders) {
  base::Limits limits = limits_of(seconds(3));
  limits.postgres_connections = 2;
  PostgresLoop loop(address(), limits);
  admin().run_script("DROP TABLE IF EXISTS locked; CREATE TABLE locked (word text); INSERT INTO locked VALUES ('w')");
  const plan::Plan blocked = retrieve("SELECT word FROM locked");
  ASSERT_FALSE(loop.ask(blocked).error);
  admin().run_script("BEGIN; LOCK TABLE locked");
  const PostgresOutcome late = loop.ask(blocked);
  EXPECT_EQ(late.error, ErrorCode::Unavailable);
  EXPECT_TRUE(loop.store->health());
  admin().run_script("ROLLBACK");
  EXPECT_EQ(loop.ask(blocked).rows.size(), 1U);
}

TEST_F(PostgresFaultsTest, ASingleConnectionThatIsKilledCostsNothing) {
  PostgresLoop loop(address());
  Crowd crowd(loop, 10);
  ASSERT_TRUE(loop.run_until([&] { return crowd.served > 100; }));
  for (int i = 0; i < 5; ++i) {
    admin().run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'portico' AND pid <> "
        "pg_backend_pid()");
    const int before = crowd.served;
    ASSERT_TRUE(loop.run_until([&] { return crowd.served > before + 200; }));
  }
  EXPECT_EQ(crowd.wrong, 0);
  EXPECT_LE(crowd.failed, 5) << crowd.words;
}

TEST_F(PostgresFaultsTest, TheStoreMayEndAtAnyTime) {
  int calls = 0;
  const plan::Plan slow = growing("SELECT 'ending' FROM pg_sleep(60)");
  const plan::Plan quick = retrieve("'quick'");
  {
    PostgresLoop loop(address());
    ASSERT_FALSE(loop.ask(quick).error);
    const auto count = [&](const base::Result<store::Answer*>& /*answer*/) { ++calls; };
    loop.store->run({.plan = slow}, count);
    loop.store->run({.plan = quick}, count);
    ASSERT_TRUE(loop.run_until([&] { return runs(admin(), "ending"); }));
    calls = 0;
    loop.store->run({.plan = quick}, count);
    loop.store.reset();
    loop.io.restart();
    loop.io.run();  // what was under way on the loop ends; nothing keeps it running
    EXPECT_EQ(calls, 0);
  }
  PostgresLoop other(address());
  EXPECT_TRUE(other.run_until([&] { return !runs(admin(), "ending"); }, seconds(5)))
      << "a server notices that its client has gone";
}

TEST_F(PostgresFaultsTest, TheLoopMayEndBeforeTheStore) {
  const plan::Plan quick = retrieve("'quick'");
  auto io = std::make_unique<boost::asio::io_context>(1);
  auto api = std::make_shared<model::Api>();
  const auto store =
      std::make_shared<store::PostgresStore>(*io, store::PostgresOptions{.address = address(), .api = api}, nullptr);
  int calls = 0;
  // As a call does, the completion holds the store.
  store->run({.plan = quick}, [&calls, store](const base::Result<store::Answer*>& /*answer*/) { ++calls; });
  io->run_for(milliseconds(5));
  store->run({.plan = quick}, [&calls, store](const base::Result<store::Answer*>& /*answer*/) { ++calls; });
  const int before = calls;
  io.reset();
  EXPECT_EQ(calls, before);
  EXPECT_EQ(store.use_count(), 1);
  store->run({.plan = quick}, [&calls](const base::Result<store::Answer*>& /*answer*/) { ++calls; });
  EXPECT_EQ(calls, before + 1) << "refused";
  EXPECT_FALSE(store->health());
}

TEST_F(PostgresFaultsTest, TheStoreMayEndInItsOwnCompletion) {
  const plan::Plan quick = retrieve("'quick'");
  const plan::Plan list = growing("SELECT 'list'");
  for (const plan::Plan* const plan : {&quick, &list}) {
    PostgresLoop loop(address());
    ASSERT_FALSE(loop.ask(*plan).error);
    bool ended = false;
    loop.store->run({.plan = *plan}, [&](const base::Result<store::Answer*>& answer) {
      ended = static_cast<bool>(answer);
      loop.store.reset();
    });
    for (int i = 0; i < 3; ++i) loop.store->run({.plan = *plan}, [](const auto& /*answer*/) {});
    ASSERT_TRUE(loop.run_until([&] { return ended; }));
  }
}

}  // namespace
