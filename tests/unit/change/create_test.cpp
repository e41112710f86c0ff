#include "unit/change/changed_shop.hpp"

namespace portico::change {
namespace {

using base::ErrorCode;
class Creating : public ChangedShop {};
INSTANTIATE_ON_BOTH_STORES(Creating);

TEST_P(Creating, MakesTheRowWithDefaultsAndShowsIt) {
  const Outcome made =
      want({.path = "/orders", .body = R"({"order": {"mid": "m1", "total": 100, "tags": ["x"], "due": "2020-01-02",
                                                   "customer": {"email": "a@b.example"}}})"});
  ASSERT_EQ(made.status, 201) << presenter_->last().message;
  const std::string id = made.head.substr(10, 32);
  EXPECT_EQ(made.body, id + R"(|m1|100|0|pending|2020-01-02|0|["x"]||a@b.example||1600000000000000|||0|0)");
  EXPECT_EQ(value("SELECT shop FROM orders"), std::string(32, 'a'));
  EXPECT_EQ(value("SELECT count(*) FROM orders WHERE id = '" + id + "' AND zip IS NULL"), "1");
}

TEST_P(Creating, AnswersAllFaultsOfABodyAtOnce) {
  const std::string all = faults({.path = "/orders", .body = R"({"order": {"mid": 5, "gift": "x", "nonsense": 1}})"});
  EXPECT_NE(all.find("order.mid: "), std::string::npos) << all;
  EXPECT_NE(all.find("order.gift: "), std::string::npos) << all;
  EXPECT_NE(all.find("order.nonsense: "), std::string::npos) << all;
  EXPECT_NE(all.find("order.total: "), std::string::npos) << all;
  EXPECT_EQ(presenter_->last().code, ErrorCode::InvalidData);
  EXPECT_EQ(value("SELECT count(*) FROM orders"), "0");
  EXPECT_NE(faults({.path = "/orders"}).find("total: "), std::string::npos);  // no body is an empty one
}

TEST_P(Creating, ChecksBlameTheirFieldAsItsVersionNamesIt) {
  EXPECT_EQ(faults({.path = "/orders", .body = R"({"total": 5, "discount": 6})"}),
            "discount: Must not exceed total.");
  EXPECT_EQ(faults({.path = "/orders", .body = R"({"order": {"total": 5, "due": "2020-01-02", "note": 1}})"}),
            "order.total: Either due or note.");
  EXPECT_EQ(faults({.path = "/orders", .body = R"({"amount": 5, "due": "2020-01-02", "note": 1})", .version = 1}),
            "amount: Either due or note.");
}

TEST_P(Creating, AValueThatIsTakenConflictsOnItsField) {
  order(R"({"mid": "m1", "total": 1})");
  const base::Error error = refusal({.path = "/orders", .body = R"({"order": {"mid": "m1", "total": 1}})"});
  EXPECT_EQ(error.code, ErrorCode::Conflict);
  EXPECT_EQ(error.message, "There is an order with this mid already.");
  ASSERT_EQ(error.faults.size(), 1U);
  EXPECT_EQ(error.faults[0].path, (std::vector<std::string>{"order", "mid"}));
  EXPECT_EQ(value("SELECT count(*) FROM orders"), "1");
  EXPECT_EQ(want({.path = "/orders", .body = R"({"mid": "m1", "total": 1})", .account = std::string(32, 'b')}).status,
            201);
}

TEST_P(Creating, LiesUnderItsParentWhichMayHaveAnyOfItsNames) {
  const std::string id = confirmed_order(R"({"mid": "m1", "total": 100})");
  const Outcome made = want({.path = "/orders/m1/captures", .body = R"({"amount": 60})"});
  ASSERT_EQ(made.status, 201) << presenter_->last().message;
  EXPECT_EQ(value("SELECT \"order\" FROM captures"), id);
  EXPECT_EQ(value("SELECT captured FROM orders"), "60");
  const std::string capture = made.head.substr(10, 32);
  EXPECT_EQ(want({.path = "/orders/" + id + "/captures/" + capture + "/voids", .body = "{}"}).status, 201);
  EXPECT_EQ(value("SELECT \"order\" || capture FROM voids"), id + capture);
}

TEST_P(Creating, AParentOfAnotherAccountIsNotThere) {
  const std::string foreign = order(R"({"total": 1})", std::string(32, 'b'));
  for (const std::string& name : {foreign, std::string("none")}) {
    const base::Error error = refusal({.path = "/orders/" + name + "/captures", .body = "{}"});
    EXPECT_EQ(error.code, ErrorCode::NotFound);
    ASSERT_EQ(error.faults.size(), 1U);
    EXPECT_EQ(error.faults[0].path, std::vector<std::string>{"order__id"});
    EXPECT_EQ(error.faults[0].message, name);
  }
}

TEST_P(Creating, AParentBelowAnotherIsNotThere) {
  const std::string one = confirmed_order();
  const std::string other = confirmed_order();
  const std::string capture =
      want({.path = "/orders/" + one + "/captures", .body = R"({"amount": 1})"}).head.substr(10, 32);
  const base::Error error = refusal({.path = "/orders/" + other + "/captures/" + capture + "/voids"});
  EXPECT_EQ(error.code, ErrorCode::NotFound);
  EXPECT_EQ(error.faults.at(0).path, std::vector<std::string>{"capture__id"});
}

TEST_P(Creating, IsGuardedAsTheRowWillBe) {
  const std::string id = order();
  const Wish wish{.path = "/orders/" + id + "/captures", .body = R"({"amount": 60})"};
  const base::Error error = refusal(wish);
  EXPECT_EQ(error.code, ErrorCode::Forbidden);
  EXPECT_EQ(error.message, "Only confirmed orders, and no more than their total, can be captured.");
  ASSERT_EQ(want({.path = "/orders/" + id + "/confirm"}).status, 204);
  EXPECT_EQ(want(wish).status, 201);
  EXPECT_EQ(refusal(wish).code, ErrorCode::Forbidden);
  EXPECT_EQ(value("SELECT captured FROM orders"), "60");
  // What cannot be read in is said first.
  EXPECT_EQ(refusal({.path = wish.path, .body = R"({"amount": -1})"}).code, ErrorCode::InvalidData);
}

TEST_P(Creating, SeveralRowsAreMadeTogetherOrNotAtAll) {
  const std::string captures = "/orders/" + confirmed_order() + "/captures";
  const Outcome made = want({.path = captures, .body = R"([{"amount": 10, "code": "a"}, {"amount": 20}])"});
  ASSERT_EQ(made.status, 201) << presenter_->last().message;
  EXPECT_NE(made.body.find("|10|a\n"), std::string::npos) << made.body;
  EXPECT_EQ(value("SELECT captured FROM orders"), "30");
  const std::string all =
      faults({.path = captures, .body = R"([{"amount": 1}, {"amount": 0}, {"x": 1, "amount": "z"}])"});
  EXPECT_NE(all.find("1.amount: "), std::string::npos) << all;
  EXPECT_NE(all.find("2.amount: "), std::string::npos) << all;
  EXPECT_NE(all.find("2.x: "), std::string::npos) << all;
  EXPECT_EQ(refusal({.path = captures, .body = R"([{"amount": 40}, {"amount": 31}])"}).code, ErrorCode::Forbidden);
  EXPECT_EQ(faults({.path = captures, .body = R"([{"amount": 1, "code": "b"}, {"amount": 1, "code": "a"}])"}),
            "1.code: There is a capture with this code already.");
  EXPECT_EQ(value("SELECT (SELECT count(*) FROM captures) || ' ' || captured FROM orders"), "2 30");
}

TEST_P(Creating, SeveralRowsAreNoMoreThanTheLimit) {
  const std::string captures = "/orders/" + confirmed_order() + "/captures";
  EXPECT_EQ(faults({.path = captures, .body = "[]"}), ": From 1 to 3 of them at once.");
  EXPECT_EQ(faults({.path = captures, .body = R"([{}, {}, {}, {}])"}), ": From 1 to 3 of them at once.");
  EXPECT_EQ(refusal({.path = "/orders", .body = R"([{"total": 1}])"}).code, ErrorCode::InvalidData);
}

TEST_P(Creating, WhatARowRefersToMustBeThereForTheAccount) {
  const std::string foreign = order(R"({"total": 1})", std::string(32, 'b'));
  const auto body = [](const std::string& order) {
    return R"({"slug": "s", "first": "2020-01-01", "order": ")" + order + R"("})";
  };
  EXPECT_EQ(faults({.path = "/me/campaigns", .body = body(foreign)}), "order: There is no such order.");
  EXPECT_EQ(refusal({.path = "/me/campaigns", .body = body(foreign)}).code, ErrorCode::BrokenReference);
  EXPECT_EQ(want({.path = "/me/campaigns", .body = body(order())}).status, 201) << presenter_->last().message;
}

}  // namespace
}  // namespace portico::change
