// Changes by way of SqliteStore: how they come back to their loop, and what readers see after.

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "store/sqlite_store.hpp"
#include "writing.hpp"

namespace portico::store {
namespace {

using base::ErrorCode;
using model::Mode;

/// A loop: what is posted to it, to be run by the test.
class Posted {
 public:
  [[nodiscard]] SqliteStore::Post post() {
    return [this](std::function<void()> function) {
      const std::lock_guard lock(mutex_);
      functions_.push_back(std::move(function));
      wake_.notify_one();
    };
  }
  void run_one() {
    std::function<void()> function;
    {
      std::unique_lock lock(mutex_);
      ASSERT_TRUE(wake_.wait_for(lock, std::chrono::minutes(1), [this] { return !functions_.empty(); }));
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

class SqliteChangeTest : public WritingTest {
 protected:
  void SetUp() override {
    WritingTest::SetUp();
    make_database(database_file(directory_, Mode::Sandbox));
    view_.leaves = {0};
    threads_ = {.workers = std::make_shared<SqliteWorkers>(files_in(directory_), FunctionRules{}, 1),
                .writers = std::make_shared<SqliteWriters>(files_in(directory_), FunctionRules{})};
  }
  void TearDown() override {
    one_.reset();
    other_.reset();
    threads_.writers->stop();
    threads_.workers->stop();
    WritingTest::TearDown();
  }

  [[nodiscard]] std::unique_ptr<SqliteStore> store(SqliteStore::Post post) const {
    return std::make_unique<SqliteStore>(threads_, std::make_unique<SqliteKeyRegistry>(directory_), std::move(post));
  }
  void open_two() {
    one_ = store(posted_.post());
    other_ = store(posted_.post());
  }
  /// Full pages, so that somebody must count.
  std::int64_t count(SqliteStore& store, Mode mode = Mode::Production) {
    const plan::Plan plan = plan::ListPlan{.view = &view_,
                                           .page = {.sql = "SELECT id FROM things LIMIT 1", .binds = {}},
                                           .count = {.sql = "SELECT count(*) FROM things", .binds = {}},
                                           .page_with_count = {},
                                           .number = 1,
                                           .size = 1,
                                           .page_cost = plan::Cost::Bounded};
    std::optional<std::int64_t> found;
    store.run({.plan = plan, .mode = mode}, [&](base::Result<Answer*> answer) { found = (*answer)->count; });
    if (!found) posted_.run_one();
    return found.value_or(-1);
  }
  base::Status change(SqliteStore& store, std::shared_ptr<Mutation> mutation, Mode mode = Mode::Production) {
    std::optional<base::Status> ended;
    store.change(std::move(mutation), mode, [&](base::Status status) { ended.emplace(std::move(status)); });
    EXPECT_FALSE(ended) << "not by the loop";
    posted_.run_one();
    return ended.value_or(base::Error{.message = "not told"});
  }

  model::View view_;
  Posted posted_;
  SqliteThreads threads_;
  std::unique_ptr<SqliteStore> one_;
  std::unique_ptr<SqliteStore> other_;
};

TEST_F(SqliteChangeTest, WhatOneLoopWasToldEveryLoopSees) {
  open_two();
  ASSERT_TRUE(change(*one_, insert("a")));
  EXPECT_EQ(count(*one_), 1);
  EXPECT_EQ(count(*other_), 1);
  EXPECT_EQ(count(*other_), 1) << "now it is remembered";
  ASSERT_TRUE(change(*one_, insert("b")));
  EXPECT_EQ(count(*other_), 2) << "remembered past a change";
  EXPECT_EQ(count(*one_), 2);
  EXPECT_EQ(count(*one_, Mode::Sandbox), 0);
  ASSERT_TRUE(change(*other_, insert("c"), Mode::Sandbox));
  EXPECT_EQ(count(*one_, Mode::Sandbox), 1);
  EXPECT_EQ(count(*one_), 2);
}

/// The loop begins the procedure and ends it; the writer runs the statement between.
TEST_F(SqliteChangeTest, TheLoopEndsWhatTheLastStatementBegan) {
  open_two();
  const auto fine = insert_last("a");
  std::thread::id ended_on;
  fine->before_end = [&] { ended_on = std::this_thread::get_id(); };
  ASSERT_TRUE(change(*one_, fine));
  EXPECT_EQ(ended_on, std::this_thread::get_id());
  ASSERT_EQ(fine->given.size(), 1U);
  EXPECT_EQ(fine->given[0].rows.row(0)[0].text, "a");
  EXPECT_EQ(fine->attempts, 1);
  const auto taken = insert_last("a");
  ASSERT_TRUE(change(*one_, taken));
  EXPECT_TRUE(taken->violation);
  // It is made, and says so to nobody: a fault of ours.
  const auto throws = insert_last("b");
  throws->before_end = [] { throw std::runtime_error("a fault of ours"); };
  for (const auto& wrong : {throws, insert_last("c", Step::RollBack)}) {
    const auto status = change(*one_, wrong);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::Internal);
  }
  EXPECT_EQ(ids(), "a|b|c");
}

TEST_F(SqliteChangeTest, WhatAsksNothingNeverSeesTheWriter) {
  open_two();
  threads_.writers->stop();
  const auto refused = std::make_shared<Change>(std::vector<Ask>{}, Step::RollBack);
  std::optional<base::Status> ended;
  one_->change(refused, Mode::Production, [&](base::Status status) { ended.emplace(std::move(status)); });
  ASSERT_TRUE(ended);
  EXPECT_TRUE(*ended);
  refused->before_end = [] { throw std::runtime_error("a fault of ours"); };
  one_->change(refused, Mode::Production, [&](base::Status status) { ended.emplace(std::move(status)); });
  ASSERT_FALSE(*ended);
  EXPECT_EQ(ended->error().code, ErrorCode::Internal);
}

TEST_F(SqliteChangeTest, WithoutWritersNothingIsChanged) {
  threads_.writers->stop();
  const SqliteThreads reading{.workers = threads_.workers};
  SqliteStore store(reading, std::make_unique<SqliteKeyRegistry>(directory_), posted_.post());
  std::optional<ErrorCode> refused;
  store.change(insert("a"), Mode::Production, [&](const base::Status& status) { refused = status.error().code; });
  EXPECT_EQ(refused, ErrorCode::Internal);
  open_two();
  refused.reset();
  one_->change(insert("a"), Mode::Production, [&](const base::Status& status) { refused = status.error().code; });
  EXPECT_EQ(refused, ErrorCode::Unavailable) << "the writers have ended";
  EXPECT_EQ(ids(), "");
}

/// One cell of a row.
Ask asking(std::string sql) {
  return {.statement = {.sql = std::move(sql), .binds = {}}, .columns = 1};
}

std::shared_ptr<support::ScriptedChange> looking(std::vector<Ask> asks) {
  return std::make_shared<support::ScriptedChange>(std::move(asks));
}

class SqliteConsultTest : public SqliteChangeTest {
 protected:
  base::Status consult(SqliteStore& store, std::shared_ptr<Mutation> look) {
    base::Status ended = base::Error{.message = "not told"};
    store.consult(std::move(look), Mode::Production, [&](base::Status status) { ended = std::move(status); });
    return ended;
  }
  static std::string text(const support::ScriptedChange& look, std::size_t number) {
    const Rows& rows = look.given.at(number).rows;
    return rows.size() == 0 ? "none" : std::string(rows.row(0)[0].text);
  }
};

TEST_F(SqliteConsultTest, WhoLooksDoesNotWaitForWhoWrites) {
  open_two();
  ASSERT_TRUE(change(*one_, insert("a")));
  support::Holding holding;
  std::optional<base::Status> held;
  one_->change(holding.change(), Mode::Production, [&](base::Status status) { held.emplace(std::move(status)); });
  holding.wait();  // the writer is within its transaction, and stays there
  const auto look = looking({asking("SELECT id FROM things"), asking("SELECT 'again'")});
  EXPECT_TRUE(consult(*one_, look));
  EXPECT_EQ(text(*look, 0), "a");
  EXPECT_EQ(text(*look, 1), "again");
  EXPECT_FALSE(held);
  holding.let_go();
  posted_.run_one();
  EXPECT_TRUE(held);
}

TEST_F(SqliteConsultTest, AllStatementsSeeOneSnapshot) {
  open_two();
  ASSERT_TRUE(change(*one_, insert("a")));
  const auto look =
      looking({asking("SELECT group_concat(id) FROM things"), asking("SELECT group_concat(id) FROM things")});
  // Between the two, somebody else commits.
  class Between final : public Mutation {
   public:
    Between(std::shared_ptr<support::ScriptedChange> look, std::function<void()> act)
        : look_(std::move(look)), act_(std::move(act)) {}
    std::unique_ptr<Procedure> begin() override { return std::make_unique<Acting>(look_->begin(), act_); }

   private:
    class Acting final : public Procedure {
     public:
      Acting(std::unique_ptr<Procedure> real, const std::function<void()>& act) : real_(std::move(real)), act_(act) {}
      Step next(Given&& given) override {
        if (given.rows.size() > 0) act_();
        return real_->next(std::move(given));
      }
      [[nodiscard]] const Ask& ask() const override { return real_->ask(); }
      void violated(const Violation& violation) override { real_->violated(violation); }

     private:
      std::unique_ptr<Procedure> real_;
      const std::function<void()>& act_;
    };
    std::shared_ptr<support::ScriptedChange> look_;
    std::function<void()> act_;
  };
  int commits = 0;
  const auto between = std::make_shared<Between>(look, [&] {
    SqliteConnection(file(), {.mode = OpenMode::ReadWrite})
        .execute("INSERT INTO things VALUES ('b" + std::to_string(++commits) + "', 1)");
  });
  EXPECT_TRUE(consult(*one_, between));
  EXPECT_EQ(text(*look, 0), "a");
  EXPECT_EQ(text(*look, 1), "a") << "it saw a commit between its statements";
  EXPECT_TRUE(consult(*one_, look));
  EXPECT_EQ(text(*look, 0), "a,b1,b2") << "the snapshot was kept";
}

TEST_F(SqliteConsultTest, WhoLooksChangesNothing) {
  open_two();
  const base::Status ended = consult(*one_, insert("a"));
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, ErrorCode::Internal);
  const auto throwing = looking({asking("SELECT 'a'")});
  throwing->before_end = [] { throw std::runtime_error("planted"); };
  const base::Status thrown = consult(*one_, throwing);
  ASSERT_FALSE(thrown);
  EXPECT_EQ(thrown.error().message, "planted");
  const base::Status endless = consult(
      *one_,
      looking({asking("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n")}));
  ASSERT_FALSE(endless);
  EXPECT_EQ(endless.error().code, ErrorCode::Unavailable);
  EXPECT_EQ(count(*one_), 0);
  ASSERT_TRUE(change(*other_, insert("b")));
  EXPECT_EQ(count(*one_), 1) << "its snapshot was kept";
}

/// Writes down on which thread it ended.
struct Witness {
  explicit Witness(std::promise<std::thread::id>& place) : ended_on(place) {}
  ~Witness() { ended_on.set_value(std::this_thread::get_id()); }
  Witness(const Witness&) = delete;
  Witness& operator=(const Witness&) = delete;
  std::promise<std::thread::id>& ended_on;
};

TEST_F(SqliteChangeTest, WhatALoopLeftBehindIsMadeAndEndsWhereTheWritersAreStopped) {
  std::promise<void> dropped;
  one_ = store([&dropped](const std::function<void()>&) { dropped.set_value(); });  // as after a loop's end
  std::promise<std::thread::id> ended_on;
  auto ended = ended_on.get_future();
  one_->change(insert("a"), Mode::Production,
               [witness = std::make_shared<Witness>(ended_on)](const auto&) { FAIL(); });
  dropped.get_future().wait();
  open_two();
  ASSERT_TRUE(change(*other_, insert("b")));  // after it the writer has let go of all that was before
  EXPECT_EQ(ended.wait_for(std::chrono::seconds(0)), std::future_status::timeout) << "it ended on the writer";
  threads_.writers->stop();
  ASSERT_EQ(ended.wait_for(std::chrono::seconds(0)), std::future_status::ready);
  EXPECT_EQ(ended.get(), std::this_thread::get_id());
  EXPECT_EQ(ids(), "a|b");
}

/// The same for the change itself, which its asker lets go of before it has ended.
TEST_F(SqliteChangeTest, TheLastToHoldAChangeIsItsLoop) {
  open_two();
  std::promise<std::thread::id> ended_on;
  auto ended = ended_on.get_future();
  {
    auto mutation = insert("a");
    mutation->before_end = [witness = std::make_shared<Witness>(ended_on)] {};
    one_->change(std::move(mutation), Mode::Production, [](const auto&) {});
  }
  std::promise<void> after;
  ASSERT_TRUE(threads_.writers->find(Mode::Production)->submit(insert("b"), nullptr, told([&](const auto&) {
                                                                 after.set_value();
                                                               })));
  after.get_future().wait();
  EXPECT_EQ(ended.wait_for(std::chrono::seconds(0)), std::future_status::timeout) << "it ended on the writer";
  posted_.run_one();
  EXPECT_EQ(ended.get(), std::this_thread::get_id());
}

}  // namespace
}  // namespace portico::store
