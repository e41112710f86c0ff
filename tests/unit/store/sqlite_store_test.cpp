#include "store/sqlite_store.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>
#include <sqlite3.h>

namespace {

namespace fs = std::filesystem;
using namespace portico;
using base::ErrorCode;
using model::Mode;
using plan::Cost;
using store::SqliteConnection;
using store::SqliteReader;
using store::SqliteStore;
using store::SqliteWorkers;

constexpr std::chrono::seconds wait_most{60};
constexpr const char* endless =
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n";

/// Functions that workers post, to be run by the test as the loop would.
class Queue {
 public:
  void post(std::function<void()> function) {
    {
      const std::lock_guard lock(mutex_);
      functions_.push_back(std::move(function));
    }
    wake_.notify_one();
  }
  [[nodiscard]] bool wait() {
    std::unique_lock lock(mutex_);
    return wake_.wait_for(lock, wait_most, [this] { return !functions_.empty(); });
  }
  void run_one() {
    ASSERT_TRUE(wait()) << "nothing was posted";
    std::function<void()> function;
    {
      const std::lock_guard lock(mutex_);
      function = std::move(functions_.front());
      functions_.pop_front();
    }
    function();
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> functions_;
};

/// What a completion was given.
struct Outcome {
  std::optional<ErrorCode> error;
  std::string message;
  std::size_t rows = 0;
  std::int64_t count = 0;
};

class SqliteStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "portico-store-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
    make_database(production(), 5);
    make_database(store::database_file(directory_, Mode::Sandbox), 0);
    view_.leaves = {0};
  }
  void TearDown() override {
    store_.reset();
    workers_.reset();
    fs::remove_all(directory_);
  }

  [[nodiscard]] fs::path production() const { return store::database_file(directory_, Mode::Production); }

  static void make_database(const fs::path& file, int rows) {
    SqliteConnection connection(file, {.mode = store::OpenMode::Create});
    connection.execute("CREATE TABLE things(id TEXT)");
    for (int row = 0; row < rows; ++row) connection.execute("INSERT INTO things VALUES ('x')");
  }
  void insert_one() const {
    SqliteConnection(production(), {.mode = store::OpenMode::ReadWrite}).execute("INSERT INTO things VALUES ('new')");
  }
  /// Another database takes the place of the first, as an operator restores a backup.
  void replace_production(int rows) const {
    const fs::path copy = directory_ / "backup.db";
    make_database(copy, rows);
    fs::remove(production().string() + "-wal");
    fs::remove(production().string() + "-shm");
    fs::rename(copy, production());
  }

  void open(const base::Limits& limits = {}) {
    workers_ =
        std::make_shared<SqliteWorkers>(store::files_in(directory_), store::FunctionRules{.limits = limits}, 1);
    store_ = std::make_unique<SqliteStore>(
        store::SqliteThreads{.workers = workers_}, std::make_unique<store::SqliteKeyRegistry>(directory_),
        [this](std::function<void()> function) { queue_.post(std::move(function)); });
  }

  [[nodiscard]] plan::Plan page(std::int64_t number, std::int64_t size, Cost cost = Cost::Bounded) const {
    return plan::ListPlan{
        .view = &view_,
        .page = {.sql = "SELECT id FROM things LIMIT ? OFFSET ?", .binds = {size, (number - 1) * size}},
        .count = {.sql = "SELECT count(*) FROM things", .binds = {}},
        .number = number,
        .size = size,
        .page_cost = cost};
  }

  void run(plan::Plan plan) {
    outcome_.reset();
    plan_ = std::move(plan);  // it must live until the completion
    ticket_ = store_->run({.plan = plan_}, [this](base::Result<store::Answer*> answer) {
      ASSERT_FALSE(outcome_) << "answered twice";
      outcome_.emplace();
      if (answer) {
        outcome_->rows = (*answer)->rows.size();
        outcome_->count = (*answer)->count;
      } else {
        outcome_->error = answer.error().code;
        outcome_->message = answer.error().message;
      }
    });
  }
  /// As `run`, and home again where a worker did it.
  Outcome run_to_end(const plan::Plan& plan) {
    run(plan);
    if (!outcome_) queue_.run_one();
    return outcome_.value_or(Outcome{.error = ErrorCode::Internal, .message = "no answer"});
  }
  /// That neither the loop's reader nor the worker's holds an old snapshot: both see a row written now.
  void expect_readers_see_what_is_new(std::int64_t rows_before) {
    insert_one();
    EXPECT_EQ(run_to_end(page(1, 1000)).count, rows_before + 1) << "the loop's";
    EXPECT_EQ(run_to_end(page(1, 1, Cost::Growing)).count, rows_before + 1) << "the worker's";
  }

