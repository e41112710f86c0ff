#include "store/sqlite_writer.hpp"

#include <atomic>
#include <chrono>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "support/faulty_disk.hpp"
#include "support/scripted_change.hpp"
#include "writing.hpp"

namespace portico::store {
namespace {

using base::ErrorCode;
using support::FaultyDisk;
using support::Holding;

using SqliteWriterTest = WritingTest;

TEST_F(SqliteWriterTest, WhatWaitsIsMadeByOneCommitThatIsOnTheDiskBeforeAnyIsTold) {
  const FaultyDisk disk;
  open();
  ASSERT_TRUE(make(insert("first")));  // what opening and the beginning of the log cost is over
  Holding holding;
  ASSERT_TRUE(submit(holding.change()));
  holding.wait();
  const int before = FaultyDisk::syncs;
  constexpr int waiting = 50;
  std::atomic<int> told_too_early = 0;
  for (int number = 0; number < waiting; ++number) {
    ASSERT_TRUE(writer_->submit(insert(std::to_string(number)), nullptr,
                                [&, ended = endings_.of(submitted_++)](const base::Status& status, const Rest&) {
                                  if (FaultyDisk::syncs == before) ++told_too_early;
                                  ended(status);
                                }));
  }
  holding.let_go();
  const auto endings = endings_.wait(submitted_);
  ASSERT_EQ(endings.size(), submitted_);
  for (std::size_t at = 0; at < endings.size(); ++at) {
    EXPECT_TRUE(endings[at].status);
    EXPECT_EQ(endings[at].number, at) << "not in the order in which they came";
  }
  EXPECT_EQ(told_too_early, 0);
  EXPECT_LE(FaultyDisk::syncs - before, 2) << "two, where this machine was slow to begin them all";
  SqliteConnection reader(file(), {.mode = OpenMode::ReadOnly});
  SqliteStatement count(reader, "SELECT count(*) FROM things");
  ASSERT_TRUE(count.step());
  EXPECT_EQ(count.integer(0), 1 + waiting);
}

TEST_F(SqliteWriterTest, NoMoreThanChangesPerCommitShareOne) {
  const FaultyDisk disk;
  open({.changes_per_commit = 5});
  ASSERT_TRUE(make(insert("first")));
  Holding holding;
  ASSERT_TRUE(submit(holding.change()));
  holding.wait();
  const int before = FaultyDisk::syncs;
  for (int number = 0; number < 14; ++number) ASSERT_TRUE(submit(insert(std::to_string(number))));  // 4 + 5 + 5
  holding.let_go();
  for (const auto& ending : endings_.wait(submitted_)) EXPECT_TRUE(ending.status);
  EXPECT_EQ(FaultyDisk::syncs - before, 3);
}

TEST_F(SqliteWriterTest, OneThatFailsLeavesItsNeighboursAlone) {
  open();
  Holding holding;
  ASSERT_TRUE(submit(holding.change()));
  holding.wait();
  const auto taken = insert("a");
  const auto throws = insert("b");
  throws->before_end = [] { throw std::runtime_error("a fault of ours"); };
  std::vector<Ask> half(2);
  half[0].statement.sql = "INSERT INTO things VALUES ('half', 1)";
  half[1].statement.sql = "INSERT INTO things VALUES ('a', 1)";
  const auto halved = std::make_shared<Change>(half);
  for (const auto& change : {insert("a"), taken, throws, insert("c"), insert("refused", Step::RollBack),
                             Change::of("INSERT INTO nowhere VALUES (1)"), halved, insert("d")}) {
    ASSERT_TRUE(submit(change));
  }
  holding.let_go();
  const auto endings = endings_.wait(submitted_);
  ASSERT_EQ(endings.size(), submitted_);
  EXPECT_EQ(ids(), "a|c|d");
  for (const std::size_t fine : {1U, 2U, 4U, 5U, 7U, 8U}) EXPECT_TRUE(endings[fine].status) << fine;
  ASSERT_TRUE(taken->violation);
  EXPECT_EQ(taken->violation->table, "things");
  ASSERT_TRUE(halved->violation);
  ASSERT_FALSE(endings[3].status);
  EXPECT_EQ(endings[3].status.error().code, ErrorCode::Internal);
  EXPECT_EQ(endings[3].status.error().message, "a fault of ours");
  ASSERT_FALSE(endings[6].status);
  EXPECT_EQ(endings[6].status.error().code, ErrorCode::Internal);
  EXPECT_NE(endings[6].status.error().message.find("no such table: nowhere"), std::string::npos)
      << endings[6].status.error().message;
}

TEST_F(SqliteWriterTest, WhatALastStatementGaveIsLeftToWhoIsTold) {
  open();
  const auto change = insert_last("a");
  std::promise<Rest> left;
  ASSERT_TRUE(writer_->submit(change, nullptr, [&](const base::Status& status, Rest rest) {
    EXPECT_TRUE(status);
    left.set_value(std::move(rest));
  }));
  Rest rest = left.get_future().get();
  EXPECT_EQ(ids(), "a") << "told before it was made";
  EXPECT_TRUE(change->given.empty());
  ASSERT_NE(rest.procedure, nullptr);
  ASSERT_EQ(rest.given.rows.size(), 1U);
  EXPECT_EQ(rest.given.rows.row(0)[0].text, "a");
  EXPECT_EQ(rest.given.changed, 1);
  EXPECT_EQ(rest.procedure->next(std::move(rest.given)), Step::Commit);
  EXPECT_EQ(change->attempts, 1);
}

TEST_F(SqliteWriterTest, LastStatementsThatFailLeaveTheirNeighboursAlone) {
  open();
  Holding holding;
  ASSERT_TRUE(submit(holding.change()));
  holding.wait();
  const auto taken = insert_last("a");
  std::vector<Ask> asks(2);
  asks[0].statement.sql = "INSERT INTO things VALUES ('before', 1)";
  asks[1].statement.sql = "INSERT INTO things VALUES ('a', 1)";
  asks[1].is_last = true;
  const auto halved = std::make_shared<Change>(asks);
  asks[1].statement.sql = "INSERT INTO things VALUES ('fine', 1)";
  const auto whole = std::make_shared<Change>(asks);
  asks.resize(1);
  asks[0].is_last = true;
  asks[0].statement.sql = "INSERT INTO things VALUES ('b', 1), ('c', 1), ('a', 1)";
  const auto several = std::make_shared<Change>(asks);
  asks[0].statement.sql = "INSERT INTO things SELECT 'b', abs(-9223372036854775807 - 1)";
  const auto fails = std::make_shared<Change>(asks);
  for (const auto& change : {insert_last("a"), taken, halved, several, fails, insert_last("d"), whole}) {
    ASSERT_TRUE(submit(change));
  }
  holding.let_go();
  const auto endings = endings_.wait(submitted_);
  ASSERT_EQ(endings.size(), submitted_);
  EXPECT_EQ(ids(), "a|before|d|fine");
  for (const auto& refused : {taken, halved, several}) {
    ASSERT_TRUE(refused->violation);
    EXPECT_EQ(refused->violation->table, "things");
  }
  EXPECT_FALSE(endings[5].status) << "the overflow";
}

/// What throws within a last statement cannot be undone alone: all of the transaction is, and the others are made
/// again.
TEST_F(SqliteWriterTest, NeighboursOfALastStatementThatIsInterruptedAreMadeAgain) {
  open({.query_timeout = std::chrono::seconds(1)});
  Holding holding;
  ASSERT_TRUE(submit(holding.change()));
  holding.wait();
  const auto neighbour = insert_last("before");
  const auto never = endless(true);
  ASSERT_TRUE(submit(neighbour));
  ASSERT_TRUE(submit(never));
  holding.let_go();
  const auto endings = endings_.wait(3);
  ASSERT_EQ(endings.size(), 3U);
  EXPECT_TRUE(endings[1].status);
  EXPECT_EQ(neighbour->attempts, 2);
  ASSERT_FALSE(endings[2].status);
  EXPECT_EQ(endings[2].status.error().code, ErrorCode::Unavailable);
  EXPECT_EQ(ids(), "before");
}

TEST_F(SqliteWriterTest, AProcedureIsGivenRowsAndHowManyChanged) {
  open();
  ASSERT_TRUE(make(insert("a")));
  ASSERT_TRUE(make(insert("b")));
  std::vector<Ask> asks(5);
  asks[0].statement = {.sql = "UPDATE things SET number = number + ?", .binds = {std::int64_t{5}}};
  asks[1] = {.statement = {.sql = "SELECT id, number FROM things ORDER BY id", .binds = {}}, .columns = 2};
  asks[2] = {.statement = {.sql = "INSERT INTO things VALUES ('c', 3) RETURNING number", .binds = {}}, .columns = 1};
  asks[4].statement.sql = "DELETE FROM things WHERE number > 100";  // asks[3]: no statement at all
  const auto change = std::make_shared<Change>(asks);
  ASSERT_TRUE(make(change));
  ASSERT_EQ(change->given.size(), 5U);
  EXPECT_EQ(change->given[0].changed, 2);
  EXPECT_EQ(change->given[1].changed, 0) << "reading changes nothing";
  ASSERT_EQ(change->given[1].rows.size(), 2U);
  EXPECT_EQ(change->given[1].rows.row(1)[0].text, "b");
  EXPECT_EQ(change->given[1].rows.row(1)[1].integer, 6);
  EXPECT_EQ(change->given[2].changed, 1);
  ASSERT_EQ(change->given[2].rows.size(), 1U);
  EXPECT_EQ(change->given[2].rows.row(0)[0].integer, 3);
  EXPECT_EQ(change->given[3].rows.size(), 0U);
  EXPECT_EQ(change->given[4].changed, 0);
}

TEST_F(SqliteWriterTest, AViolationNamesKindTableAndColumns) {
  {
    SqliteConnection connection(file(), {.mode = OpenMode::ReadWrite});
    connection.execute("CREATE TABLE \"a\"(\"b.c\" INTEGER UNIQUE)");
    connection.execute("CREATE TABLE \"a.b\"(\"c, a.b\" INTEGER, \"d.e\" INTEGER NOT NULL)");
    connection.execute("CREATE UNIQUE INDEX pair ON \"a.b\"(\"c, a.b\", \"d.e\")");
    connection.execute("CREATE TABLE child(thing TEXT)");
    connection.execute(
        "CREATE TRIGGER no BEFORE INSERT ON child BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: it says'); "
        "END");
  }
  open();
  ASSERT_TRUE(make(insert("x")));
  const auto violation_of = [&](const std::string& sql) {
    const auto change = Change::of(sql);
    EXPECT_TRUE(make(change)) << sql;
    return change->violation.value_or(Violation{.kind = Violation::Kind::Reference, .table = "none", .columns = {}});
  };
  const auto expect = [&](const std::string& sql, const Violation& expected) {
    const Violation found = violation_of(sql);
    EXPECT_EQ(found.kind, expected.kind) << sql;
    EXPECT_EQ(found.table, expected.table) << sql;
    EXPECT_EQ(found.columns, expected.columns) << sql;
  };
  using Kind = Violation::Kind;
  expect("INSERT INTO things VALUES ('x', 1)", {.kind = Kind::Unique, .table = "things", .columns = {"id"}});
  expect("INSERT INTO things VALUES ('y', NULL)", {.kind = Kind::Null, .table = "things", .columns = {"number"}});
  expect("INSERT INTO things VALUES ('y', -1)", {.kind = Kind::Check, .table = "", .columns = {}});
  expect("INSERT INTO things VALUES ('y', 'text')", {.kind = Kind::Check, .table = "", .columns = {}});
  expect("INSERT INTO child VALUES ('y')", {.kind = Kind::Check, .table = "", .columns = {}});
  expect("INSERT INTO a VALUES (1), (1)", {.kind = Kind::Unique, .table = "a", .columns = {"b.c"}});
  expect("INSERT INTO \"a.b\" VALUES (1, 1), (1, 1)",
         {.kind = Kind::Unique, .table = "a.b", .columns = {"c, a.b", "d.e"}});
  expect("INSERT INTO \"a.b\" VALUES (1, NULL)", {.kind = Kind::Null, .table = "a.b", .columns = {"d.e"}});
  EXPECT_EQ(ids(), "x");
}

TEST_F(SqliteWriterTest, MoreThanWritesWaitingAreUnavailable) {
  open({.writes_waiting = 1});
  Holding holding;
  ASSERT_TRUE(submit(holding.change()));
  holding.wait();
  ASSERT_TRUE(submit(insert("a")));
  bool told = false;
  const auto refused = writer_->submit(insert("b"), nullptr, [&](const auto&, const Rest&) { told = true; });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::Unavailable);
  holding.let_go();
  ASSERT_EQ(endings_.wait(2).size(), 2U);
  ASSERT_TRUE(make(insert("c")));
  EXPECT_EQ(ids(), "a|c");
  EXPECT_FALSE(told);
}

TEST_F(SqliteWriterTest, StoppingMakesWhatHasBegunAndTellsEachOnce) {
  open();
  ASSERT_TRUE(make(insert("a")));
  const auto begun = insert("begun");
  std::promise<void> reached;
  std::promise<void> go_on;
  begun->before_end = [&] {
    reached.set_value();
    go_on.get_future().wait();
  };
  ASSERT_TRUE(submit(begun));
  reached.get_future().wait();
  for (const char* id : {"b", "c"}) ASSERT_TRUE(submit(insert(id)));
  std::thread stopping([&] { writer_->stop(); });
  const auto refused_by_then = [&] {
    return !writer_->submit(Change::of("SELECT 1"), nullptr, [](const auto&, const Rest&) {});
  };
  while (!refused_by_then()) std::this_thread::yield();  // once it refuses, it is stopping
  go_on.set_value();
  stopping.join();
  writer_->stop();
  const auto endings = endings_.wait(submitted_);
  ASSERT_EQ(endings.size(), submitted_);
  EXPECT_TRUE(endings[1].status);
  for (const std::size_t waiting : {2U, 3U}) {
    ASSERT_FALSE(endings[waiting].status);
    EXPECT_EQ(endings[waiting].status.error().code, ErrorCode::Unavailable);
  }
  EXPECT_EQ(ids(), "a|begun");
}

TEST_F(SqliteWriterTest, StoppingInterruptsWhatTakesLong) {
  open({.query_timeout = std::chrono::seconds(600)});
  const auto change = endless();
  ASSERT_TRUE(submit(change));
  while (change->attempts == 0) std::this_thread::yield();
  writer_->stop();
  const auto endings = endings_.wait(1);
  ASSERT_EQ(endings.size(), 1U);
  EXPECT_FALSE(endings[0].status);
  EXPECT_EQ(ids(), "");
}

TEST_F(SqliteWriterTest, AStatementOverQueryTimeoutIsUnavailableAndItsNeighboursAreMadeAnyway) {
  open({.query_timeout = std::chrono::seconds(1)});
  Holding holding;
  ASSERT_TRUE(submit(holding.change()));
  holding.wait();
  const auto neighbour = insert("before");
  ASSERT_TRUE(submit(neighbour));
  ASSERT_TRUE(submit(endless()));
  holding.let_go();
  const auto endings = endings_.wait(3);
  ASSERT_EQ(endings.size(), 3U);
  EXPECT_TRUE(endings[1].status);
  EXPECT_EQ(neighbour->attempts, 2) << "SQLite rolls back all of a transaction with what is interrupted in it";
  ASSERT_FALSE(endings[2].status);
  EXPECT_EQ(endings[2].status.error().code, ErrorCode::Unavailable);
  EXPECT_TRUE(make(insert("c")));
  EXPECT_EQ(ids(), "before|c");
}

TEST_F(SqliteWriterTest, WhatHasWaitedTooLongIsNotBegun) {
  open({.query_timeout = std::chrono::seconds(0)});
  const auto change = insert("a");
  const auto ended = make(change);
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, ErrorCode::Unavailable);
  EXPECT_EQ(change->attempts, 0);
}

