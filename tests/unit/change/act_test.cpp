#include "unit/change/changed_shop.hpp"

namespace portico::change {
namespace {

using base::ErrorCode;
using http::Method;
class Acting : public ChangedShop {};
INSTANTIATE_ON_BOTH_STORES(Acting);

TEST_P(Acting, EffectsAreWorkedOutFromWhatWasBefore) {
  const std::string refund = "/orders/" + confirmed_order() + "/refund";
  EXPECT_EQ(want({.path = refund, .body = R"({"amount": 60})"}).body, R"({"remaining":40,"over":false,"at":null})");
  EXPECT_EQ(want({.path = refund, .body = R"({"amount": 40})"}).body,
            R"({"remaining":0,"over":true,"at":"2020-09-13T12:26:40.000000Z"})");
  EXPECT_EQ(value("SELECT refunded FROM orders WHERE cancelled = confirmed"), "100");
}

TEST_P(Acting, NeverGoesBelowZero) {
  const std::string refund = "/orders/" + confirmed_order() + "/refund";
  int refunded = 0;
  for (int i = 0; i < 50; ++i) {
    const Outcome outcome = want({.path = refund, .body = R"({"amount": 30})"});
    refunded += outcome.status == 200 ? 1 : 0;
    EXPECT_TRUE(outcome.status == 200 || presenter_->last().faults.at(0).message == "More than what remains.");
  }
  EXPECT_EQ(refunded, 3);
  EXPECT_EQ(value("SELECT refunded FROM orders"), "90");
  EXPECT_EQ(faults({.path = refund, .body = R"({"amount": 11})"}), "amount: More than what remains.");
}

TEST_P(Acting, IsGuardedByTheRowsState) {
  const std::string path = "/orders/" + order();
  const base::Error error = refusal({.path = path + "/refund", .body = R"({"amount": 1})"});
  EXPECT_EQ(error.code, ErrorCode::Forbidden);
  EXPECT_EQ(error.own_code, 2);
  EXPECT_EQ(want({.path = path + "/confirm", .body = "{}"}).status, 204);
  EXPECT_EQ(refusal({.path = path + "/confirm"}).own_code, 3);
}

TEST_P(Acting, TakesTheFieldsThatItDeclares) {
  const std::string path = "/orders/" + order();
  EXPECT_TRUE(faults({.path = path + "/refund"}).starts_with("amount: "));
  EXPECT_TRUE(faults({.path = path + "/refund", .body = R"({"amount": 1, "other": 2})"}).starts_with("other: "));
  EXPECT_TRUE(faults({.path = path + "/confirm", .body = R"({"x": 1})"}).starts_with("x: "));
  EXPECT_EQ(refusal({.path = "/orders/none/refund", .body = R"({"x": 1})"}).code, ErrorCode::NotFound);
}

TEST_P(Acting, TellsItsStateAndChangesNothing) {
  const std::string refund = "/orders/" + confirmed_order() + "/refund";
  ASSERT_EQ(want({.path = refund, .body = R"({"amount": 60})"}).status, 200);
  EXPECT_EQ(want({.method = Method::Get, .path = refund}).body, R"({"remaining":40,"over":false,"at":null})");
  EXPECT_EQ(writes(), 0U);
  EXPECT_EQ(refusal({.method = Method::Get, .path = "/orders/none/refund"}).code, ErrorCode::NotFound);
}

TEST_P(Acting, OnTheCallingAccount) {
  EXPECT_EQ(want({.path = "/me/open"}).status, 204);
  EXPECT_EQ(value("SELECT name FROM shops WHERE id LIKE 'a%'"), "open");
}

TEST_P(Acting, NumbersThatOverflowAreRefused) {
  const std::string id = confirmed_order(R"({"total": 9223372036854775807})");
  execute("UPDATE orders SET refunded = -10");
  EXPECT_EQ(refusal({.path = "/orders/" + id + "/refund", .body = R"({"amount": 1})"}).code, ErrorCode::InvalidData);
  EXPECT_EQ(value("SELECT refunded FROM orders"), "-10");
}

}  // namespace
}  // namespace portico::change