  fs::path directory_;
  model::View view_;
  Queue queue_;
  std::shared_ptr<SqliteWorkers> workers_;
  std::unique_ptr<SqliteStore> store_;
  plan::Plan plan_;
  store::Store::Ticket ticket_ = 0;
  std::optional<Outcome> outcome_;
};

TEST_F(SqliteStoreTest, RemembersACountWhileNothingIsWritten) {
  open();
  const auto plan = page(1, 2);
  run(plan);
  ASSERT_FALSE(outcome_) << "nobody has counted yet";
  queue_.run_one();
  ASSERT_TRUE(outcome_);
  EXPECT_EQ(outcome_->count, 5);
  EXPECT_EQ(outcome_->rows, 2U);
  run(page(2, 2));
  ASSERT_TRUE(outcome_) << "the count was not remembered";
  EXPECT_EQ(outcome_->count, 5);
  insert_one();
  run(plan);
  ASSERT_FALSE(outcome_) << "remembered past a write";
  queue_.run_one();
  EXPECT_EQ(outcome_->count, 6);
}

TEST_F(SqliteStoreTest, AWriteWhileTheCountIsOnItsWayKeepsItFromBeingRemembered) {
  open();
  const auto plan = page(1, 2);
  run(plan);
  ASSERT_TRUE(queue_.wait());
  insert_one();
  queue_.run_one();
  ASSERT_TRUE(outcome_);
  EXPECT_EQ(outcome_->count, 5) << "of the worker's snapshot";
  run(plan);
  ASSERT_FALSE(outcome_) << "a count from before the write was remembered";
  queue_.run_one();
  EXPECT_EQ(outcome_->count, 6);
}

TEST_F(SqliteStoreTest, AGrowingPageTakesACountThatIsRemembered) {
  open();
  EXPECT_EQ(run_to_end(page(1, 2, Cost::Growing)).count, 5);
  run(page(1, 2));
  ASSERT_TRUE(outcome_) << "the worker's count was not remembered";
  auto slow = page(2, 2, Cost::Growing);
  std::get<plan::ListPlan>(slow).page.sql = "SELECT id FROM things WHERE id <> '' LIMIT ? OFFSET ?";
  const auto counted = run_to_end(slow);
  EXPECT_EQ(counted.count, 5);
  EXPECT_EQ(counted.rows, 2U);
}

TEST_F(SqliteStoreTest, AGrowingPageIsCountedAnewWhereSomebodyWroteOnTheWay) {
  open();
  EXPECT_EQ(run_to_end(page(1, 2, Cost::Growing)).count, 5);
  run(page(1, 100, Cost::Growing));
  ASSERT_TRUE(queue_.wait());  // the worker has read its page, and was given the count that is remembered
  insert_one();
  queue_.run_one();
  ASSERT_FALSE(outcome_) << "a remembered count was given beside a page that may be of another state";
  queue_.run_one();
  ASSERT_TRUE(outcome_);
  EXPECT_EQ(outcome_->count, 6);
  EXPECT_EQ(outcome_->rows, 6U);
}

TEST_F(SqliteStoreTest, ThePageThatIsNotFullSaysTheCount) {
  open();
  run(page(3, 2));
  ASSERT_TRUE(outcome_) << "the last page needs no counting";
  EXPECT_EQ(outcome_->count, 5);
  EXPECT_EQ(outcome_->rows, 1U);
  run(page(1, 5));
  ASSERT_FALSE(outcome_) << "a full page may have others after it";
  queue_.run_one();
  EXPECT_EQ(outcome_->count, 5);
  insert_one();  // so that nothing is remembered
  run(page(5, 2));
  ASSERT_FALSE(outcome_) << "an empty page past the end says nothing";
  queue_.run_one();
  EXPECT_EQ(outcome_->count, 6);
  EXPECT_EQ(outcome_->rows, 0U);
}

