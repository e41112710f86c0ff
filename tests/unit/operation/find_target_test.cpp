#include "contract/locate.hpp"
#include "operation/parse_operation.hpp"
#include "support/small_api.hpp"

namespace portico::operation {
namespace {

base::Result<Target> target_of(const model::Api& api, std::string_view path) {
  const auto location = contract::locate(api, path);
  EXPECT_TRUE(location.has_value()) << path;
  return find_target(api, *location);
}

TEST(FindTarget, TheCallingAccountIsARowOfTheAccounts) {
  const auto api = support::small_api();
  const auto target = target_of(*api, "/me");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->kind, Target::Kind::CallingAccount);
  EXPECT_EQ(target->resource, api->accounts);
}

TEST(FindTarget, AnAccountThatIsOnlyANameHasNoRow) {
  const auto api = support::existing_api();
  for (const auto* path : {"/me", "/v1/me", "/me/orders"}) {
    const auto refused = target_of(*api, path);
    ASSERT_FALSE(refused) << path;
    EXPECT_EQ(refused.error().code, base::ErrorCode::NotFound) << path;
  }
  const auto films = target_of(*api, "/films");
  ASSERT_TRUE(films);
  EXPECT_EQ(films->kind, Target::Kind::Collection);
}

}  // namespace
}  // namespace portico::operation
