// Changes on PostgreSQL: what lasts, what does not, and what is said of it.
#include <set>

#include "postgres_changing.hpp"
#include "store/postgres_violations.hpp"
#include "store/schema.hpp"
#include "support/writing_api.hpp"

namespace portico::store {
namespace {

using base::ErrorCode;
using support::PostgresOutcome;
using support::PostgresServer;
using Kind = Violation::Kind;

class PostgresChangeTest : public PostgresChangingTest {
 protected:
  /// What came of a statement that a constraint refuses.
  Violation violation(Loop& loop, const std::string& sql) {
    const auto change = change_of({inserting("undone"), doing(sql)});
    const ChangeOutcome outcome = make(loop, change);
    EXPECT_FALSE(outcome.error) << "an outcome, not a failure: " << outcome.message << outcome.detail;
    EXPECT_EQ(change->attempts, 1);
    EXPECT_TRUE(change->violation) << sql;
    return change->violation.value_or(Violation{});
  }
};

TEST_F(PostgresChangeTest, WhatIsCommittedIsThereAndWhatItsStatementsGaveIsTold) {
  Loop loop(address());
  const auto change = change_of(
      {inserting("a"),
       asking("INSERT INTO things VALUES ('b', 2), ('c', 3) RETURNING id"),
       {.statement = {.sql = "SELECT number, id FROM things WHERE id > $1 ORDER BY id FOR UPDATE", .binds = {"a"}},
        .columns = 2,
        .readings = {plan::Reading::Integer, plan::Reading::Text}},
       doing("UPDATE things SET number = number + 1 WHERE id <> 'a'"),
       asking("SELECT id FROM things WHERE id = 'none'"),
       doing("DELETE FROM things WHERE id = 'a'")});
  const ChangeOutcome outcome = make(loop, change);
  ASSERT_FALSE(outcome.error) << outcome.message << outcome.detail;
  EXPECT_EQ(value("SELECT string_agg(id || number, ' ' ORDER BY id) FROM things"), "b3 c4");
  ASSERT_EQ(change->given.size(), 6U);
  EXPECT_EQ(change->given[0].changed, 1);
  EXPECT_EQ(change->given[0].rows.size(), 0U);
  EXPECT_EQ(change->given[1].changed, 2);
  EXPECT_EQ(change->given[1].rows.row(1)[0].text, "c");
  EXPECT_EQ(change->given[2].changed, 0) << "rows read are none changed";
  ASSERT_EQ(change->given[2].rows.size(), 2U);
  EXPECT_EQ(change->given[2].rows.row(1)[0].integer, 3);
  EXPECT_EQ(change->given[2].rows.row(1)[1].text, "c");
  EXPECT_EQ(change->given[3].changed, 2);
  EXPECT_EQ(change->given[4].rows.size(), 0U);
  EXPECT_EQ(change->given[5].changed, 1);
  EXPECT_EQ(change->attempts, 1);
}

TEST_F(PostgresChangeTest, WhatIsRolledBackLeavesNothingAndIsNoError) {
  Loop loop(address());
  EXPECT_FALSE(make(loop, insert("a", Step::RollBack)).error);
  EXPECT_EQ(ids(), "");
  EXPECT_FALSE(make(loop, insert("b")).error) << "the session goes on";
  EXPECT_EQ(ids(), "b");
}

/// Who was refused may ask again at once, and must not meet locks of its own.
TEST_F(PostgresChangeTest, WhenItIsToldTheLocksAreGone) {
  Loop loop(address(), limits_of(std::chrono::seconds(30)));
  const Ask claim = asking("SELECT pg_try_advisory_xact_lock(7)::text");
  make(loop, insert("warm"));
  for (int i = 0; i < 50; ++i) {
    for (const bool violates : {false, true}) {
      std::vector<Ask> asks = {claim};
      if (violates) asks.push_back(inserting("warm"));
      ASSERT_FALSE(make(loop, change_of(std::move(asks), Step::RollBack)).error);
      ASSERT_EQ(value("SELECT pg_try_advisory_xact_lock(7)"), "t");
    }
  }
}

TEST_F(PostgresChangeTest, AChangeThatAsksNothingNeedsNoTransaction) {
  Loop loop(address());
  EXPECT_FALSE(make(loop, change_of({})).error);
  EXPECT_FALSE(make(loop, change_of({}, Step::RollBack)).error);
  EXPECT_FALSE(make(loop, insert("a")).error);
  EXPECT_EQ(ids(), "a");
}

TEST_F(PostgresChangeTest, RunsInATransactionOfOursWhateverTheRolesDefaultsAre) {
  Loop loop(
      address() +
      "&options=-c%20default_transaction_isolation%3Dserializable%20-c%20default_transaction_read_only%3Don%20-c%20"
      "default_transaction_deferrable%3Don%20-c%20synchronous_commit%3Doff");
  const Ask ask = asking(
      "SELECT concat_ws(' ', current_setting('transaction_isolation'), current_setting('transaction_read_only'), "
      "current_setting('transaction_deferrable'), current_setting('synchronous_commit'), "
      "current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout'), "
      "current_setting('TimeZone'))");
  for (const Ask& asked : {ask, last(ask)}) {
    const auto change = change_of({asked});
    const ChangeOutcome outcome = make(loop, change);
    ASSERT_FALSE(outcome.error) << outcome.message << outcome.detail;
    EXPECT_EQ(text_in(change->given.at(0)), "read committed off off on 30s 30s UTC");
  }
  Loop careful(address() + "&options=-c%20synchronous_commit%3Dremote_apply");
  const auto shown = change_of({asking("SHOW synchronous_commit")});
  make(careful, shown);
  EXPECT_EQ(text_in(shown->given.at(0)), "remote_apply") << "more than we ask for stays";
}

TEST_F(PostgresChangeTest, AViolationEndsTheAttemptWithNothingMade) {
  Loop loop(address());
  admin().run_script(
      "CREATE UNIQUE INDEX \"odd name\" ON things (number, lower(id)); CREATE TABLE IF NOT EXISTS owned (thing text "
      "REFERENCES things, \"a \"\"b\" bigint UNIQUE); TRUNCATE owned, things; INSERT INTO things VALUES ('a', 5); "
      "INSERT "
      "INTO owned VALUES ('a', 1)");
  const auto key = violation(loop, "INSERT INTO things VALUES ('a', 6)");
  EXPECT_EQ(key.kind, Kind::Unique);
  EXPECT_EQ(key.table, "things");
  EXPECT_EQ(key.columns, std::vector<std::string>{"id"});
  const auto expression = violation(loop, "INSERT INTO things VALUES ('A', 5)");
  EXPECT_EQ(expression.kind, Kind::Unique);
  EXPECT_EQ(expression.columns.front(), "number");
  EXPECT_EQ(violation(loop, "INSERT INTO owned VALUES ('a', 1)").columns, std::vector<std::string>{"a \"b"});
  const auto null = violation(loop, "INSERT INTO things VALUES ('n', NULL)");
  EXPECT_EQ(null.kind, Kind::Null);
  EXPECT_EQ(null.table, "things");
  EXPECT_EQ(null.columns, std::vector<std::string>{"number"});
  const auto check = violation(loop, "INSERT INTO things VALUES ('n', -1)");
  EXPECT_EQ(check.kind, Kind::Check);
  EXPECT_EQ(check.table, "things");
  const auto reference = violation(loop, "INSERT INTO owned VALUES ('nobody', 2)");
  EXPECT_EQ(reference.kind, Kind::Reference);
  EXPECT_EQ(reference.columns, std::vector<std::string>{"thing"});
  EXPECT_EQ(violation(loop, "DELETE FROM things WHERE id = 'a'").kind, Kind::Reference);
  EXPECT_EQ(ids(), "a");
  admin().run_script("DROP TABLE owned");
}

TEST_F(PostgresChangeTest, AConstraintThatIsJudgedByTheCommitIsAViolationToo) {
  Loop loop(address());
  admin().run_script(
      "ALTER TABLE things ADD CONSTRAINT late UNIQUE (number) DEFERRABLE INITIALLY DEFERRED; INSERT INTO things "
      "VALUES "
      "('a', 1)");
  const auto change = insert("b");
  const ChangeOutcome outcome = make(loop, change);
  EXPECT_FALSE(outcome.error) << outcome.message << outcome.detail;
  ASSERT_TRUE(change->violation);
  EXPECT_EQ(change->violation->columns, std::vector<std::string>{"number"});
  EXPECT_EQ(ids(), "a");
  EXPECT_FALSE(make(loop, change_of({doing("UPDATE things SET number = 2")})).error);
  EXPECT_FALSE(make(loop, insert("b")).error);
  EXPECT_EQ(ids(), "a|b");
}

TEST_F(PostgresChangeTest, TheLastStatementIsCommittedWithIt) {
  Loop loop(address());
  const Ask insert_b = asking("INSERT INTO things VALUES ('b', 2) RETURNING id");
  const auto alone = change_of({last(insert_b)});
  ChangeOutcome outcome = make(loop, alone);
  ASSERT_FALSE(outcome.error) << outcome.message << outcome.detail;
  EXPECT_EQ(text_in(alone->given.at(0)), "b");
  EXPECT_EQ(ids(), "b");
  const auto behind =
      change_of({inserting("a"), asking("SELECT id FROM things WHERE id = 'a'"), last(inserting("c"))});
  outcome = make(loop, behind);
  ASSERT_FALSE(outcome.error) << outcome.message << outcome.detail;
  EXPECT_EQ(text_in(behind->given.at(1)), "a");
  EXPECT_EQ(behind->given.at(2).changed, 1);
  EXPECT_EQ(ids(), "a|b|c");
  EXPECT_FALSE(make(loop, insert("d")).error) << "the session goes on";
  EXPECT_EQ(ids(), "a|b|c|d");
}

/// Whether the statement is refused, its commit, or a statement before it.
TEST_F(PostgresChangeTest, AViolationOfTheLastStatementLeavesNothing) {
  Loop loop(address());
  admin().run_script(
      "ALTER TABLE things ADD CONSTRAINT late UNIQUE (number) DEFERRABLE INITIALLY DEFERRED; INSERT INTO things "
      "VALUES ('a', 7)");
  const Ask fits = doing("INSERT INTO things VALUES ('b', 8)");
  const Ask key_is_taken = doing("INSERT INTO things VALUES ('a', 9)");
  const Ask number_is_taken = doing("INSERT INTO things VALUES ('c', 7)");
  const auto column_of = [&](std::vector<Ask> asks) {
    const auto change = change_of(std::move(asks));
    const ChangeOutcome outcome = make(loop, change);
    EXPECT_FALSE(outcome.error) << outcome.message << outcome.detail;
    EXPECT_EQ(change->attempts, 1);
    return change->violation ? change->violation->columns.at(0) : "none";
  };
  EXPECT_EQ(column_of({last(key_is_taken)}), "id");
  EXPECT_EQ(column_of({last(number_is_taken)}), "number");
  EXPECT_EQ(column_of({fits, last(key_is_taken)}), "id");
  EXPECT_EQ(column_of({fits, last(number_is_taken)}), "number");
  EXPECT_EQ(column_of({number_is_taken, last(fits)}), "number");
  EXPECT_EQ(ids(), "a");
  EXPECT_EQ(column_of({last(fits)}), "none");
  EXPECT_EQ(ids(), "a|b");
}

TEST(PostgresViolations, AnIndexOfOursIsKnownByItsName) {
  const auto api = support::writing_api();
  const Schema schema = wanted_schema(*api, plan::SqlFlavor::Postgres);
  const auto index = std::find_if(schema.indexes.begin(), schema.indexes.end(), [](const WantedIndex& own) {
    return own.table == "orders" && own.uniqueness == Uniqueness::Unique;
  });
  ASSERT_NE(index, schema.indexes.end());
  PostgresViolations violations(api);
  const auto found = violations.find({.sqlstate = "23505",
                                      .words = "",
                                      .schema = "portico_sandbox",
                                      .table = "orders",
                                      .constraint = index->name,
                                      .detail = "Schlüssel (x, y)=(1, 2) existiert bereits."});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->kind, Kind::Unique);
  EXPECT_EQ(found->table, "orders");
  ASSERT_EQ(found->columns.size(), index->columns.size());
  for (std::size_t i = 0; i < found->columns.size(); ++i) EXPECT_EQ(found->columns[i], index->columns[i].name);
  const auto strange = violations.find({.sqlstate = "23505",
                                        .words = "",
                                        .table = "orders",
                                        .constraint = "of somebody else's",
                                        .detail = "Schlüssel (x, \"y, z\")=(1, 2) existiert bereits."});
  EXPECT_EQ(strange->columns.front(), "x");
  EXPECT_FALSE(violations.find({.sqlstate = "42501", .words = ""}));
}

TEST_F(PostgresChangeTest, AFaultOfTheProcedureIsInternalAndLeavesNothing) {
  Loop loop(address());
  const auto change = insert("a");
  change->before_end = [] { throw std::runtime_error("a fault of ours"); };
  const ChangeOutcome outcome = make(loop, change);
  EXPECT_EQ(outcome.error, ErrorCode::Internal);
  EXPECT_EQ(outcome.message, "a fault of ours");
  EXPECT_EQ(make(loop, change_of({inserting("a"), doing("SELEC 1")})).error, ErrorCode::Internal);
  // Fewer columns than are to be read, and one that is not as it should be read.
  EXPECT_EQ(make(loop, change_of({inserting("a"), asking("DELETE FROM things")})).error, ErrorCode::Internal);
  EXPECT_EQ(make(loop, change_of({inserting("a"),
                                  {.statement = {.sql = "SELECT id FROM things", .binds = {}},
                                   .columns = 1,
                                   .readings = {plan::Reading::Integer}}}))
                .error,
            ErrorCode::Internal);
  EXPECT_FALSE(make(loop, insert("b")).error);
  EXPECT_EQ(ids(), "b");
}

TEST_F(PostgresChangeTest, NothingIsMadeInADatabaseThatIsOnlyRead) {
  boost::asio::io_context io(1);
  auto api = std::make_shared<model::Api>();
  api->database.existing = true;
  PostgresStore store(io, {.address = address(), .api = api}, nullptr);
  std::optional<ErrorCode> refused;
  store.change(insert("a"), model::Mode::Production,
               [&](const base::Status& status) { refused = status.error().code; });
  EXPECT_EQ(refused, ErrorCode::Internal);
}

TEST_F(PostgresChangeTest, ManyChangesShareFewSessionsAndNeverATransaction) {
  Loop loop(address() + "&application_name=sharing", limits_of(std::chrono::seconds(30), 3));
  constexpr int many = 300;
  const Ask whose = asking("SELECT pg_current_xact_id()::text || ' ' || pg_backend_pid()");
  std::vector<std::shared_ptr<Change>> changes;
  std::vector<Outcome> outcomes;
  for (int i = 0; i < many; ++i) {
    changes.push_back(change_of({whose, inserting(std::to_string(i)), whose,
                                 doing(i % 7 == 3 ? "INSERT INTO things VALUES ('0', -1)" : "SELECT 1"), whose},
                                i % 5 == 2 ? Step::RollBack : Step::Commit));
    outcomes.push_back(send(loop, changes.back()));
    if (i % 10 == 0) static_cast<void>(loop.io.poll());  // some come while others are under way
  }
  ASSERT_TRUE(loop.run_until([&] { return all_told(outcomes); }));
  std::set<std::string> transactions;
  std::set<std::string> sessions;
  int expected = 0;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    ASSERT_FALSE(outcomes[i]->error) << outcomes[i]->message << outcomes[i]->detail;
    EXPECT_EQ(outcomes[i]->calls, 1);
    const auto& given = changes[i]->given;
    ASSERT_GE(given.size(), 3U);
    const std::string own = text_in(given[0]);
    EXPECT_EQ(text_in(given[2]), own);
    if (i % 7 != 3) {
      EXPECT_EQ(text_in(given.at(4)), own);
      if (i % 5 != 2) ++expected;
    }
    EXPECT_TRUE(transactions.insert(own).second) << "two changes in one transaction";
    sessions.insert(own.substr(own.find(' ')));
  }
  EXPECT_LE(sessions.size(), 3U);
  EXPECT_EQ(value("SELECT count(*) FROM things"), std::to_string(expected));
  EXPECT_EQ(
      value("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'sharing' AND state LIKE 'idle in%'"),
      "0");
}

