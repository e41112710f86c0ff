// What accounts have used: counted, kept, read and forgotten, on both stores.
#include <filesystem>
#include <future>
#include <memory>

#include <gtest/gtest.h>

#include "base/ids.hpp"
#include "platform/usage_keeper.hpp"
#include "platform/usage_tables.hpp"
#include "store/postgres_connection.hpp"
#include "store/postgres_own_tables.hpp"
#include "store/sqlite_own_tables.hpp"
#include "support/postgres_server.hpp"

namespace portico::platform {
namespace {

using server::UsageEntry;
using std::chrono::microseconds;
using std::chrono::seconds;

constexpr base::Microseconds minute = 60'000'000;
constexpr base::Microseconds noon = 1'700'000'040'000'000 / minute * minute;

TEST(Latencies, ABucketHoldsWhatTookLessThanItsBound) {
  EXPECT_EQ(latency_bucket(microseconds(-1)), 0U);
  EXPECT_EQ(latency_bucket(microseconds(99)), 0U);
  EXPECT_EQ(latency_bucket(microseconds(100)), 1U);
  EXPECT_EQ(latency_bucket(microseconds(199)), 1U);
  EXPECT_EQ(latency_bucket(microseconds(200)), 2U);
  EXPECT_EQ(latency_bucket(microseconds(100 << 16)), 17U);
  EXPECT_EQ(latency_bucket(std::chrono::hours(5)), latency_buckets - 1);
}

TEST(Latencies, APercentileLiesWhereSoManyAreReached) {
  EXPECT_FALSE(percentile({}, 50));
  Latencies all{};
  all[1] = 100;  // from 100 to 200 µs
  EXPECT_EQ(percentile(all, 50), 150);
  EXPECT_EQ(percentile(all, 99), 199);
  all[3] = 100;  // from 400 to 800 µs
  EXPECT_EQ(percentile(all, 50), 200);
  EXPECT_EQ(percentile(all, 75), 600);
  all[latency_buckets - 1] = 800;
  EXPECT_EQ(percentile(all, 99), 100 << 16) << "at least that";
  Latencies one{};
  one[0] = 1;
  EXPECT_EQ(percentile(one, 50), 100);
}

TEST(Usage, ABatchCountsByAccountAndMinuteAndKeepsTheLastRequests) {
  UsageBatch batch(2);
  EXPECT_TRUE(batch.is_empty());
  batch.add({.at = noon + 1, .took = microseconds(150), .status = 200, .account = "a", .path = "/1"});
  batch.add({.at = noon + minute - 1, .took = microseconds(50), .status = 400, .account = "a", .path = "/2"});
  batch.add({.at = noon + minute, .status = 399, .account = "a", .path = std::string_view("/\0\xff", 3)});
  batch.add({.at = noon, .status = 500, .account = "b"});
  batch.add({.at = noon, .status = 200, .account = std::string_view("\0", 1)});
  batch.add({.at = noon, .status = 200, .account = "\xff"});
  ASSERT_EQ(batch.accounts().size(), 2U) << "what no table can name is not counted";
  const auto& account = batch.accounts().at("a");
  ASSERT_EQ(account.minutes.size(), 2U);
  EXPECT_EQ(account.minutes.at(noon).requests, 2);
  EXPECT_EQ(account.minutes.at(noon).errors, 1);
  EXPECT_EQ(account.minutes.at(noon).latencies[0], 1);
  EXPECT_EQ(account.minutes.at(noon).latencies[1], 1);
  EXPECT_EQ(account.minutes.at(noon + minute).errors, 0);
  ASSERT_EQ(account.requests.size(), 2U);
  EXPECT_EQ(account.requests.front().path, "/2");
  EXPECT_EQ(account.requests.back().path, "/ \xEF\xBF\xBD");
  batch.add({.at = noon + 1, .status = 200, .account = "a", .path = "late from another loop"});
  EXPECT_EQ(account.requests.front().path, "/2");
  EXPECT_EQ(account.minutes.at(noon).requests, 3);
}

enum class Kind : std::uint8_t { Sqlite, Postgres };

class UsageTables : public testing::TestWithParam<Kind> {
 protected:
  UsageTables() {
    std::filesystem::create_directories(directory_);
    if (GetParam() == Kind::Postgres) {
      store::PostgresConnection(support::PostgresServer::shared().address())
          .run_script("SET client_min_messages = error; DROP SCHEMA IF EXISTS portico_access CASCADE");
    }
  }
  ~UsageTables() override { std::filesystem::remove_all(directory_); }

  [[nodiscard]] std::unique_ptr<store::OwnTables> open() const {
    if (GetParam() == Kind::Sqlite) return std::make_unique<store::SqliteOwnTables>(directory_);
    return std::make_unique<store::PostgresOwnTables>(support::PostgresServer::shared().address(), "portico");
  }
  static std::string paths(store::OwnTables& tables, const RequestsQuestion& question) {
    std::string all;
    for (const LoggedRequest& request : read_requests(tables, question).requests) all += request.path + ' ';
    return all;
  }

