#include "platform/workers.hpp"

#include <atomic>
#include <future>
#include <set>
#include <stdexcept>

#include <gtest/gtest.h>

namespace portico::platform {
namespace {

using base::ErrorCode;

base::Limits limits_of(std::size_t threads, std::size_t waiting) {
  base::Limits limits;
  limits.developer_threads = threads;
  limits.developer_waiting = waiting;
  return limits;
}

std::unique_ptr<Desk> plain_desk() {
  return std::make_unique<Desk>();
}

/// What a task that was just submitted is given; waits for it.
base::Result<Desk*> desk_of(Workers& workers) {
  std::promise<base::Result<Desk*>> given;
  auto submitted = workers.submit([&](base::Result<Desk*> desk) { given.set_value(std::move(desk)); });
  if (!submitted) return std::move(submitted).error();
  return given.get_future().get();
}

TEST(Workers, KeepADeskForEachThread) {
  Workers workers;
  std::atomic<int> made = 0;
  workers.take(
      [&] {
        ++made;
        return plain_desk();
      },
      limits_of(1, 10));
  const auto first = desk_of(workers);
  ASSERT_TRUE(first);
  EXPECT_EQ(*desk_of(workers), *first);
  EXPECT_EQ(made, 1);
}

TEST(Workers, MakeAnotherDeskAfterAFaultOrForAnotherDescription) {
  Workers workers;
  std::atomic<int> made = 0;
  const auto make = [&] {
    ++made;
    return plain_desk();
  };
  workers.take(make, limits_of(1, 10));
  (*desk_of(workers))->is_broken = true;
  EXPECT_FALSE((*desk_of(workers))->is_broken);
  EXPECT_EQ(made, 2);
  workers.take(make, limits_of(1, 10));
  EXPECT_TRUE(desk_of(workers));
  EXPECT_EQ(made, 3);
}

TEST(Workers, SayThatThereIsNoDeskWhileTheDatabaseIsAway) {
  Workers workers;
  std::atomic<bool> is_away = true;
  workers.take(
      [&]() -> std::unique_ptr<Desk> {
        if (is_away) throw std::runtime_error("nobody listens there");
        return plain_desk();
      },
      limits_of(1, 10));
  const auto away = desk_of(workers);
  ASSERT_FALSE(away);
  EXPECT_EQ(away.error().code, ErrorCode::Unavailable);
  EXPECT_EQ(away.error().detail, "nobody listens there");
  is_away = false;
  EXPECT_TRUE(desk_of(workers));
}

TEST(Workers, RefuseWhatTheyCannotTake) {
  Workers workers;
  workers.take(plain_desk, limits_of(1, 2));
  std::promise<void> begun;
  std::promise<void> released;
  std::atomic<int> done = 0;
  ASSERT_TRUE(workers.submit([&](const base::Result<Desk*>&) {
    begun.set_value();
    released.get_future().wait();
    ++done;
  }));
  begun.get_future().wait();
  std::promise<void> last;
  ASSERT_TRUE(workers.submit([&](const base::Result<Desk*>&) { ++done; }));
  ASSERT_TRUE(workers.submit([&](const base::Result<Desk*>&) {
    ++done;
    last.set_value();
  }));
  const auto refused = workers.submit([&](const base::Result<Desk*>&) { ++done; });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::Unavailable);
  released.set_value();
  last.get_future().wait();
  EXPECT_EQ(done, 3);
  workers.stop();
  EXPECT_FALSE(workers.submit([](const base::Result<Desk*>&) {}));
}

TEST(Workers, WorkBesideEachOther) {
  Workers workers;
  workers.take(plain_desk, limits_of(3, 10));
  std::mutex mutex;
  std::condition_variable together;
  std::set<Desk*> desks;
  std::vector<std::promise<void>> ends(3);
  for (std::promise<void>& end : ends) {
    ASSERT_TRUE(workers.submit([&](const base::Result<Desk*>& desk) {
      std::unique_lock lock(mutex);
      desks.insert(*desk);
      together.notify_all();
      together.wait(lock, [&] { return desks.size() == 3; });
      end.set_value();
    }));
  }
  for (std::promise<void>& end : ends) end.get_future().wait();
  EXPECT_EQ(desks.size(), 3U);
}

}  // namespace
}  // namespace portico::platform
