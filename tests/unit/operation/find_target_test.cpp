#include "contract/locate.hpp"
#include "operation/parse_operation.hpp"
#include "support/small_api.hpp"
#include "support/writing_api.hpp"

namespace portico::operation {
namespace {

base::Result<Target> target_of(const model::Api& api, std::string_view path, std::optional<int> version = {}) {
  const auto location = contract::locate(api, path);
  EXPECT_TRUE(location.has_value()) << path;
  return find_target(api, *location, version);
}

std::string refusal_of(const model::Api& api, std::string_view path) {
  const auto target = target_of(api, path);
  EXPECT_FALSE(target.has_value()) << path;
  if (target) return {};
  EXPECT_EQ(target.error().code, base::ErrorCode::NotFound) << path;
  return target.error().message;
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

TEST(FindTarget, CollectionsObjectsAndWhatLiesBelow) {
  const auto api = support::writing_api();
  struct Case {
    const char* path;
    Target::Kind kind;
    const char* resource;
    std::string name;
    std::vector<std::string> parents;
    std::string action;
  };
  using Kind = Target::Kind;
  const std::vector<Case> cases = {
      {"/orders", Kind::Collection, "orders", "", {}, ""},
      {"//v2//orders/", Kind::Collection, "orders", "", {}, ""},
      {"/api/orders/7", Kind::Object, "orders", "7", {}, ""},
      {"/orders/a%2Fb", Kind::Object, "orders", "a/b", {}, ""},
      {"/orders/7/refund", Kind::Object, "orders", "7", {}, "refund"},
      {"/orders/refund", Kind::Object, "orders", "refund", {}, ""},
      {"/orders/7/captures", Kind::Collection, "captures", "", {"7"}, ""},
      {"/orders/7/captures/8", Kind::Object, "captures", "8", {"7"}, ""},
      {"/orders/7/captures/8/voids", Kind::Collection, "voids", "", {"7", "8"}, ""},
      {"/orders/7/captures/8/voids/9", Kind::Object, "voids", "9", {"7", "8"}, ""},
      {"/orders/7/status", Kind::Object, "status", "7", {}, ""},
      {"/me", Kind::CallingAccount, "shops", "", {}, ""},
      {"/me/open", Kind::CallingAccount, "shops", "", {}, "open"},
      {"/me/campaigns", Kind::Collection, "campaigns", "", {}, ""},
      {"/me/campaigns/open", Kind::Object, "campaigns", "open", {}, ""},
      {"/shops/7", Kind::Object, "shops", "7", {}, ""},
      {"/shops/7/open", Kind::Object, "shops", "7", {}, "open"},
      {"/shops/keys", Kind::Collection, "keys", "", {}, ""},
  };
  for (const Case& expected : cases) {
    SCOPED_TRACE(expected.path);
    const auto target = target_of(*api, expected.path);
    ASSERT_TRUE(target.has_value());
    EXPECT_EQ(target->kind, expected.kind);
    EXPECT_EQ(target->resource->name, expected.resource);
    EXPECT_EQ(target->name, expected.name);
    EXPECT_EQ(target->parents, expected.parents);
    EXPECT_EQ(target->action == nullptr ? "" : target->action->name, expected.action);
  }
}

TEST(FindTarget, AnActionIsInItsVersionsOnly) {
  const auto api = support::writing_api();
  EXPECT_TRUE(target_of(*api, "/orders/7/ship", 2));
  EXPECT_FALSE(target_of(*api, "/orders/7/ship", 1));
  EXPECT_TRUE(target_of(*api, "/orders/7/refund", 1));
}

TEST(FindTarget, SaysWhatWouldBeThere) {
  const auto api = support::writing_api();
  EXPECT_EQ(refusal_of(*api, "/order"), "There is no such resource. Did you mean 'orders'?");
  EXPECT_EQ(refusal_of(*api, "/quite-another"), "There is no such resource.");
  EXPECT_EQ(refusal_of(*api, "/"), "There is no such resource. There are shops, orders and me.");
  EXPECT_EQ(refusal_of(*api, "/orders/7/refunds"), "There is no 'refunds' below /orders/7. Did you mean 'refund'?");
  EXPECT_EQ(refusal_of(*api, "/orders/7/x"),
            "There is no 'x' below /orders/7. There are confirm, refund, ship, captures and status.");
  EXPECT_EQ(refusal_of(*api, "/shops"), "Nothing is served at /shops itself. There is keys.");
  EXPECT_EQ(refusal_of(*api, "/shops/keys/1"), "There is no '1' below /shops/keys. There is open.");
  EXPECT_EQ(refusal_of(*api, "/orders/7/refund/x"), "Nothing is served below /orders/7/refund.");
  EXPECT_EQ(refusal_of(*api, "/me/campaigns/1/x"), "Nothing is served below /me/campaigns/1.");
}

}  // namespace
}  // namespace portico::operation