TEST_F(SqliteWriterTest, AnotherProcessThatWritesIsWaitedFor) {
  open();
  SqliteConnection other(file(), {.mode = OpenMode::ReadWrite});
  other.execute("BEGIN IMMEDIATE; INSERT INTO things VALUES ('theirs', 1)");
  const auto change = insert("ours");
  ASSERT_TRUE(submit(change));
  other.execute("COMMIT");
  const auto endings = endings_.wait(1);
  ASSERT_EQ(endings.size(), 1U);
  EXPECT_TRUE(endings[0].status);
  EXPECT_EQ(ids(), "ours|theirs");
}

TEST_F(SqliteWriterTest, AnotherProcessThatWritesForTooLongMakesChangesUnavailable) {
  open({.query_timeout = std::chrono::seconds(1)});
  SqliteConnection other(file(), {.mode = OpenMode::ReadWrite});
  other.execute("BEGIN IMMEDIATE");
  const auto change = insert("a");
  const auto began = std::chrono::steady_clock::now();
  const auto ended = make(change);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(30));
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, ErrorCode::Unavailable);
  EXPECT_NE(ended.error().detail.find("locked"), std::string::npos) << ended.error().detail;
  EXPECT_EQ(change->attempts, 0);
  other.execute("COMMIT");
  EXPECT_TRUE(make(insert("b")));
  EXPECT_EQ(ids(), "b");
}

