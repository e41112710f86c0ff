#include "usage_history.hpp"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

namespace portico::demo {
namespace {

constexpr base::Microseconds now = 1'700'000'000'000'000;
constexpr base::Microseconds day = 86'400'000'000;

platform::UsageBatch made(const std::string& extension, std::uint64_t seed = 1) {
  Random random(seed);
  return usage_history({.account = "shop",
                        .private_key = "0123456789abcdef",
                        .public_key = "fedcba9876543210",
                        .extension = extension,
                        .until = now},
                       random);
}

TEST(UsageHistory, HasSomethingToShowInEachDayOfFourWeeks) {
  const platform::UsageBatch batch = made("orders-by-week");
  const auto& account = batch.accounts().at("shop");
  std::set<base::Microseconds> days;
  std::int64_t requests = 0;
  std::int64_t errors = 0;
  for (const auto& [at, usage] : account.minutes) {
    EXPECT_LT(at, now);
    days.insert((now - at) / day);
    requests += usage.requests;
    errors += usage.errors;
  }
  EXPECT_EQ(days.size(), 28U);
  EXPECT_GT(requests, 20'000);
  EXPECT_GT(errors, requests / 100);
  EXPECT_LT(errors, requests / 10);
}

TEST(UsageHistory, ItsLastRequestsAreOfEveryCaller) {
  const platform::UsageBatch batch = made("orders-by-week");
  const auto& all = batch.accounts().at("shop").requests;
  EXPECT_EQ(all.size(), past_requests_kept);
  std::set<std::string> kinds;
  for (const platform::LoggedRequest& request : all) {
    kinds.insert(request.kind);
    EXPECT_EQ(request.type.empty(), request.status < 400) << request.path;
    EXPECT_EQ(request.extension.empty(), request.kind != "run");
    EXPECT_EQ(request.path.find('#'), std::string::npos);
  }
  EXPECT_EQ(kinds, (std::set<std::string>{"private", "public", "run"}));
  const platform::UsageBatch without = made("");
  const auto& others = without.accounts().at("shop").requests;
  EXPECT_TRUE(std::none_of(others.begin(), others.end(), [](const auto& own) { return own.kind == "run"; }));
}

}  // namespace
}  // namespace portico::demo
