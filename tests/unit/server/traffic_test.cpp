#include "server/traffic.hpp"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "server/metrics_page.hpp"
#include "server/request_log.hpp"

namespace portico::server {
namespace {

using namespace std::chrono_literals;

TEST(TrafficTest, AddsUpWhatAllThreadsCounted) {
  Traffic traffic;
  std::vector<std::thread> threads;
  for (int i = 0; i < 40; ++i) {  // more than there are parts
    threads.emplace_back([&traffic] {
      for (int request = 0; request < 100; ++request) traffic.add_answer("shop.v1", "GET", 200, 3, 2us);
      traffic.add_try("taken", 5us);
      traffic.add_cut();
      traffic.add_line_dropped();
    });
  }
  for (std::thread& thread : threads) thread.join();
  const Traffic::Totals totals = traffic.totals();
  ASSERT_EQ(totals.answers.size(), 1U);
  const auto& [name, answers] = *totals.answers.begin();
  EXPECT_EQ(name, Traffic::Name("shop.v1", "GET"));
  EXPECT_EQ(answers.by_status, (std::map<int, std::uint64_t>{{200, 4000}}));
  EXPECT_EQ(answers.body_bytes, 12'000U);
  EXPECT_EQ(answers.time, 8000us);
  EXPECT_EQ(answers.by_time.front(), 4000U);
  EXPECT_EQ(totals.tries.at("taken").count, 40U);
  EXPECT_EQ(totals.tries.at("taken").time, 200us);
  EXPECT_EQ(totals.cut, 40U);
  EXPECT_EQ(totals.lines_dropped, 40U);
}

TEST(TrafficTest, AnAnswerIsInTheFirstClassWhoseBoundItDoesNotPass) {
  Traffic traffic;
  for (const auto took : {0us, 500us, 501us, 10'000'000us, 10'000'001us})
    traffic.add_answer("shop.v1", "GET", 200, 0, took);
  const auto classes = traffic.totals().answers.begin()->second.by_time;
  EXPECT_EQ(classes.front(), 2U);
  EXPECT_EQ(classes.at(1), 1U);
  EXPECT_EQ(classes.at(Traffic::bounds.size() - 1), 1U);
  EXPECT_EQ(classes.back(), 1U);
}

TEST(TrafficTest, ClientsCannotMakeSeries) {
  Traffic traffic;
  for (const std::string_view method : {"", "get", "BREW", "GET\"} 1\nx{a=\"", "OPTIONS"})
    traffic.add_answer("shop.v1", method, 405, 0, 1us);
  const Traffic::Totals totals = traffic.totals();
  ASSERT_EQ(totals.answers.size(), 2U);
  EXPECT_EQ(totals.answers.at({"shop.v1", "other"}).by_status.at(405), 4U);
  EXPECT_EQ(totals.answers.at({"shop.v1", "OPTIONS"}).by_status.at(405), 1U);
}

TEST(TrafficTest, TheRequestLogCountsAlsoWhereNothingIsWritten) {
  Traffic traffic;
  RequestLog log(-1, &traffic);
  log.add(LogEntry{.method = "GET", .status = 200, .body_bytes = 7, .took = 3us, .contract = "shop.v1"});
  log.add(DeliveryEntry{.took = 4us, .result = "again"});
  log.add(CutEntry{});
  const Traffic::Totals totals = traffic.totals();
  EXPECT_EQ(totals.answers.at({"shop.v1", "GET"}).body_bytes, 7U);
  EXPECT_EQ(totals.tries.at("again").count, 1U);
  EXPECT_EQ(totals.cut, 1U);
}

TEST(TrafficTest, ThePageSaysSecondsWithoutExponents) {
  Traffic traffic;
  traffic.add_answer("shop.v1", "GET", 200, 0, 1us);
  const std::string page = write_metrics(
      traffic.totals(), {.version = "1.2.3", .loaded = std::chrono::system_clock::time_point(1'763'900'000s + 5us)});
  EXPECT_NE(page.find("_bucket{contract=\"shop.v1\",method=\"GET\",le=\"0.0005\"} 1\n"), std::string::npos) << page;
  EXPECT_NE(page.find("_sum{contract=\"shop.v1\",method=\"GET\"} 0.000001\n"), std::string::npos) << page;
  EXPECT_NE(page.find("portico_description_loaded_timestamp_seconds 1763900000.000005\n"), std::string::npos) << page;
}

}  // namespace
}  // namespace portico::server