  const std::filesystem::path directory_ = std::filesystem::temp_directory_path() / ("portico-" + base::make_id());
};
INSTANTIATE_TEST_SUITE_P(Stores, UsageTables, testing::Values(Kind::Sqlite, Kind::Postgres),
                         [](const auto& kind) { return kind.param == Kind::Sqlite ? "Sqlite" : "Postgres"; });

TEST_P(UsageTables, MinutesAddUpAndAreReadInSteps) {
  const auto tables = open();
  const auto other_server = open();
  UsageBatch batch(10);
  batch.add({.at = noon, .took = microseconds(150), .status = 200, .account = "a"});
  batch.add({.at = noon + 4 * minute, .took = microseconds(90), .status = 503, .account = "a"});
  batch.add({.at = noon + 5 * minute, .status = 200, .account = "a"});
  batch.add({.at = noon, .status = 400, .account = "b"});
  write_usage(*tables, batch, 10);
  write_usage(*other_server, batch, 10);
  const base::Microseconds first = noon - noon % (5 * minute);
  const auto points =
      read_usage(*tables, {.account = "a", .since = first, .until = noon + 5 * minute, .step = seconds(300)});
  std::int64_t requests = 0;
  std::int64_t errors = 0;
  Latencies latencies{};
  base::Microseconds last = -1;
  for (const UsagePoint& point : points) {
    EXPECT_EQ(point.at % (5 * minute), 0);
    EXPECT_GT(point.at, last);
    last = point.at;
    requests += point.usage.requests;
    errors += point.usage.errors;
    for (std::size_t i = 0; i < latency_buckets; ++i) latencies[i] += point.usage.latencies[i];
  }
  EXPECT_EQ(requests, 4) << "until is exclusive, and b is another";
  EXPECT_EQ(errors, 2);
  EXPECT_EQ(latencies[0], 2);
  EXPECT_EQ(latencies[1], 2);
  const auto minutes = read_usage(*tables, {.account = "a", .since = noon + minute, .until = noon + 9 * minute});
  ASSERT_EQ(minutes.size(), 2U);
  EXPECT_EQ(minutes[0].at, noon + 4 * minute);
  EXPECT_TRUE(read_usage(*tables, {.account = "nobody", .since = 0, .until = noon * 2}).empty());
  forget_usage(*tables, noon + 5 * minute);
  EXPECT_EQ(read_usage(*tables, {.account = "a", .since = 0, .until = noon * 2}).size(), 1U);
}

TEST_P(UsageTables, RequestsComeBackAsTheyWereTheNewestFirst) {
  const auto tables = open();
  UsageBatch batch(100);
  batch.add({.at = noon,
             .took = microseconds(7),
             .status = 404,
             .account = "a",
             .request_id = "id",
             .method = "GET",
             .path = "/ñ'",
             .key_id = "key",
             .kind = "run",
             .extension = "plot",
             .type = "-1",
             .message = "Not found."});
  for (int i = 0; i < 99; ++i)
    batch.add({.at = noon, .status = 200 + i % 2 * 300, .account = "a", .path = std::to_string(i)});
  batch.add({.at = noon, .status = 200, .account = "b", .path = "b"});
  write_usage(*tables, batch, 1'000);
  const RequestsPage first = read_requests(*tables, {.account = "a"});
  EXPECT_EQ(first.count, 100);
  ASSERT_EQ(first.requests.size(), static_cast<std::size_t>(requests_on_page));
  EXPECT_EQ(first.requests[0].path, "98");
  const RequestsPage second = read_requests(*tables, {.account = "a", .page = 2});
  ASSERT_EQ(second.requests.size(), 50U);
  const LoggedRequest& oldest = second.requests.back();
  EXPECT_EQ(oldest.at, noon);
  EXPECT_EQ(oldest.microseconds, 7);
  EXPECT_EQ(oldest.status, 404);
  EXPECT_EQ(oldest.request_id + oldest.method + oldest.path + oldest.key + oldest.kind + oldest.extension,
            "idGET/ñ'keyrunplot");
  EXPECT_EQ(oldest.type + oldest.message, "-1Not found.");
  EXPECT_TRUE(read_requests(*tables, {.account = "a", .page = 3}).requests.empty());
  const RequestsPage refused = read_requests(*tables, {.account = "a", .status_from = 400, .status_to = 500});
  EXPECT_EQ(refused.count, 1);
  EXPECT_EQ(paths(*tables, {.account = "b"}), "b ");
}

TEST_P(UsageTables, OfEachAccountTheLastRequestsAreKept) {
  const auto tables = open();
  UsageBatch quiet(100);
  quiet.add({.at = noon, .status = 200, .account = "quiet", .path = "q"});
  write_usage(*tables, quiet, 8);
  for (int i = 0; i < 60; ++i) {
    UsageBatch batch(100);
    for (int more = 0; more < 1 + i % 3; ++more) {
      batch.add({.at = noon, .status = 200, .account = "a", .path = std::to_string(i)});
      batch.add({.at = noon, .status = 200, .account = "b", .path = std::to_string(i)});
    }
    write_usage(*tables, batch, 8);
    EXPECT_LE(read_requests(*tables, {.account = "a"}).count, 8 + 8) << "a few more than are kept";
  }
  EXPECT_GE(read_requests(*tables, {.account = "a"}).count, 8);
  EXPECT_EQ(read_requests(*tables, {.account = "a"}).requests.front().path, "59");
  EXPECT_EQ(paths(*tables, {.account = "quiet"}), "q ");
}

/// Two servers write at once, and each minute and request is there once.
TEST_P(UsageTables, ServersThatWriteAtOnceLoseNothing) {
  constexpr int rounds = 15;
  const auto write = [&] {
    const auto tables = open();
    for (int i = 0; i < rounds; ++i) {
      UsageBatch batch(100);
      batch.add({.at = noon, .status = 200, .account = "a"});
      for (bool written = false; !written;) {
        try {
          write_usage(*tables, batch, 1'000);
          written = true;
        } catch (const store::OwnTablesBusy&) {  // as the keeper does: later
        }
      }
    }
  };
  auto one = std::async(std::launch::async, write);
  auto other = std::async(std::launch::async, write);
  one.get();
  other.get();
  const auto tables = open();
  const auto points = read_usage(*tables, {.account = "a", .since = noon, .until = noon + minute});
  ASSERT_EQ(points.size(), 1U);
  EXPECT_EQ(points[0].usage.requests, 2 * rounds);
  EXPECT_EQ(read_requests(*tables, {.account = "a"}).count, 2 * rounds);
}

TEST_P(UsageTables, TheKeeperWritesWhatIsLeftWhenItEnds) {
  const base::Microseconds now = base::now();
  {
    UsageKeeper keeper({.open = [this] { return open(); },
                        .limits = {},
                        .report = [](const std::string& words) { ADD_FAILURE() << words; }});
    keeper.add_ring().add(UsageEntry{.at = now, .status = 200, .account = "a"});
    keeper.add_ring().add(UsageEntry{.at = now, .status = 400, .account = "a"});
  }
  EXPECT_EQ(read_requests(*open(), {.account = "a"}).count, 2);
}

TEST_P(UsageTables, TheKeeperWritesForWhoLooks) {
  base::Limits limits;
  limits.usage_interval = seconds(3'600);
  UsageKeeper keeper({.open = [this] { return open(); },
                      .limits = limits,
                      .report = [](const std::string& words) { ADD_FAILURE() << words; }});
  server::UsageRing& ring = keeper.add_ring();
  for (int count = 1; count <= 3; ++count) {
    ring.add(UsageEntry{.at = base::now(), .status = 200, .account = "a"});
    keeper.write_now(seconds(30));
    EXPECT_EQ(read_requests(*open(), {.account = "a"}).count, count);
  }
}

TEST_P(UsageTables, WhoLooksIsNotKeptWaitingByADatabaseThatIsAway) {
  base::Limits limits;
  limits.usage_interval = seconds(3'600);
  UsageKeeper keeper({.open = []() -> std::unique_ptr<store::OwnTables> { throw std::runtime_error("away"); },
                      .limits = limits,
                      .report = [](const std::string&) {}});
  keeper.add_ring().add(UsageEntry{.at = base::now(), .status = 200, .account = "a"});
  keeper.write_now(seconds(3'600));
}

TEST_P(UsageTables, WhatTheDatabaseDoesNotTakeIsHeldAndSaidOnce) {
  base::Limits limits;
  limits.usage_interval = seconds(1);
  std::promise<void> told;
  std::vector<std::string> reports;
  int opened = 0;
  {
    UsageKeeper keeper({.open = [&]() -> std::unique_ptr<store::OwnTables> {
                          if (++opened == 3) told.set_value();
                          if (opened < 3) throw std::runtime_error("away");
                          return open();
                        },
                        .limits = limits,
                        .report = [&](const std::string& words) { reports.push_back(words); }});
    keeper.add_ring().add(UsageEntry{.at = base::now(), .status = 200, .account = "a"});
    ASSERT_EQ(told.get_future().wait_for(seconds(30)), std::future_status::ready);
  }
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_NE(reports[0].find("away"), std::string::npos);
  EXPECT_EQ(read_requests(*open(), {.account = "a"}).count, 1);
}

TEST_P(UsageTables, MinutesThatAreTooOldGo) {
  base::Limits limits;
  limits.usage_kept = seconds(3'600);
  const base::Microseconds now = base::now();
  {
    UsageKeeper keeper({.open = [this] { return open(); }, .limits = limits, .report = [](const std::string&) {}});
    server::UsageRing& ring = keeper.add_ring();
    ring.add(UsageEntry{.at = now - 2 * 60 * minute, .status = 200, .account = "a"});
    ring.add(UsageEntry{.at = now, .status = 200, .account = "a"});
  }
  EXPECT_EQ(read_usage(*open(), {.account = "a", .since = 0, .until = now + minute}).size(), 1U);
}

}  // namespace
}  // namespace portico::platform
