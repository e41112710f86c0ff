// Procedures that only look, on PostgreSQL: beside those who write, on one snapshot, in transactions that only read.
#include "postgres_changing.hpp"

namespace portico::store {
namespace {

using base::ErrorCode;
using std::chrono::seconds;

class PostgresConsultTest : public PostgresChangingTest {
 protected:
  static Outcome look(Loop& loop, std::shared_ptr<Mutation> looking) {
    auto outcome = std::make_shared<ChangeOutcome>();
    loop.store->consult(std::move(looking), model::Mode::Production,
                        [outcome](const base::Status& status) { note(*outcome, status); });
    return outcome;
  }
  static ChangeOutcome consult(Loop& loop, std::shared_ptr<Mutation> looking) {
    const Outcome outcome = look(loop, std::move(looking));
    loop.run_until([&] { return outcome->calls > 0; });
    return *outcome;
  }
};

TEST_F(PostgresConsultTest, WhoLooksDoesNotWaitForWhoWrites) {
  Loop loop(address(), limits_of(seconds(30), 1));
  ASSERT_FALSE(make(loop, insert("a")).error);
  // The one connection for changes waits for a row that somebody else holds.
  admin().run_script("BEGIN; UPDATE things SET number = 7");
  const Outcome waiting = send(loop, change_of({doing("UPDATE things SET number = 8")}));
  PostgresConnection other(address());
  ASSERT_TRUE(loop.run_until([&] { return other.run("SELECT 1 FROM pg_locks WHERE NOT granted").rows() > 0; }));
  const auto looking =
      change_of({asking("SELECT number::text FROM things WHERE id = 'a'"), asking("SELECT 'again'")});
  EXPECT_FALSE(consult(loop, looking).error);
  EXPECT_EQ(text_in(looking->given.at(0)), "1");
  EXPECT_EQ(text_in(looking->given.at(1)), "again");
  EXPECT_EQ(waiting->calls, 0);
  admin().run_script("COMMIT");
  ASSERT_TRUE(loop.run_until([&] { return waiting->calls > 0; }));
  EXPECT_FALSE(waiting->error) << waiting->detail;
  EXPECT_EQ(value("SELECT number FROM things"), "8");
}

TEST_F(PostgresConsultTest, AllStatementsSeeOneSnapshot) {
  Loop loop(address());
  ASSERT_FALSE(make(loop, insert("a")).error);
  const Ask all = asking("SELECT string_agg(id, '|') FROM things");
  const auto looking = change_of({all, asking("SELECT 'slow' FROM pg_sleep(0.3)"), all,
                                  asking("SELECT current_setting('transaction_read_only') || ' ' || "
                                         "current_setting('transaction_isolation')")});
  const Outcome outcome = look(loop, looking);
  ASSERT_TRUE(loop.run_until([&] { return runs("%'slow'%"); }));
  admin().run_script("INSERT INTO things VALUES ('b', 1)");
  ASSERT_TRUE(loop.run_until([&] { return outcome->calls > 0; }));
  EXPECT_FALSE(outcome->error) << outcome->detail;
  EXPECT_EQ(text_in(looking->given.at(0)), "a");
  EXPECT_EQ(text_in(looking->given.at(2)), "a") << "it saw a commit between its statements";
  EXPECT_EQ(text_in(looking->given.at(3)), "on repeatable read");
  EXPECT_FALSE(consult(loop, looking).error);
  EXPECT_EQ(text_in(looking->given.at(0)), "a|b") << "the snapshot was kept";
}

TEST_F(PostgresConsultTest, WhoLooksChangesNothingAndLeavesNoTransaction) {
  Loop loop(address() + "&application_name=looking");
  EXPECT_EQ(consult(loop, insert("a")).error, ErrorCode::Internal);
  const auto throwing = change_of({asking("SELECT 'a'")});
  throwing->before_end = [] { throw std::runtime_error("planted"); };
  EXPECT_EQ(consult(loop, throwing).message, "planted");
  EXPECT_FALSE(consult(loop, change_of({asking("SELECT 'a'")}, Step::RollBack)).error);
  EXPECT_FALSE(consult(loop, change_of({asking("SELECT 'a'")})).error);
  EXPECT_EQ(
      value("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'looking' AND state LIKE 'idle in%'"),
      "0");
  EXPECT_EQ(ids(), "");
  EXPECT_TRUE(loop.store->health_of_changes());
}

TEST_F(PostgresConsultTest, WhoLooksBeginsAgainWhereItsConnectionIsLost) {
  Loop loop(address());
  const auto looking = change_of({asking("SELECT 'lost' FROM pg_sleep(0.5)")});
  const Outcome outcome = look(loop, looking);
  ASSERT_TRUE(loop.run_until([&] { return runs("%'lost'%"); }));
  terminate("%'lost'%");
  ASSERT_TRUE(loop.run_until([&] { return outcome->calls > 0; }));
  EXPECT_FALSE(outcome->error) << outcome->detail;
  EXPECT_EQ(looking->attempts, 2);
}

TEST_F(PostgresConsultTest, AChangeThatFindsNoRoomMakesTheHealthOfChangesBadUntilOneIsMade) {
  Loop loop(address());
  EXPECT_TRUE(loop.store->health_of_changes());
  const Ask full = doing("DO $$BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '53100'; END$$");
  EXPECT_EQ(make(loop, change_of({full})).error, ErrorCode::Unavailable);
  const base::Status health = loop.store->health_of_changes();
  ASSERT_FALSE(health);
  EXPECT_NE(health.error().detail.find("no room"), std::string::npos);
  EXPECT_TRUE(loop.run_until([&] { return static_cast<bool>(loop.store->health()); })) << "reading works";
  EXPECT_EQ(make(loop, change_of({doing("SELECT no_such_function()")})).error, ErrorCode::Internal);
  EXPECT_FALSE(loop.store->health_of_changes());
  EXPECT_FALSE(make(loop, insert("a")).error);
  EXPECT_TRUE(loop.store->health_of_changes());
}

}  // namespace
}  // namespace portico::store