TEST_F(SqliteStoreTest, APageThatTakesLongerThanPlannedGoesToAWorker) {
  open();
  auto plan = page(1, 1);
  std::get<plan::ListPlan>(plan).page = {
      .sql = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 4000000) SELECT max(x) FROM n",
      .binds = {}};
  const plan::Plan quick = page(1, 2);
  EXPECT_EQ(run_to_end(quick).count, 5);  // from now on the count itself is known
  run(plan);
  ASSERT_FALSE(outcome_) << "the loop waited for it";
  queue_.run_one();
  EXPECT_FALSE(outcome_->error) << outcome_->message;
  EXPECT_EQ(outcome_->rows, 1U);
  expect_readers_see_what_is_new(5);
}

TEST_F(SqliteStoreTest, AQueryOverQueryTimeoutIsUnavailableAndItsReaderGoesOn) {
  open({.query_timeout = std::chrono::seconds(1)});
  auto plan = page(1, 2, Cost::Growing);
  std::get<plan::ListPlan>(plan).count.sql = endless;
  EXPECT_EQ(run_to_end(plan).error, ErrorCode::Unavailable);
  expect_readers_see_what_is_new(5);
}

TEST_F(SqliteStoreTest, AnObjectThatTakesTooLongIsUnavailableAndItsReaderGoesOn) {
  open();
  run(plan::RetrievePlan{.view = &view_, .row = {.sql = endless, .binds = {}}, .name = "x"});
  ASSERT_TRUE(outcome_);
  EXPECT_EQ(outcome_->error, ErrorCode::Unavailable);
  expect_readers_see_what_is_new(5);
}

TEST_F(SqliteStoreTest, AFailureInAFunctionIsInternalAndTheReadersGoOn) {
  open();
  auto plan = page(1, 2);
  std::get<plan::ListPlan>(plan).page = {.sql = "SELECT portico_regex('(', id) FROM things", .binds = {}};
  EXPECT_EQ(run_to_end(plan).error, ErrorCode::Internal);
  std::get<plan::ListPlan>(plan).page_cost = Cost::Growing;
  EXPECT_EQ(run_to_end(plan).error, ErrorCode::Internal);
  expect_readers_see_what_is_new(5);
}

TEST_F(SqliteStoreTest, AnExceptionOnAWorkerIsInternalAndItsReaderGoesOn) {
  open();
  auto plan = page(1, 2, Cost::Growing);
  std::get<plan::ListPlan>(plan).count.sql = "SELECT 1 WHERE false";  // breaks the promise of one row
  const Outcome outcome = run_to_end(plan);
  EXPECT_EQ(outcome.error, ErrorCode::Internal);
  EXPECT_NE(outcome.message.find("one row"), std::string::npos) << outcome.message;
  expect_readers_see_what_is_new(5);
}

TEST_F(SqliteStoreTest, ATaskThatThrowsDoesNotEndItsThread) {
  open();
  testing::internal::CaptureStderr();
  ASSERT_TRUE(workers_->submit(Mode::Production, [](auto) { throw std::runtime_error("lost"); }));
  EXPECT_EQ(run_to_end(page(1, 2, Cost::Growing)).count, 5);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "portico: a query was lost: lost\n");
}

TEST_F(SqliteStoreTest, MoreThanQueriesWaitingAreUnavailable) {
  open({.queries_waiting = 1});
  std::promise<void> began;
  std::promise<void> go_on;
  ASSERT_TRUE(workers_->submit(Mode::Production, [&](auto) {
    began.set_value();
    go_on.get_future().wait();
  }));
  began.get_future().wait();
  const auto waiting = page(1, 2, Cost::Growing);
  run(waiting);
  EXPECT_FALSE(outcome_);
  std::optional<ErrorCode> refused;
  store_->run({.plan = waiting}, [&](auto answer) { refused = answer.error().code; });
  EXPECT_EQ(refused, ErrorCode::Unavailable);
  go_on.set_value();
  queue_.run_one();
  ASSERT_TRUE(outcome_);
  EXPECT_EQ(outcome_->count, 5);
}

