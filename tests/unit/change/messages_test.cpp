#include "unit/change/telling_shop.hpp"

namespace portico::change {
namespace {

class Telling : public TellingShop {};
INSTANTIATE_ON_BOTH_STORES(Telling);

TEST_P(Telling, AMessageIsWrittenWithItsChange) {
  const Outcome made = want({.path = "/orders", .body = R"({"total": 100, "mid": "A\"1"})"});
  ASSERT_EQ(made.status, 201) << presenter_->last().message;
  EXPECT_TRUE(made.has_messages);
  const std::string id = made.head.substr(10, 32);
  EXPECT_EQ(messages(), "1");
  EXPECT_EQ(of_message("row"), id);
  EXPECT_EQ(of_message("resource"), "orders");
  EXPECT_EQ(of_message("webhook"), "paid");
  EXPECT_EQ(of_message("account"), std::string(32, 'a'));
  EXPECT_EQ(of_message("target"), "https://Example.com/hook");
  EXPECT_EQ(of_message("host"), "example.com:443");
  EXPECT_EQ(of_message("state"), "waiting");
  EXPECT_EQ(of_message("tries"), "0");
  EXPECT_EQ(of_message("id").size(), 32U);
  EXPECT_EQ(of_message("body"),
            R"({"id":")" + id + R"(","mid":"A\"1","status":"pending","total":100,"test":false,"at":null})");
}

TEST_P(Telling, OnlyWhereTheConditionHoldsAndThereIsATarget) {
  EXPECT_FALSE(want({.path = "/orders", .body = R"({"total": 10})"}).has_messages);
  EXPECT_FALSE(want({.path = "/orders", .body = R"({"total": 11})", .account = std::string(32, 'b')}).has_messages);
  EXPECT_EQ(messages(), "0");
  EXPECT_TRUE(want({.path = "/orders", .body = R"({"total": 11})"}).has_messages);
}

TEST_P(Telling, WhatIsRefusedTellsNobody) {
  const std::string id = confirmed_order();
  EXPECT_EQ(messages(), "2");
  EXPECT_EQ(refusal({.path = "/orders/" + id + "/confirm"}).code, base::ErrorCode::Forbidden);
  EXPECT_EQ(messages(), "2");
}

TEST_P(Telling, OtherOperationsTellNobody) {
  const std::string id = order();
  const Outcome changed = want({.method = http::Method::Patch, .path = "/orders/" + id, .body = R"({"total": 50})"});
  ASSERT_EQ(changed.status, 204) << presenter_->last().message;
  EXPECT_FALSE(changed.has_messages);
  EXPECT_EQ(messages(), "1");
}

TEST_P(Telling, ARetryTellsNothingAgain) {
  const Wish wish{.path = "/orders", .body = R"({"total": 100})", .key = "k1"};
  ASSERT_EQ(want(wish).status, 201);
  const Outcome again = want(wish);
  EXPECT_EQ(again.status, 201);
  EXPECT_FALSE(again.has_messages);
  EXPECT_EQ(messages(), "1");
}

TEST_P(Telling, ARowThatGoesIsToldOfAsItWas) {
  const std::string id = order();
  execute("DELETE FROM portico_outbox");
  ASSERT_EQ(want({.method = http::Method::Delete, .path = "/orders/" + id}).status, 204);
  EXPECT_EQ(of_message("row"), id);
}

TEST_P(Telling, AnActionTellsOfTheRowAsItLeftIt) {
  const std::string id = order();
  execute("DELETE FROM portico_outbox");
  ASSERT_EQ(want({.path = "/orders/" + id + "/confirm"}).status, 204);
  EXPECT_EQ(of_message("body"), R"({"id":")" + id +
                                    R"(","mid":null,"status":"ok","total":100,"test":false,)"
                                    R"("at":"2020-09-13T12:26:40.000000Z"})");
}

class Settled : public TellingShop {
 protected:
  Settled() {
    order();
    execute("UPDATE portico_outbox SET tries = 3");
  }
  std::string settle(Settlement wish) {
    wish.api = api_;
    wish.planner = std::make_shared<plan::Planner>(api_, GetParam());
    wish.now = now;
    wish.message.id = of_message("id");
    wish.message.account = of_message("account");
    wish.message.resource = of_message("resource");
    wish.message.row = of_message("row");
    wish.message.webhook = of_message("webhook");
    if (wish.message.tries == 0) wish.message.tries = 3;
    const auto settlement = make_settlement(std::move(wish));
    run(*settlement);
    return settlement->fault();
  }
};
INSTANTIATE_ON_BOTH_STORES(Settled);

