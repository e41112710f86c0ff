// Changes on a PostgreSQL whose transactions get into each other's way, or whose connections and commits are lost.
#include <future>

#include <boost/asio/post.hpp>

#include "postgres_changing.hpp"

namespace portico::store {
namespace {

using base::ErrorCode;
using std::chrono::milliseconds;
using std::chrono::seconds;
using support::Clock;

class PostgresChangeFaultsTest : public PostgresChangingTest {
 protected:
  /// A statement that fails with that SQLSTATE the first so many times that it is run.
  Ask failing(const std::string& sqlstate, int times) {
    admin().run_script(
        "CREATE OR REPLACE FUNCTION fail(state text, times bigint) RETURNS void LANGUAGE plpgsql AS 'BEGIN IF "
        "nextval(''attempts'') <= times THEN RAISE EXCEPTION ''planted'' USING ERRCODE = state; END IF; END'; ALTER "
        "SEQUENCE attempts RESTART");
    return doing("SELECT fail($1, $2)", {sqlstate, std::int64_t{times}});
  }
  /// What was and was not made, told or not.
  struct Tally {
    int made = 0;
    int not_made = 0;
    int unknown = 0;
    std::string wrong;
  };
  Tally judge(const std::vector<Outcome>& outcomes);
};

TEST_F(PostgresChangeFaultsTest, WhatLosesADeadlockIsMadeAgain) {
  Loop loop(address());
  admin().run_script("INSERT INTO things VALUES ('x', 0), ('y', 0); SET lock_timeout = 0");
  const auto raise = [](const char* id) {
    return doing("UPDATE things SET number = number + 1 WHERE id = $1", {id});
  };
  // Each waits with its second row until the other has its first.
  const Ask meet = doing("SELECT pg_sleep(0.2)");
  const auto one = change_of({raise("x"), meet, raise("y")});
  const auto other = change_of({raise("y"), meet, raise("x")});
  const std::vector<Outcome> outcomes = {send(loop, one), send(loop, other)};
  ASSERT_TRUE(loop.run_until([&] { return all_told(outcomes); }));
  for (const Outcome& own : outcomes) EXPECT_FALSE(own->error) << own->message << own->detail;
  EXPECT_EQ(one->attempts + other->attempts, 3) << "one of them was made twice";
  EXPECT_EQ(value("SELECT string_agg(number::text, ' ') FROM things"), "2 2");
}

TEST_F(PostgresChangeFaultsTest, ConflictsAreTriedAgainAFewTimes) {
  Loop loop(address());
  const auto passes = change_of({inserting("a"), failing("40001", 5)});
  EXPECT_FALSE(make(loop, passes).error);
  EXPECT_EQ(passes->attempts, 6);
  EXPECT_EQ(ids(), "a");
  const auto stays = change_of({inserting("b"), failing("40001", 1'000)});
  const ChangeOutcome outcome = make(loop, stays);
  EXPECT_EQ(outcome.error, ErrorCode::Unavailable);
  EXPECT_TRUE(outcome.detail.starts_with("nothing was made")) << outcome.detail;
  EXPECT_EQ(stays->attempts, 6);
  EXPECT_EQ(ids(), "a");
}

TEST_F(PostgresChangeFaultsTest, WhatADatabaseRefusesItself) {
  Loop loop(address());
  for (const char* const passing : {"53100", "53200", "25006", "55P03", "58030"}) {
    const auto change = change_of({inserting("a"), failing(passing, 1)});
    const ChangeOutcome outcome = make(loop, change);
    EXPECT_EQ(outcome.error, ErrorCode::Unavailable) << passing;
    EXPECT_TRUE(outcome.detail.starts_with("nothing was made")) << outcome.detail;
    EXPECT_EQ(change->attempts, 1) << passing;
  }
  for (const char* const fault : {"42501", "42P01", "22003", "XX001"}) {
    EXPECT_EQ(make(loop, change_of({inserting("a"), failing(fault, 1)})).error, ErrorCode::Internal) << fault;
  }
  EXPECT_EQ(ids(), "");
}

TEST_F(PostgresChangeFaultsTest, StatementsThatTheServerForgotArePreparedAgain) {
  Loop loop(address(), limits_of(seconds(30), 1));
  const auto read = [] { return change_of({asking("SELECT * FROM things"), inserting("a"), asking("SELECT 'x'")}); };
  ASSERT_FALSE(make(loop, read()).error);
  ASSERT_FALSE(make(loop, change_of({doing("DEALLOCATE ALL"), doing("DELETE FROM things")})).error);
  ChangeOutcome outcome = make(loop, read());
  EXPECT_FALSE(outcome.error) << outcome.message << outcome.detail;
  admin().run_script("DELETE FROM things; ALTER TABLE things ADD COLUMN more text");
  outcome = make(loop, read());
  EXPECT_FALSE(outcome.error) << outcome.message << outcome.detail;
  EXPECT_EQ(ids(), "a");
}

TEST_F(PostgresChangeFaultsTest, AConnectionLostBeforeTheCommitCostsNothing) {
  Loop loop(address());
  const Ask kill_once = doing(
      "SELECT pg_terminate_backend(pg_backend_pid()) FROM (SELECT nextval('attempts') AS n) AS now WHERE n = 1");
  const auto change = change_of({inserting("a"), kill_once, inserting("b")});
  const ChangeOutcome outcome = make(loop, change);
  EXPECT_FALSE(outcome.error) << outcome.message << outcome.detail;
  EXPECT_EQ(outcome.calls, 1);
  EXPECT_EQ(change->attempts, 2);
  EXPECT_EQ(ids(), "a|b") << "once";
}

TEST_F(PostgresChangeFaultsTest, WhatAlwaysLosesItsConnectionIsGivenUp) {
  Loop loop(address());
  const auto change = change_of({inserting("a"), doing("SELECT pg_terminate_backend(pg_backend_pid())")});
  const ChangeOutcome outcome = make(loop, change);
  EXPECT_EQ(outcome.error, ErrorCode::Unavailable);
  EXPECT_TRUE(outcome.detail.starts_with("nothing was made")) << outcome.detail;
  EXPECT_LE(change->attempts, 4);
  EXPECT_EQ(ids(), "");
}

TEST_F(PostgresChangeFaultsTest, ACommitWhoseAnswerIsLostIsUnknown) {
  slow_commits("60");
  Loop loop(address());
  const auto change = insert("a");
  const Outcome outcome = send(loop, change);
  ASSERT_TRUE(loop.run_until([&] { return runs("COMMIT"); }));
  terminate("COMMIT");
  ASSERT_TRUE(loop.run_until([&] { return outcome->calls > 0; }));
  EXPECT_EQ(outcome->error, ErrorCode::Unavailable);
  EXPECT_TRUE(outcome->detail.starts_with("unknown whether it was made")) << outcome->detail;
  EXPECT_FALSE(outcome->message.empty());
  admin().run_script("DROP TRIGGER dawdles ON things");
  EXPECT_FALSE(make(loop, insert("b")).error);
  EXPECT_EQ(change->attempts, 1) << "nobody but the client may try again";
  EXPECT_EQ(outcome->calls, 1);
  EXPECT_EQ(ids(), "b");
}

/// Its COMMIT is on the way, or it has none of its own: nobody knows how far the server came.
TEST_F(PostgresChangeFaultsTest, WhatLosesItsConnectionInTheLastStatementIsUnknown) {
  const Ask dawdle = asking("INSERT INTO things SELECT 'b', 1 FROM pg_sleep(60) RETURNING id");
  for (const auto& asks : {std::vector<Ask>{last(dawdle)}, {inserting("a"), last(dawdle)}}) {
    Loop loop(address());
    const auto change = change_of(asks);
    const Outcome outcome = send(loop, change);
    ASSERT_TRUE(loop.run_until([&] { return runs("INSERT%pg_sleep%"); }));
    terminate("INSERT%pg_sleep%");
    ASSERT_TRUE(loop.run_until([&] { return outcome->calls > 0; }));
    EXPECT_EQ(outcome->error, ErrorCode::Unavailable);
    EXPECT_TRUE(outcome->detail.starts_with("unknown whether it was made")) << outcome->detail;
    EXPECT_EQ(change->attempts, 1) << "nobody but the client may try again";
    EXPECT_FALSE(make(loop, insert("c")).error);
    EXPECT_EQ(ids(), "c");
    admin().run_script("DELETE FROM things");
  }
}

TEST_F(PostgresChangeFaultsTest, AConflictInTheLastStatementIsTriedAgain) {
  Loop loop(address());
  const auto passes = change_of({inserting("a"), last(failing("40001", 2))});
  EXPECT_FALSE(make(loop, passes).error);
  EXPECT_EQ(passes->attempts, 3);
  const auto alone = change_of({last(failing("40001", 2))});
  EXPECT_FALSE(make(loop, alone).error);
  EXPECT_EQ(alone->attempts, 3);
  EXPECT_EQ(ids(), "a");
}

TEST_F(PostgresChangeFaultsTest, ACommitThatTakesTooLongIsUnknown) {
  slow_commits("60");
  Loop loop(address(), limits_of(seconds(1)));
  const auto change = insert("a");
  const ChangeOutcome outcome = make(loop, change);
  EXPECT_EQ(outcome.error, ErrorCode::Unavailable);
  EXPECT_TRUE(outcome.detail.starts_with("unknown whether it was made")) << outcome.detail;
  EXPECT_TRUE(loop.run_until([&] { return !runs("COMMIT"); }, seconds(3))) << "it was not cancelled";
  EXPECT_EQ(change->attempts, 1);
}

TEST_F(PostgresChangeFaultsTest, ACommitThatIsCancelledIsNot) {
  slow_commits("60");
  Loop loop(address());
  const auto change = insert("a");
  const Outcome outcome = send(loop, change);
  ASSERT_TRUE(loop.run_until([&] { return runs("COMMIT"); }));
  admin().run_script(
      "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query = 'COMMIT' AND state = 'active'");
  ASSERT_TRUE(loop.run_until([&] { return outcome->calls > 0 || change->attempts > 1; }));
  EXPECT_EQ(change->attempts, 2) << "an error is an answer: nothing was made";
  ASSERT_TRUE(loop.run_until([&] { return runs("COMMIT"); }));
  admin().run_script(
      "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query = 'COMMIT' AND state = 'active'");
  ASSERT_TRUE(loop.run_until([&] { return outcome->calls > 0; }));
  EXPECT_EQ(outcome->error, ErrorCode::Unavailable);
  EXPECT_TRUE(outcome->detail.starts_with("nothing was made")) << outcome->detail;
  EXPECT_EQ(ids(), "");
}

TEST_F(PostgresChangeFaultsTest, AChangeThatWaitsForALockTooLongLeavesNothing) {
  Loop loop(address(), limits_of(seconds(1), 1));
  admin().run_script("INSERT INTO things VALUES ('x', 0)");
  PostgresConnection locker(address());
  locker.run_script("BEGIN; SELECT 1 FROM things FOR UPDATE");
  const auto blocked = change_of({inserting("a"), doing("UPDATE things SET number = 7 WHERE id = 'x'")});
  const ChangeOutcome outcome = make(loop, blocked);
  EXPECT_EQ(outcome.error, ErrorCode::Unavailable);
  EXPECT_TRUE(outcome.detail.starts_with("nothing was made")) << outcome.detail;
  const ChangeOutcome next = make(loop, insert("a"));
  EXPECT_FALSE(next.error) << "the session is free again: " << next.detail;
  locker.run_script("ROLLBACK");
  EXPECT_EQ(ids(), "a|x");
  EXPECT_EQ(value("SELECT number FROM things WHERE id = 'x'"), "0");
}

TEST_F(PostgresChangeFaultsTest, AChangeThatCannotBeCancelledCostsItsSession) {
  Loop loop(address(), limits_of(seconds(1), 1));
  admin().run_script(
      "CREATE OR REPLACE FUNCTION insist() RETURNS void LANGUAGE plpgsql AS 'BEGIN FOR i IN 1..6 LOOP BEGIN PERFORM "
      "pg_sleep(10); EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP; END'");
  const Outcome outcome = send(loop, change_of({inserting("a"), doing("SELECT insist()")}));
  ASSERT_TRUE(loop.run_until([&] { return outcome->calls > 0; }));
  EXPECT_EQ(outcome->error, ErrorCode::Unavailable);
  EXPECT_TRUE(loop.run_until([&] { return !make(loop, insert("b")).error; }, seconds(10)));
  EXPECT_TRUE(loop.run_until([&] { return !runs("SELECT insist()"); }, seconds(5)));
  EXPECT_EQ(outcome->calls, 1);
  EXPECT_EQ(ids(), "b");
}

/// One session, and a change that holds it while it waits for a lock: nobody else's statement gets in between.
TEST_F(PostgresChangeFaultsTest, AHeldSessionIsNobodyElses) {
  Loop loop(address(), limits_of(seconds(20), 1));
  admin().run_script("INSERT INTO things VALUES ('x', 0)");
  PostgresConnection locker(address());
  locker.run_script("BEGIN; SELECT 1 FROM things FOR UPDATE");
  const Ask whose = asking("SELECT pg_backend_pid() || ' ' || pg_current_xact_id()");
  const auto first = change_of({whose, doing("UPDATE things SET number = 1 WHERE id = 'x'"), whose});
  const auto second = change_of({whose, inserting("late")});
  const std::vector<Outcome> outcomes = {send(loop, first), send(loop, second)};
  ASSERT_TRUE(loop.run_until([&] { return runs("UPDATE things%"); }));
  EXPECT_EQ(loop.ask(support::retrieve("'read'")).rows.size(), 1U) << "readers have their own";
  EXPECT_EQ(outcomes[1]->calls, 0);
  EXPECT_EQ(second->attempts, 0);
  locker.run_script("COMMIT");
  ASSERT_TRUE(loop.run_until([&] { return all_told(outcomes); }));
  for (const Outcome& own : outcomes) ASSERT_FALSE(own->error) << own->detail;
  EXPECT_EQ(text_in(first->given[0]), text_in(first->given[2]));
  EXPECT_NE(text_in(first->given[0]), text_in(second->given[0]));
}

TEST_F(PostgresChangeFaultsTest, NoMoreWaitThanTheLimitSays) {
  base::Limits limits = limits_of(seconds(20), 1);
  limits.writes_waiting = 3;
  Loop loop(address(), limits);
  ASSERT_FALSE(make(loop, insert("first")).error);
  std::vector<Outcome> outcomes;
  for (int i = 0; i < 6; ++i) {
    outcomes.push_back(send(loop, change_of({doing("SELECT pg_sleep(0.1)"), inserting(std::to_string(i))})));
  }
  EXPECT_EQ(outcomes.back()->error, ErrorCode::Unavailable);
  EXPECT_FALSE(outcomes.back()->message.empty());
  ASSERT_TRUE(loop.run_until([&] { return all_told(outcomes); }));
  EXPECT_EQ(ids(), "0|1|2|3|first");
}

PostgresChangeFaultsTest::Tally PostgresChangeFaultsTest::judge(const std::vector<Outcome>& outcomes) {
  Tally tally;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const Outcome& own = outcomes[i];
    const bool is_there = value("SELECT count(*) FROM things WHERE id = '" + std::to_string(i) + "'") == "1";
    const bool is_unknown = own->detail.starts_with("unknown");
    ++(!own->error ? tally.made : (is_unknown ? tally.unknown : tally.not_made));
    if (own->calls != 1 || (!is_unknown && is_there == own->error.has_value())) {
      tally.wrong += std::to_string(i) + (is_there ? " is there" : " is not there") + ", told " +
                     std::to_string(own->calls) + " times; " + own->message + own->detail + '\n';
    }
  }
  return tally;
}

/// The server keeps commits in memory for a while, unless a session asks for more.
TEST_F(PostgresChangeFaultsTest, ARestartUnderLoadLosesNothingThatWasTold) {
  for (const char* const mode : {"fast", "immediate"}) {
    admin().run_script("DELETE FROM things");
    forget_admin();
    Loop loop(address());
    std::vector<Outcome> outcomes;
    std::size_t told = 0;
    bool stopping = false;
    std::function<void()> next = [&] {
      if (stopping) return;
      const auto outcome = std::make_shared<ChangeOutcome>();
      outcomes.push_back(outcome);
      // The key makes a change that was made twice fail.
      const std::string id = std::to_string(outcomes.size() - 1);
      loop.store->change(outcomes.size() % 2 == 0 ? insert(id) : change_of({last(inserting(id))}),
                         model::Mode::Production, [&, outcome](base::Status status) {
                           ++outcome->calls;
                           ++told;
                           if (!status) {
                             outcome->error = status.error().code;
                             outcome->detail = status.error().detail;
                           }
                           boost::asio::post(loop.io, next);
                         });
    };
    for (int i = 0; i < 8; ++i) next();
    ASSERT_TRUE(loop.run_until([&] { return told > 300; }));
    auto restart = std::async(std::launch::async, [&] { server().restart(mode); });
    ASSERT_TRUE(loop.run_until([&] { return restart.wait_for(seconds(0)) == std::future_status::ready; }));
    restart.get();
    const std::size_t before = told;
    ASSERT_TRUE(loop.run_until([&] { return told > before + 300; }));
    stopping = true;
    ASSERT_TRUE(loop.run_until([&] { return told == outcomes.size(); }));
    const Tally tally = judge(outcomes);
    EXPECT_EQ(tally.wrong, "") << mode;
    EXPECT_LE(tally.unknown, 8) << mode << ": at most what was under way";
    EXPECT_EQ(tally.not_made, 0) << mode << ": a short absence is waited for";
  }
}

TEST_F(PostgresChangeFaultsTest, AServerThatIsAwayIsSaidSo) {
  Loop loop(address());
  ASSERT_FALSE(make(loop, insert("a")).error);
  forget_admin();
  server().stop();
  const ChangeOutcome away = make(loop, insert("b"));
  EXPECT_EQ(away.error, ErrorCode::Unavailable);
  EXPECT_TRUE(away.detail.starts_with("nothing was made")) << away.detail;
  server().start();
  ASSERT_TRUE(loop.run_until([&] { return !make(loop, insert("b")).error; }));
  EXPECT_EQ(ids(), "a|b");
}

TEST_F(PostgresChangeFaultsTest, TheStoreMayEndAtAnyTime) {
  int calls = 0;
  const auto count = [&](const base::Status& /*status*/) { ++calls; };
  const auto retried = change_of({inserting("retried"), failing("40001", 1'000)});
  const auto asleep = change_of({inserting("asleep"), doing("SELECT pg_sleep(60)")});
  std::weak_ptr<Change> last;
  {
    Loop loop(address(), limits_of(seconds(30), 2));
    for (const auto& change : {retried, asleep, insert("waiting"), insert("waiting too")}) {
      loop.store->change(change, model::Mode::Production, count);
      last = change;
    }
    ASSERT_TRUE(loop.run_until([&] { return retried->attempts > 1 && runs("SELECT pg_sleep%"); }));
    calls = 0;
    loop.store.reset();
    loop.io.restart();
    loop.io.run();
    EXPECT_EQ(calls, 0);
    EXPECT_TRUE(last.expired()) << "what was dropped is let go of";
  }
  Loop other(address());
  EXPECT_TRUE(other.run_until([&] { return !runs("SELECT pg_sleep%"); }, seconds(5)));
  EXPECT_EQ(value("SELECT count(*) FROM things WHERE id IN ('retried', 'asleep')"), "0");
}

TEST_F(PostgresChangeFaultsTest, TheLoopMayEndBeforeTheStore) {
  auto io = std::make_unique<boost::asio::io_context>(1);
  const auto store = std::make_shared<PostgresStore>(
      *io, PostgresOptions{.address = address(), .api = std::make_shared<model::Api>()}, nullptr);
  int calls = 0;
  // As a call does, the completion holds the store.
  for (int i = 0; i < 3; ++i) {
    store->change(change_of({doing("SELECT pg_sleep(60)")}), model::Mode::Production,
                  [&calls, store](const base::Status& /*status*/) { ++calls; });
  }
  const Clock::time_point end = Clock::now() + seconds(30);
  while (!runs("SELECT pg_sleep%") && Clock::now() < end) io->run_one_for(milliseconds(20));
  io.reset();
  EXPECT_EQ(calls, 0);
  EXPECT_EQ(store.use_count(), 1);
  std::optional<ErrorCode> refused;
  store->change(insert("a"), model::Mode::Production,
                [&](const base::Status& status) { refused = status.error().code; });
  EXPECT_EQ(refused, ErrorCode::Unavailable);
}

TEST_F(PostgresChangeFaultsTest, TheStoreMayEndInItsOwnCompletion) {
  Loop loop(address());
  bool ended = false;
  loop.store->change(insert("a"), model::Mode::Production, [&](const base::Status& status) {
    ended = static_cast<bool>(status);
    loop.store.reset();
  });
  for (int i = 0; i < 3; ++i) {
    loop.store->change(insert(std::to_string(i)), model::Mode::Production, [](const auto& /*status*/) {});
  }
  ASSERT_TRUE(loop.run_until([&] { return ended; }));
}

}  // namespace
}  // namespace portico::store