TEST_F(SqliteStoreTest, WhatHasWaitedTooLongIsNotRun) {
  open({.query_timeout = std::chrono::seconds(0)});
  std::promise<base::Status> given;
  ASSERT_TRUE(workers_->submit(Mode::Production, [&](base::Result<SqliteReader*> reader) {
    given.set_value(reader ? base::ok() : base::Status(reader.error()));
  }));
  auto status = given.get_future().get();
  ASSERT_FALSE(status) << "it was given a reader";
  EXPECT_EQ(status.error().code, ErrorCode::Unavailable);
}

TEST_F(SqliteStoreTest, AReplacedDatabaseIsNoticed) {
  open();
  EXPECT_EQ(run_to_end(page(1, 2)).count, 5);
  replace_production(8);
  EXPECT_EQ(run_to_end(page(1, 2, Cost::Growing)).count, 8) << "a worker looks each time";
  const auto deadline = std::chrono::steady_clock::now() + wait_most;
  std::int64_t count = 0;
  while (count != 8 && std::chrono::steady_clock::now() < deadline) count = run_to_end(page(1, 2)).count;
  EXPECT_EQ(count, 8) << "the count of the old one is still remembered";
  expect_readers_see_what_is_new(8);
}

TEST_F(SqliteStoreTest, ADatabaseThatIsGoneIsUnavailableUntilItIsBack) {
  open();
  const fs::path aside = directory_ / "aside.db";
  fs::rename(production(), aside);
  EXPECT_EQ(run_to_end(page(1, 2, Cost::Growing)).error, ErrorCode::Unavailable);
  EXPECT_FALSE(fs::exists(production())) << "an empty one was made";
  fs::rename(aside, production());
  EXPECT_EQ(run_to_end(page(1, 2, Cost::Growing)).count, 5);
}

TEST_F(SqliteStoreTest, AVersionIsNotMetAgainAfterAReplacement) {
  const store::FunctionRules rules;
  SqliteReader reader(production(), rules);
  const auto before = reader.version_now();
  ASSERT_TRUE(before);
  EXPECT_EQ(*reader.version_now(), *before);
  replace_production(5);
  const auto after = reader.version_now();
  ASSERT_TRUE(after);
  EXPECT_NE(*after >> 32U, *before >> 32U) << "the low half, SQLite's own, may be the same by chance";
}

/// Writes down on which thread it ended.
struct Witness {
  explicit Witness(std::thread::id& place) : ended_on(place) {}
  ~Witness() { ended_on = std::this_thread::get_id(); }
  Witness(const Witness&) = delete;
  Witness& operator=(const Witness&) = delete;
  std::thread::id& ended_on;
};

TEST_F(SqliteStoreTest, WhatALoopLeftBehindEndsWhereTheWorkersAreStopped) {
  workers_ = std::make_shared<SqliteWorkers>(store::files_in(directory_), store::FunctionRules{}, 1);
  std::promise<void> dropped;
  const auto drop = [&dropped](const std::function<void()>&) { dropped.set_value(); };  // as after a loop's end
  store_ = std::make_unique<SqliteStore>(store::SqliteThreads{.workers = workers_},
                                         std::make_unique<store::SqliteKeyRegistry>(directory_), drop);
  std::thread::id ended_on;
  const auto plan = page(1, 2, Cost::Growing);
  store_->run({.plan = plan}, [witness = std::make_shared<Witness>(ended_on)](auto) { FAIL(); });
  dropped.get_future().wait();
  std::promise<void> after;  // once the one thread does this, it has let go of all that was before
  ASSERT_TRUE(workers_->submit(Mode::Production, [&](auto) { after.set_value(); }));
  after.get_future().wait();
  EXPECT_EQ(ended_on, std::thread::id()) << "it ended on the worker";
  workers_->stop();
  EXPECT_EQ(ended_on, std::this_thread::get_id());
}

TEST_F(SqliteStoreTest, StoppingInterruptsWhatRunsAndRefusesWhatComes) {
  open({.query_timeout = std::chrono::seconds(600)});
  auto plan = page(1, 2, Cost::Growing);
  std::get<plan::ListPlan>(plan).count.sql = endless;
  run(plan);
  const auto began = std::chrono::steady_clock::now();
  workers_->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - began, wait_most);
  run(page(1, 2, Cost::Growing));
  ASSERT_TRUE(outcome_);
  EXPECT_EQ(outcome_->error, ErrorCode::Unavailable);
}

