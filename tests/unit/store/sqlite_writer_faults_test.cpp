// What a disk that refuses, and an end at any moment, do to changes.

#include <array>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <filesystem>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "support/faulty_disk.hpp"
#include "support/scripted_change.hpp"
#include "writing.hpp"

namespace portico::store {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using support::FaultyDisk;
using support::Holding;

class SqliteWriterFaultsTest : public WritingTest {
 protected:
  /// Tries until it works: after a failure a writer refuses for a moment.
  [[nodiscard]] bool is_made_soon(const std::string& id) {
    const auto most = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (std::chrono::steady_clock::now() < most) {
      if (make(insert(id))) return true;
    }
    return false;
  }
  /// The writer says so after it has told who asked.
  [[nodiscard]] bool health_becomes(std::optional<ErrorCode> error) {
    const auto most = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (std::chrono::steady_clock::now() < most) {
      const base::Status health = writer_->health();
      if (health ? !error : error == health.error().code) return true;
      std::this_thread::yield();
    }
    return false;
  }
  void expect_unavailable(const base::Status& ended, const std::string& detail) {
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().code, ErrorCode::Unavailable);
    EXPECT_EQ(ended.error().detail.rfind(detail, 0), 0U) << ended.error().detail;
  }

  FaultyDisk disk_;
};

TEST_F(SqliteWriterFaultsTest, AFullDiskMakesNothingOfABatchAndOnceThereIsRoomItGoesOn) {
  open();
  ASSERT_TRUE(make(insert("before")));
  SqliteConnection reader(file(), {.mode = OpenMode::ReadOnly});  // as a loop has one
  SqliteStatement look(reader, "SELECT count(*) FROM things");
  ASSERT_TRUE(look.step());
  look.reset();
  Holding holding;
  ASSERT_TRUE(submit(holding.change()));
  holding.wait();
  ASSERT_TRUE(submit(insert("a")));
  ASSERT_TRUE(submit(insert("b", Step::RollBack)));
  ASSERT_TRUE(submit(insert("c")));
  FaultyDisk::is_full = true;
  holding.let_go();
  const auto endings = endings_.wait(5);
  ASSERT_EQ(endings.size(), 5U);
  for (const std::size_t lost : {2U, 3U, 4U}) expect_unavailable(endings[lost].status, "nothing was made: ");
  EXPECT_NE(endings[2].status.error().detail.find("full"), std::string::npos) << endings[2].status.error().detail;
  expect_unavailable(make(insert("at once")), "not");
  EXPECT_TRUE(health_becomes(ErrorCode::Unavailable));
  EXPECT_EQ(ids_after_crash(), "before");
  FaultyDisk::is_full = false;
  EXPECT_TRUE(is_made_soon("after"));
  EXPECT_TRUE(health_becomes(std::nullopt));
  EXPECT_EQ(ids(), "after|before");
  ASSERT_TRUE(look.step());
  EXPECT_EQ(look.integer(0), 2);
}

// SQLite has written all of a commit when the sync fails, and says that it failed; nobody sees it, but a start after
// a crash would take it for true.
TEST_F(SqliteWriterFaultsTest, AFailedSyncLeavesNothingThatComesTrueLater) {
  open();
  ASSERT_TRUE(make(insert("before")));
  SqliteConnection reader(file(), {.mode = OpenMode::ReadOnly});
  reader.execute("SELECT * FROM things");
  FaultyDisk::failing_syncs = 1;
  expect_unavailable(make(insert("lost")), "nothing was made: ");
  EXPECT_EQ(ids_after_crash(), "before");
  EXPECT_EQ(ids(), "before");
  EXPECT_TRUE(is_made_soon("after"));
  EXPECT_EQ(ids_after_crash(), "after|before");
}

TEST_F(SqliteWriterFaultsTest, WhereTheDiskGoesOnFailingNobodyKnowsUntilTheNextCommit) {
  open();
  ASSERT_TRUE(make(insert("before")));
  SqliteConnection reader(file(), {.mode = OpenMode::ReadOnly});
  reader.execute("SELECT * FROM things");
  Holding holding;
  ASSERT_TRUE(submit(holding.change()));
  holding.wait();
  ASSERT_TRUE(submit(insert("doubtful")));
  ASSERT_TRUE(submit(insert("refused", Step::RollBack)));
  FaultyDisk::failing_syncs = 1'000'000;
  holding.let_go();
  const auto endings = endings_.wait(4);
  ASSERT_EQ(endings.size(), 4U);
  expect_unavailable(endings[2].status, "unknown whether it was made: ");
  expect_unavailable(endings[3].status, "nothing was made: ");
  FaultyDisk::failing_syncs = 0;
  EXPECT_TRUE(is_made_soon("after"));
  EXPECT_EQ(ids(), "after|before");
  EXPECT_EQ(ids_after_crash(), "after|before");
}