TEST_F(PostgresChangeTest, WhatEachReadsUnderLockNobodyElseHasRead) {
  Loop one(address(), limits_of(std::chrono::seconds(30), 4));
  admin().run_script("INSERT INTO things VALUES ('counter', 0)");
  std::vector<Outcome> outcomes;
  constexpr int many = 200;
  for (int i = 0; i < many; ++i) {
    outcomes.push_back(send(one, change_of({asking("SELECT number::text FROM things WHERE id = 'counter' FOR UPDATE"),
                                            doing("UPDATE things SET number = number + 1 WHERE id = 'counter'")})));
  }
  ASSERT_TRUE(one.run_until([&] { return all_told(outcomes); }));
  for (const Outcome& own : outcomes) EXPECT_FALSE(own->error) << own->detail;
  EXPECT_EQ(value("SELECT number FROM things"), std::to_string(many));
}

/// With less room for prepared statements than a change has: what makes room is let go of within its transaction.
TEST_F(PostgresChangeTest, StatementsMakeRoomForEachOther) {
  base::Limits limits = limits_of(std::chrono::seconds(30), 1);
  limits.statements_prepared = 2;
  Loop loop(address(), limits);
  for (int i = 0; i < 20; ++i) {
    const auto change = change_of({asking("SELECT 'one'"), inserting(std::to_string(i)), asking("SELECT 'two'"),
                                   asking("SELECT 'three-" + std::to_string(i) + "'")});
    const ChangeOutcome outcome = make(loop, change);
    ASSERT_FALSE(outcome.error) << outcome.message << outcome.detail;
    ASSERT_EQ(text_in(change->given.at(3)), "three-" + std::to_string(i));
    EXPECT_EQ(change->attempts, 1);
  }
  EXPECT_EQ(value("SELECT count(*) FROM things"), "20");
}