TEST_F(SqliteStoreTest, AbandoningEndsWhatAWorkerRuns) {
  open({.query_timeout = std::chrono::seconds(600)});
  auto plan = page(1, 2, Cost::Growing);
  std::get<plan::ListPlan>(plan).count.sql = endless;
  run(plan);
  ASSERT_NE(ticket_, 0U);
  const auto began = std::chrono::steady_clock::now();
  store_->abandon(ticket_);
  if (!outcome_) queue_.run_one();  // it may have waited still
  EXPECT_LT(std::chrono::steady_clock::now() - began, wait_most);
  ASSERT_TRUE(outcome_);
  EXPECT_EQ(outcome_->error, ErrorCode::Unavailable);
  expect_readers_see_what_is_new(5);
}

TEST_F(SqliteStoreTest, AbandoningTakesWhatWaitsOutOfTheQueue) {
  open({.queries_waiting = 1});
  std::promise<void> began;
  std::promise<void> go_on;
  ASSERT_TRUE(workers_->submit(Mode::Production, [&](auto) {
    began.set_value();
    go_on.get_future().wait();
  }));
  began.get_future().wait();
  run(page(1, 2, Cost::Growing));
  ASSERT_FALSE(outcome_);
  store_->abandon(ticket_);
  ASSERT_TRUE(outcome_) << "no worker has it: it is answered at once";
  EXPECT_EQ(outcome_->error, ErrorCode::Unavailable);
  const auto abandoned = ticket_;
  run(page(1, 2, Cost::Growing));
  EXPECT_FALSE(outcome_) << "its place in the queue is taken still";
  store_->abandon(abandoned);
  EXPECT_FALSE(outcome_) << "another's ticket ended it";
  go_on.set_value();
  queue_.run_one();
  ASSERT_TRUE(outcome_);
  EXPECT_EQ(outcome_->count, 5);
  store_->abandon(ticket_);  // it has ended: nothing happens
}

TEST_F(SqliteStoreTest, AnAnswerInPlaceHasNoTicket) {
  open();
  run(page(1, 1000));
  ASSERT_TRUE(outcome_);
  EXPECT_EQ(ticket_, 0U);
}

TEST_F(SqliteStoreTest, HealthTellsWhetherItsFilesAreThere) {
  open();
  EXPECT_TRUE(store_->health());
  const fs::path aside = directory_ / "aside.db";
  fs::rename(production(), aside);
  ASSERT_FALSE(store_->health());
  EXPECT_EQ(store_->health().error().code, ErrorCode::Unavailable);
  fs::rename(aside, production());
  EXPECT_TRUE(store_->health());
}

/// One file that others made, in their journal mode.
TEST_F(SqliteStoreTest, ADatabaseThatOthersMadeIsOnlyRead) {
  const fs::path file = directory_ / "theirs" / "shop.db";
  fs::create_directory(file.parent_path());
  {
    SqliteConnection connection(file, {.mode = store::OpenMode::Create});
    connection.execute("PRAGMA journal_mode=DELETE");
    connection.execute("CREATE TABLE things(id TEXT)");
    connection.execute("INSERT INTO things VALUES ('x')");
  }
  const auto changed_at = fs::last_write_time(file);
  workers_ = std::make_shared<SqliteWorkers>(store::SqliteFiles{.production = file, .sandbox = {}},
                                             store::FunctionRules{}, 1);
  store_ = std::make_unique<SqliteStore>(
      store::SqliteThreads{.workers = workers_}, std::make_unique<store::SqliteKeyRegistry>(directory_),
      [this](std::function<void()> function) { queue_.post(std::move(function)); });
  EXPECT_EQ(run_to_end(page(1, 2)).count, 1);
  EXPECT_EQ(run_to_end(page(1, 2, Cost::Growing)).count, 1);
  EXPECT_TRUE(store_->health());
  plan_ = page(1, 2);
  std::optional<ErrorCode> refused;
  store_->run({.plan = plan_, .mode = Mode::Sandbox}, [&](auto answer) { refused = answer.error().code; });
  EXPECT_EQ(refused, ErrorCode::Internal) << "there is no sandbox; contract/negotiate refuses it before";
  EXPECT_EQ(fs::last_write_time(file), changed_at);
  EXPECT_EQ(std::distance(fs::directory_iterator(file.parent_path()), {}), 1) << "something was put beside it";
}

}  // namespace
