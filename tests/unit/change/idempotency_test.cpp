#include "unit/change/changed_shop.hpp"

namespace portico::change {
namespace {

using base::ErrorCode;
class Retrying : public ChangedShop {};
INSTANTIATE_ON_BOTH_STORES(Retrying);

constexpr base::Microseconds day = 24LL * 3600 * 1'000'000;

TEST_P(Retrying, ARetryGetsTheFirstAnswerAndHasNoEffect) {
  const std::string refund = "/orders/" + confirmed_order() + "/refund";
  const Wish wish{.path = refund, .body = R"({"amount": 60})", .key = "k1"};
  const Outcome first = want(wish);
  ASSERT_EQ(first.status, 200) << presenter_->last().message;
  for (int i = 0; i < 50; ++i) {
    const Outcome again = want(wish);
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(again.head, first.head + "Idempotency-Replayed: true\r\n");
  }
  EXPECT_EQ(value("SELECT refunded FROM orders"), "60");
}

TEST_P(Retrying, AKeyNamesOneRequest) {
  const std::string confirm = "/orders/" + order() + "/confirm";
  ASSERT_EQ(want({.path = confirm, .key = "k"}).status, 204);
  const base::Error error = refusal({.path = confirm, .key = "k", .fingerprint = "2f"});
  EXPECT_EQ(error.code, ErrorCode::Conflict);
  // Another account's keys are its own.
  EXPECT_EQ(want({.path = "/orders", .body = R"({"total": 1})", .account = std::string(32, 'b'), .key = "k"}).status,
            201);
}

TEST_P(Retrying, WhatHadNoEffectIsJudgedAnew) {
  const std::string path = "/orders/" + order();
  const Wish wish{.path = path + "/refund", .body = R"({"amount": 60})", .key = "k"};
  EXPECT_EQ(refusal(wish).code, ErrorCode::Forbidden);
  EXPECT_EQ(value("SELECT count(*) FROM portico_answers"), "0");
  ASSERT_EQ(want({.path = path + "/confirm"}).status, 204);
  EXPECT_EQ(want(wish).status, 200);
}

TEST_P(Retrying, AnswersAreKeptForADay) {
  Wish wish{.path = "/orders", .body = R"({"total": 1})", .key = "k"};
  const Outcome first = want(wish);
  wish.later = day;
  EXPECT_EQ(want(wish).body, first.body);
  wish.later = day + 1;
  const Outcome anew = want(wish);
  EXPECT_EQ(anew.status, 201);
  EXPECT_NE(anew.body, first.body);
  EXPECT_EQ(value("SELECT count(*) FROM orders"), "2");
  EXPECT_EQ(value("SELECT count(*) FROM portico_answers"), "1");
  wish.later = day + 2;
  EXPECT_EQ(want(wish).body, anew.body);
}

TEST_P(Retrying, OldAnswersAreForgottenBySomeOfTheChanges) {
  for (const char* key : {"a", "b", "c"}) {
    ASSERT_EQ(want({.path = "/orders", .body = R"({"total": 1})", .key = key}).status, 201);
  }
  const Wish later{.path = "/orders", .body = R"({"total": 1})", .key = "d", .fingerprint = "0f", .later = day + 1};
  ASSERT_EQ(want(later).status, 201);
  EXPECT_EQ(value("SELECT max(key) || count(*) FROM portico_answers"), "d1");
}

TEST_P(Retrying, ARaceForOneKeyIsAConflict) {
  const std::string confirm = "/orders/" + order() + "/confirm";
  const auto location = contract::locate(*api_, confirm).value();
  const auto target = operation::find_target(*api_, location).value();
  auto parsed =
      operation::parse_operation(api_->limits, target, http::Method::Post, operation::parse_query("")).value();
  const auto change = make_change({.api = api_,
                                   .planner = planner_,
                                   .operation = std::get<operation::Change>(std::move(parsed)),
                                   .account = std::string(32, 'a'),
                                   .version = 2,
                                   .now = now,
                                   .idempotency_key = "k",
                                   .fingerprint = "1f",
                                   .presenter = presenter_});
  const auto attempt = change->begin();
  ASSERT_EQ(attempt->next({}), store::Procedure::Step::Ask);
  attempt->violated(
      {.kind = store::Violation::Kind::Unique, .table = "portico_answers", .columns = {"account", "key"}});
  EXPECT_EQ(presenter_->last().code, ErrorCode::Conflict);
  EXPECT_NE(presenter_->last().message.find("Idempotency-Key"), std::string::npos);
}

TEST_P(Retrying, AnAttemptThatIsGivenUpLeavesNothing) {
  const auto location = contract::locate(*api_, "/orders").value();
  const auto target = operation::find_target(*api_, location).value();
  auto parsed =
      operation::parse_operation(api_->limits, target, http::Method::Post, operation::parse_query("")).value();
  auto operation = std::get<operation::Change>(std::move(parsed));
  operation.body = operation::Body{};
  operation.body->document.kind = base::Document::Kind::Object;
  operation.body->document.members.push_back({"total", {.kind = base::Document::Kind::Integer, .integer = 5}});
  const auto change = make_change({.api = api_,
                                   .planner = planner_,
                                   .operation = std::move(operation),
                                   .account = std::string(32, 'a'),
                                   .version = 2,
                                   .now = now,
                                   .presenter = presenter_});
  for (int i = 0; i < 3; ++i) {
    const auto attempt = change->begin();
    ASSERT_EQ(attempt->next({}), store::Procedure::Step::Ask);
    EXPECT_TRUE(attempt->ask().statement.sql.starts_with("INSERT"));
  }
}

}  // namespace
}  // namespace portico::change
