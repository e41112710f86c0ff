#include "server/present_change.hpp"

#include "contract/negotiate.hpp"
#include "render/entity_tag.hpp"
#include "support/small_api.hpp"

namespace portico::server {
namespace {

using change::Outcome;

class PresentChange : public testing::Test {
 protected:
  PresentChange() {
    rows_.clear(quiet().leaves.size());
    rows_.add_text(std::string(32, 'c'));
  }

  [[nodiscard]] const model::View& quiet() const { return api_->view(*api_->find_resource("quiet"), 2); }

  /// The request is gone when the change ends.
  std::shared_ptr<const change::Presenter> presenter(const std::string& path, const std::string& accept = "") {
    http::Request request;
    request.host = "shop.example";
    const auto location = contract::locate(*api_, path).value();
    const operation::Query query;
    return make_presenter(publication_, contract::negotiate(*api_, location, accept).value(),
                          {.request = request, .location = location, .query = query});
  }

  std::shared_ptr<const model::Api> api_ = support::small_api();
  std::shared_ptr<const Publication> publication_ = std::make_shared<Publication>(api_, plan::SqlFlavor::Sqlite);
  store::Rows rows_;
};

constexpr std::string_view common = "Vary: Accept, Authorization\r\nX-Content-Type-Options: nosniff\r\n";

TEST_F(PresentChange, ANewRowIsShownAndNamed) {
  const auto presenter = this->presenter("/v2/quiet");
  const Outcome outcome = presenter->created(quiet(), rows_, "a/b");
  EXPECT_EQ(outcome.status, 201);
  EXPECT_EQ(outcome.body, R"({"id":")" + std::string(32, 'c') + R"("})");
  EXPECT_EQ(outcome.head,
            "Location: http://shop.example/v2/quiet/a%2Fb\r\nETag: " + render::entity_tag(outcome.body) +
                "\r\nContent-Type: application/json; charset=utf-8\r\nX-Shop-Media-Type: shop.v2\r\n" +
                std::string(common));
  EXPECT_EQ(presenter->entity_tag(quiet(), rows_), render::entity_tag(outcome.body));
}

TEST_F(PresentChange, ANewRowIsNamedWhereItIsNotShown) {
  const Outcome outcome = presenter("/v2/quiet")->created_unseen("a/b");
  EXPECT_EQ(outcome.status, 204);
  EXPECT_EQ(outcome.body, "");
  EXPECT_EQ(outcome.head,
            "Location: http://shop.example/v2/quiet/a%2Fb\r\nX-Shop-Media-Type: shop.v2\r\n" + std::string(common));
  EXPECT_EQ(presenter("/api/quiet")->created_unseen("c").body, R"({"code":0})");
}

TEST_F(PresentChange, AnAlteredRowIsShownWithItsTag) {
  const Outcome outcome = presenter("/v2/quiet/c")->altered(quiet(), rows_);
  EXPECT_EQ(outcome.status, 200);
  EXPECT_EQ(outcome.body, R"({"id":")" + std::string(32, 'c') + R"("})");
  EXPECT_EQ(outcome.head, "ETag: " + render::entity_tag(outcome.body) +
                              "\r\nContent-Type: application/json; charset=utf-8\r\nX-Shop-Media-Type: shop.v2\r\n" +
                              std::string(common));
}

TEST_F(PresentChange, RowsMadeTogetherHaveNoNameOfTheirOwn) {
  const Outcome outcome = presenter("/quiet", "application/vnd.shop.v2+xml")->created_all(quiet(), rows_);
  EXPECT_EQ(outcome.status, 201);
  EXPECT_NE(outcome.body.find("<root><list-item><id>ccc"), std::string::npos);
  EXPECT_EQ(outcome.head.find("Location"), std::string::npos);
  EXPECT_EQ(outcome.head.find("ETag"), std::string::npos);
}

TEST_F(PresentChange, WhatIsDoneHasNoBody) {
  const Outcome outcome = presenter("/quiet", "application/vnd.shop.sandbox.v2+json")->done();
  EXPECT_EQ(outcome.status, 204);
  EXPECT_EQ(outcome.body, "");
  EXPECT_EQ(outcome.head, "X-Shop-Media-Type: shop.sandbox.v2\r\n" + std::string(common));
}

TEST_F(PresentChange, E5TheOtherDialectAnswers200WithACode) {
  const auto presenter = this->presenter("/api/quiet");
  EXPECT_EQ(presenter->done().status, 200);
  EXPECT_EQ(presenter->done().body, R"({"code":0})");
  const Outcome made = presenter->created(quiet(), rows_, "c");
  EXPECT_EQ(made.status, 200);
  EXPECT_TRUE(made.body.starts_with(R"({"code":0,"data":{"id":)"));
  EXPECT_TRUE(made.head.starts_with("Location: http://shop.example/api/quiet/c\r\n"));
}

TEST_F(PresentChange, AnActionsAnswerIsTold) {
  base::Document answer{.kind = base::Document::Kind::Object};
  answer.members.push_back({"remaining_amount", {.kind = base::Document::Kind::Integer, .integer = 70070}});
  const Outcome outcome = presenter("/quiet/x/refund")->told(answer);
  EXPECT_EQ(outcome.status, 200);
  EXPECT_EQ(outcome.body, R"({"remaining_amount":70070})");
  EXPECT_TRUE(outcome.head.starts_with("Content-Type: application/json"));
}

TEST_F(PresentChange, RefusalsAreProblemsAndFaultsOfOursStayHere) {
  const auto presenter = this->presenter("/quiet", "application/vnd.shop.v2+xml");
  const Outcome refused = presenter->refused({.code = base::ErrorCode::Forbidden, .message = "Not confirmed."});
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.fault, "");
  EXPECT_NE(refused.body.find("<message>Not confirmed.</message>"), std::string::npos);
  EXPECT_NE(refused.head.find("WWW-Authenticate: Bearer"), std::string::npos);
  const Outcome broken = presenter->refused({.code = base::ErrorCode::Internal, .message = "secret"});
  EXPECT_EQ(broken.status, 500);
  EXPECT_EQ(broken.fault, "secret");
  EXPECT_EQ(broken.body.find("secret"), std::string::npos);
}

}  // namespace
}  // namespace portico::server