/// Without a 2xx that the next page of any loop belies.
TEST_F(PostgresChangeTest, WhatOneLoopWasToldEveryLoopSees) {
  Loop one(address());
  Loop other(address());
  plan::ListPlan list = support::growing("SELECT id FROM things ORDER BY id LIMIT 1");
  list.size = 1;
  list.page_with_count.sql =
      "SELECT id, pg_current_snapshot()::text, (SELECT count(*) FROM things) FROM things LIMIT 1";
  list.count.sql = "SELECT count(*), pg_current_snapshot()::text FROM things";
  const plan::Plan plan = list;
  for (int i = 1; i <= 20; ++i) {
    ASSERT_FALSE(make(one, insert(std::to_string(i))).error);
    for (Loop* const loop : {&other, &one, &other, &one}) {
      const PostgresOutcome page = loop->ask(plan);
      ASSERT_EQ(page.count, i) << page.detail;
    }
  }
}

TEST_F(PostgresChangeTest, OfSeveralHostsTheOneThatCanBeWrittenIsTaken) {
  PostgresServer primary;
  PostgresServer standby(primary, PostgresServer::Standby::OfStopped);
  const std::string both = "postgresql://portico@127.0.0.1:" + std::to_string(standby.port()) +
                           ",127.0.0.1:" + std::to_string(primary.port()) + "/postgres";
  Loop loop(both);
  const plan::Plan where = support::retrieve("pg_is_in_recovery()");
  EXPECT_EQ(loop.ask(where).rows.at(0).at(0), "true");
  const auto change = change_of({doing("CREATE TABLE made (id text)"), asking("SELECT pg_is_in_recovery()::text")});
  const ChangeOutcome outcome = make(loop, change);
  ASSERT_FALSE(outcome.error) << outcome.message << outcome.detail;
  EXPECT_EQ(text_in(change->given.at(1)), "false");
  Loop alone(standby.address());
  const ChangeOutcome refused = make(alone, insert("a"));
  EXPECT_EQ(refused.error, ErrorCode::Unavailable);
  EXPECT_NE(refused.detail.find("hot standby"), std::string::npos) << refused.detail;
  EXPECT_EQ(alone.ask(where).rows.size(), 1U) << "it is still read";
}

}  // namespace
}  // namespace portico::store
