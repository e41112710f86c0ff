#include "store/checkpointer.hpp"

#include <chrono>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

namespace portico::store {
namespace {

/// So that it is not tried over and over: what was found counts as looked at.
TEST(Checkpointer, APassThatIsRefusedHasFoundTheLogAndBroughtNothing) {
  Checkpointer passes("/nowhere/none.db");
  passes.note({.logged = 900, .brought = 700});
  for (const auto& [logged, brought] : {std::pair{1'000, 700}, std::pair{500, 0}}) {  // then the log has begun anew
    passes.begin_pass(logged);
    const auto most = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (passes.is_under_way() && std::chrono::steady_clock::now() < most) std::this_thread::yield();
    ASSERT_FALSE(passes.is_under_way());
    EXPECT_EQ(passes.last().logged, logged);
    EXPECT_EQ(passes.last().brought, brought);
  }
}

}  // namespace
}  // namespace portico::store
