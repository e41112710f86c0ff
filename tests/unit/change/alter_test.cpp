#include "unit/change/changed_shop.hpp"

namespace portico::change {
namespace {

using base::ErrorCode;
using http::Method;
class Altering : public ChangedShop {};
INSTANTIATE_ON_BOTH_STORES(Altering);

TEST_P(Altering, APatchChangesWhatItNames) {
  const std::string id = order(R"({"mid": "m1", "total": 100, "customer": {"email": "a@b.example", "phone": "1"}})");
  ASSERT_EQ(want({.method = Method::Patch,
                  .path = "/orders/m1",
                  .body = R"({"order": {"customer": {"phone": null}, "due": "2021-01-01"}})"})
                .status,
            204)
      << presenter_->last().message;
  EXPECT_EQ(writes(), 1U);
  EXPECT_NE(asked_.back().find("UPDATE"), std::string::npos);
  EXPECT_EQ(asked_.back().find("\"total\""), std::string::npos) << asked_.back();
  EXPECT_EQ(value("SELECT mid || total || due || customer__email FROM orders WHERE customer__phone IS NULL"),
            "m11002021-01-01a@b.example");
}

TEST_P(Altering, NothingIsWrittenWhereNothingDiffers) {
  const std::string id = order(R"({"mid": "m1", "total": 100})");
  EXPECT_EQ(want({.method = Method::Patch, .path = "/orders/" + id, .body = R"({"total": 100})"}).status, 204);
  EXPECT_EQ(writes(), 0U);
  EXPECT_EQ(want({.method = Method::Patch, .path = "/orders/" + id}).status, 204);
  EXPECT_EQ(writes(), 0U);
}

TEST_P(Altering, APutReplacesWhatClientsMayWrite) {
  const std::string id = confirmed_order(R"({"mid": "m1", "total": 100, "discount": 5, "due": "2020-01-02"})");
  ASSERT_EQ(want({.method = Method::Put, .path = "/orders/" + id, .body = R"({"total": 70})"}).status, 204)
      << presenter_->last().message;
  EXPECT_EQ(value("SELECT total || ' ' || discount || ' ' || status FROM orders "
                  "WHERE mid IS NULL AND due IS NULL AND created = confirmed"),
            "70 0 ok");
}

TEST_P(Altering, ARowOfAnotherAccountIsNotThere) {
  const std::string foreign = order(R"({"mid": "m1", "total": 1})", std::string(32, 'b'));
  for (const Method method : {Method::Put, Method::Patch, Method::Delete}) {
    for (const std::string& name : {foreign, std::string("m1"), std::string("none")}) {
      const base::Error error =
          refusal({.method = method, .path = "/orders/" + name, .body = R"({"total": "bad"})", .if_match = "\"x\""});
      EXPECT_EQ(error.code, ErrorCode::NotFound);
      EXPECT_TRUE(error.message.empty());
      ASSERT_EQ(error.faults.size(), 1U);
      EXPECT_EQ(error.faults[0].path, std::vector<std::string>{"order__id"});
      EXPECT_EQ(error.faults[0].message, name);
    }
  }
  EXPECT_EQ(value("SELECT total FROM orders"), "1");
}

TEST_P(Altering, TheCallingAccountIsItsOwnRow) {
  ASSERT_EQ(want({.method = Method::Patch, .path = "/me", .body = R"({"name": "mine"})"}).status, 204)
      << presenter_->last().message;
  EXPECT_EQ(value("SELECT name FROM shops WHERE id LIKE 'a%'"), "mine");
  EXPECT_EQ(value("SELECT name FROM shops WHERE id LIKE 'b%'"), "shop");
  EXPECT_EQ(refusal({.method = Method::Patch, .path = "/shops/" + std::string(32, 'b'), .body = "{}"}).code,
            ErrorCode::NotFound);
}

TEST_P(Altering, ConditionsAreThoseOfWhatGetShows) {
  const std::string path = "/orders/" + order();
  const Wish refused{.method = Method::Patch, .path = path, .body = R"({"total": 7})", .if_match = "\"other\""};
  EXPECT_EQ(refusal(refused).code, ErrorCode::PreconditionFailed);
  EXPECT_EQ(refusal({.method = Method::Delete, .path = path, .if_none_match = "*"}).code,
            ErrorCode::PreconditionFailed);
  EXPECT_EQ(value("SELECT total FROM orders"), "100");
  EXPECT_EQ(want({.method = Method::Patch, .path = path, .body = R"({"total": 7})", .if_match = "*"}).status, 204);
  EXPECT_EQ(
      want({.method = Method::Patch, .path = path, .body = R"({"total": 8})", .if_none_match = "\"other\""}).status,
      204);
  EXPECT_EQ(value("SELECT total FROM orders"), "8");
}

TEST_P(Altering, GuardsLookAtTheRowAsItWas) {
  const std::string path = "/orders/" + confirmed_order();
  ASSERT_EQ(want({.path = path + "/refund", .body = R"({"amount": 100})"}).status, 200) << presenter_->last().message;
  const base::Error error = refusal({.method = Method::Patch, .path = path, .body = R"({"total": 200})"});
  EXPECT_EQ(error.code, ErrorCode::Forbidden);
  EXPECT_EQ(error.message, "A cancelled order stays as it is.");
  EXPECT_EQ(error.own_code, 7);
  EXPECT_EQ(refusal({.method = Method::Patch, .path = path, .body = R"({"total": "x"})"}).code,
            ErrorCode::InvalidData);
  EXPECT_EQ(want({.method = Method::Put, .path = path, .body = R"({"total": 200})"}).status, 204);
}

TEST_P(Altering, AKeyStaysAsItIs) {
  ASSERT_EQ(want({.path = "/me/campaigns", .body = R"({"slug": "s", "first": "2020-01-01", "more": 1})"}).status, 201)
      << presenter_->last().message;
  const std::string all = faults({.method = Method::Patch, .path = "/me/campaigns/s", .body = R"({"slug": "t"})"});
  EXPECT_TRUE(all.starts_with("slug: ")) << all;
  EXPECT_EQ(
      want({.method = Method::Put, .path = "/me/campaigns/s", .body = R"({"slug": "s", "first": "2021-01-01"})"})
          .status,
      204)
      << presenter_->last().message;
  EXPECT_EQ(faults({.method = Method::Patch, .path = "/me/campaigns/s", .body = R"({"last": "2020-12-31"})"}),
            "last: Must not lie before first.");
}

TEST_P(Altering, DeletesWhatNothingRefersTo) {
  const std::string id = order();
  EXPECT_EQ(want({.method = Method::Delete, .path = "/orders/" + id}).status, 204);
  EXPECT_EQ(value("SELECT count(*) FROM orders"), "0");
  EXPECT_EQ(refusal({.method = Method::Delete, .path = "/orders/" + id}).code, ErrorCode::NotFound);
  EXPECT_EQ(refusal({.method = Method::Delete, .path = "/orders/" + confirmed_order()}).message,
            "A confirmed order stays.");
}

TEST_P(Altering, DeletesNothingThatIsReferredTo) {
  const std::string id = order();
  ASSERT_EQ(want({.path = "/me/campaigns", .body = R"({"slug": "s", "first": "2020-01-01", "order": ")" + id + "\"}"})
                .status,
            201);
  const base::Error error = refusal({.method = Method::Delete, .path = "/orders/" + id});
  EXPECT_EQ(error.code, ErrorCode::BrokenReference);
  EXPECT_EQ(error.message, "This order is still referred to: there is a campaign that belongs to it.");
  ASSERT_EQ(want({.method = Method::Delete, .path = "/me/campaigns/s"}).status, 204);
  EXPECT_EQ(want({.method = Method::Delete, .path = "/orders/" + id}).status, 204);
}

TEST_P(Altering, DeletingHasEffectsOnWhatTheRowRefersTo) {
  const std::string captures = "/orders/" + confirmed_order() + "/captures";
  const std::string capture = want({.path = captures, .body = R"({"amount": 60})"}).head.substr(10, 32);
  EXPECT_EQ(value("SELECT captured FROM orders"), "60");
  EXPECT_EQ(want({.method = Method::Delete, .path = captures + "/" + capture}).status, 204);
  EXPECT_EQ(value("SELECT captured FROM orders"), "0");
  EXPECT_EQ(value("SELECT count(*) FROM captures"), "0");
}

}  // namespace
}  // namespace portico::change