TEST_F(SqliteWriterTest, ALogThatHasGrownIsBroughtIntoTheDatabaseWhenThereIsTime) {
  open();
  ASSERT_TRUE(make(Change::of("CREATE TABLE large(bytes BLOB)")));
  ASSERT_TRUE(make(Change::of("INSERT INTO large VALUES (zeroblob(5000000))")));
  const auto most = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (std::filesystem::file_size(file()) < 5'000'000 && std::chrono::steady_clock::now() < most) {
    std::this_thread::yield();
  }
  EXPECT_GE(std::filesystem::file_size(file()), 5'000'000U);
  EXPECT_TRUE(make(insert("a")));
  EXPECT_EQ(ids(), "a");
}

/// The writer never rests, and somebody reads all the time: the log begins anew nevertheless.
TEST_F(SqliteWriterTest, ALogThatHasGrownBeginsAnewUnderChangesThatDoNotCease) {
  open();
  ASSERT_TRUE(make(Change::of("CREATE TABLE large(bytes BLOB)")));
  const std::filesystem::path log = file().string() + "-wal";
  std::atomic<bool> reads = true;
  std::thread reader([&] {
    SqliteConnection connection(file(), {.mode = OpenMode::ReadOnly});
    SqliteStatement count(connection, "SELECT count(*) FROM large");
    while (reads) {
      count.run();
      count.reset();
    }
  });
  constexpr int changes = 4'000;  // 60,000 pages and more
  for (int number = 0; number < changes; ++number) {
    ASSERT_TRUE(submit(Change::of("INSERT INTO large VALUES (randomblob(60000))")));
    if (number % 16 == 0) static_cast<void>(endings_.wait(submitted_));
  }
  const auto endings = endings_.wait(submitted_);
  reads = false;
  reader.join();
  ASSERT_EQ(endings.size(), submitted_);
  for (const auto& ending : endings) EXPECT_TRUE(ending.status);
  EXPECT_LT(std::filesystem::file_size(log), 160'000'000U) << "240 MB went through it";
  SqliteConnection connection(file(), {.mode = OpenMode::ReadOnly});
  SqliteStatement count(connection, "SELECT count(*), sum(length(bytes)) FROM large");
  ASSERT_TRUE(count.step());
  EXPECT_EQ(count.integer(0), changes);
  EXPECT_EQ(count.integer(1), std::int64_t{60'000} * changes);
}

/// Somebody who reads for long keeps the log from being brought in; passes are not made over and over in vain.
TEST_F(SqliteWriterTest, AReaderOfWhatWasKeepsTheLogUntilItEnds) {
  open();
  ASSERT_TRUE(make(Change::of("CREATE TABLE large(bytes BLOB)")));
  {
    SqliteConnection reader(file(), {.mode = OpenMode::ReadOnly});
    reader.execute("BEGIN");
    reader.execute("SELECT count(*) FROM large");
    for (int number = 0; number < 200; ++number) {
      ASSERT_TRUE(make(Change::of("INSERT INTO large VALUES (randomblob(100000))")));
    }
    EXPECT_LT(std::filesystem::file_size(file()), 1'000'000U);
  }
  const auto most = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (std::filesystem::file_size(file()) < 20'000'000 && std::chrono::steady_clock::now() < most) {
    ASSERT_TRUE(make(Change::of("INSERT INTO large VALUES (randomblob(100000))")));
  }
  EXPECT_GE(std::filesystem::file_size(file()), 20'000'000U);
}

}  // namespace
}  // namespace portico::store