TEST_P(Settled, AnAnswerChangesTheRowAndIsTheEnd) {
  EXPECT_EQ(settle({.verdict = Verdict::Answered, .answer = "ok"}), "");
  EXPECT_EQ(value("SELECT refunded FROM orders"), "100");
  EXPECT_EQ(of_message("state"), "done");
  execute("UPDATE orders SET refunded = 0");
  EXPECT_EQ(settle({.verdict = Verdict::Answered, .answer = "ok"}), "");
  EXPECT_EQ(value("SELECT refunded FROM orders"), "0") << "a message is answered once";
}

TEST_P(Settled, WhereAGuardDoesNotHoldNothingIsSet) {
  execute(GetParam() == plan::SqlFlavor::Sqlite ? "UPDATE orders SET cancelled = 1"
                                                : "UPDATE orders SET cancelled = now()");
  EXPECT_EQ(settle({.verdict = Verdict::Answered, .answer = "ok"}), "");
  EXPECT_EQ(value("SELECT refunded FROM orders"), "0");
  EXPECT_EQ(of_message("state"), "done");
}

TEST_P(Settled, ARowThatIsGoneIsNoObstacle) {
  execute("DELETE FROM orders");
  EXPECT_EQ(settle({.verdict = Verdict::Answered, .answer = "ok"}), "");
  EXPECT_EQ(of_message("state"), "done");
}

TEST_P(Settled, ANewTryWaitsForItsTime) {
  EXPECT_EQ(settle({.verdict = Verdict::Again, .next_try = now + 5, .failure = "status 500"}), "");
  EXPECT_EQ(of_message("state"), "waiting");
  EXPECT_EQ(of_message("failure"), "status 500");
  EXPECT_EQ(of_message("tries"), "3");
}

TEST_P(Settled, WhatWasReleasedIsAsIfNeverTried) {
  EXPECT_EQ(settle({.verdict = Verdict::Released, .next_try = now}), "");
  EXPECT_EQ(of_message("tries"), "2");
  EXPECT_EQ(of_message("state"), "waiting");
}

TEST_P(Settled, AFailureOfAnEarlierTryIsLeftAlone) {
  Settlement late{.verdict = Verdict::GivenUp, .failure = "status 410"};
  late.message.tries = 2;
  EXPECT_EQ(settle(std::move(late)), "");
  EXPECT_EQ(of_message("state"), "waiting");
  EXPECT_EQ(of_message("failure"), "");
}

TEST_P(Settled, AnAnswerToAnEarlierTryCounts) {
  Settlement late{.verdict = Verdict::Answered, .answer = "ok"};
  late.message.tries = 2;
  EXPECT_EQ(settle(std::move(late)), "");
  EXPECT_EQ(value("SELECT refunded FROM orders"), "100");
  EXPECT_EQ(of_message("state"), "done");
}

TEST_P(Settled, GivingUpChangesTheRowToo) {
  EXPECT_EQ(settle({.verdict = Verdict::GivenUp, .failure = "status 410"}), "");
  EXPECT_NE(value("SELECT cancelled FROM orders"), "null");
  EXPECT_EQ(of_message("state"), "given_up");
  EXPECT_EQ(of_message("failure"), "status 410");
}

TEST_P(Settled, ARowThatCannotBecomeSoIsToldAndNothingIsSettled) {
  EXPECT_NE(settle({.verdict = Verdict::Answered, .answer = "more"}), "");
  EXPECT_EQ(value("SELECT refunded FROM orders"), "0");
  EXPECT_EQ(of_message("state"), "waiting");
}

TEST_P(Settled, SoIsOneThatTheTableRefuses) {
  execute("DELETE FROM portico_outbox WHERE false");
  const std::string twin = want({.path = "/orders", .body = R"({"total": 1, "mid": "TWIN"})"}).head.substr(10, 32);
  EXPECT_NE(settle({.verdict = Verdict::Answered, .answer = "twin"}), "");
  EXPECT_EQ(of_message("state"), "waiting");
}

}  // namespace
}  // namespace portico::change