TEST_F(SqliteWriterFaultsTest, AReadOnlyDatabaseMakesChangesUnavailableUntilItIsNot) {
  FaultyDisk::is_read_only = true;
  open();
  expect_unavailable(make(insert("a")), "nothing was made: ");
  FaultyDisk::is_read_only = false;
  EXPECT_TRUE(is_made_soon("b"));
  EXPECT_EQ(ids(), "b");
}

TEST_F(SqliteWriterFaultsTest, AFileThatIsGoneIsNotMadeAndOneInItsPlaceIsWrittenTo) {
  open();
  ASSERT_TRUE(make(insert("old")));
  const fs::path aside = directory_ / "aside.db";
  fs::rename(file(), aside);
  expect_unavailable(make(insert("lost")), "nothing was made: ");
  EXPECT_FALSE(fs::exists(file()));
  for (const char* suffix : {"-wal", "-shm"}) fs::remove(file().string() + suffix);
  make_database(directory_ / "restored.db");
  fs::rename(directory_ / "restored.db", file());
  EXPECT_TRUE(is_made_soon("new"));
  EXPECT_EQ(ids(), "new");
  ASSERT_TRUE(make(insert("newer")));
  make_database(directory_ / "another.db");
  for (const char* suffix : {"-wal", "-shm"}) fs::remove(file().string() + suffix);
  fs::rename(directory_ / "another.db", file());
  ASSERT_TRUE(make(insert("newest"))) << "it is noticed before it is written to";
  EXPECT_EQ(ids(), "newest");
}

/// Changes rows without end and says through `pipe` which are acknowledged. In a process of its own.
[[noreturn]] void write_until_killed(const fs::path& file, int pipe) {
  const FunctionRules rules;
  SqliteWriter writer(file, rules);
  std::mutex mutex;
  std::condition_variable room;
  int waiting = 0;
  for (std::uint32_t number = 0;; ++number) {
    {
      std::unique_lock lock(mutex);
      room.wait(lock, [&] { return waiting < 32; });
      ++waiting;
    }
    const auto change = support::ScriptedChange::of("INSERT INTO things VALUES (?, 1)", {std::to_string(number)});
    const auto submitted = writer.submit(change, nullptr, [&, number](const base::Status& status, const Rest&) {
      if (!status || ::write(pipe, &number, sizeof number) != sizeof number) ::_exit(1);
      const std::lock_guard lock(mutex);
      --waiting;
      room.notify_one();
    });
    if (!submitted) ::_exit(1);
  }
}

/// Numbers that were acknowledged before the writing process was killed, after `least` of them.
std::vector<std::uint32_t> acknowledged_until_killed(const fs::path& file, std::size_t least) {
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) return {};
  const pid_t child = ::fork();
  if (child == 0) write_until_killed(file, pipe[1]);
  ::close(pipe[1]);
  std::vector<std::uint32_t> numbers;
  for (std::uint32_t number = 0; ::read(pipe[0], &number, sizeof number) == sizeof number;) {
    numbers.push_back(number);
    if (numbers.size() == least) ::kill(child, SIGKILL);
  }
  ::close(pipe[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "it ended by itself: " << status;
  return numbers;
}

// That nothing was lost to the cache of the disk, no test of this kind can say: SqliteWriterTest counts the syncs.
TEST_F(SqliteWriterFaultsTest, KilledAtAnyMomentItHasKeptWhatItAcknowledged) {
  std::mt19937 random(20);
  for (int round = 0; round < 20; ++round) {
    const auto numbers = acknowledged_until_killed(file(), 1 + random() % 3'000);
    ASSERT_FALSE(numbers.empty());
    SqliteConnection connection(file(), {.mode = OpenMode::ReadWrite});
    SqliteStatement find(connection, "SELECT 1 FROM things WHERE id = ?1");
    std::size_t lost = 0;
    for (const std::uint32_t number : numbers) {
      const std::string id = std::to_string(number);
      find.bind_text(1, id);
      if (!find.step()) ++lost;
      find.reset();
    }
    ASSERT_EQ(lost, 0U) << "of " << numbers.size() << " in round " << round;
    connection.execute("DELETE FROM things");
  }
}

}  // namespace
}  // namespace portico::store
