#include "contract/negotiate.hpp"

#include "support/small_api.hpp"

namespace portico::contract {
namespace {

class Negotiation : public testing::Test {
 protected:
  base::Result<Contract> agree(std::string_view accept, std::string_view path = "/orders") {
    auto location = locate(*api_, path);
    EXPECT_TRUE(location.has_value());
    return negotiate(*api_, *location, accept);
  }
  /// `aplazame.sandbox.v1 json`, or the first words of the refusal.
  std::string outcome(std::string_view accept, std::string_view path = "/orders") {
    const auto agreed = agree(accept, path);
    if (!agreed) return "refused: " + agreed.error().message;
    return media_type_name(*api_, *agreed) + " " +
           std::string(agreed->content_type.substr(0, agreed->content_type.find(';')));
  }
  std::shared_ptr<const model::Api> api_ = support::small_api();
};

TEST_F(Negotiation, GivesTheLatestVersionInJsonWhereNothingIsAsked) {
  for (const auto* accept : {"", "*/*", "application/*", "application/json", "application/vnd.shop+json",
                             "APPLICATION/VND.SHOP+JSON", "application/json; charset=utf-8", " , */* ,"}) {
    EXPECT_EQ(outcome(accept), "shop.v3 application/json") << accept;
  }
}

TEST_F(Negotiation, GivesWhatIsNamed) {
  EXPECT_EQ(outcome("application/vnd.shop.v1+json"), "shop.v1 application/json");
  EXPECT_EQ(outcome("application/vnd.shop.v2+xml"), "shop.v2 application/xml");
  EXPECT_EQ(outcome("application/vnd.shop.sandbox.v1+xml"), "shop.sandbox.v1 application/xml");
  EXPECT_EQ(outcome("application/vnd.shop.sandbox+json"), "shop.sandbox.v3 application/json");
  EXPECT_EQ(outcome("text/xml"), "shop.v3 text/xml");
  EXPECT_EQ(outcome("text/*"), "shop.v3 text/xml");
  EXPECT_EQ(outcome("application/xml"), "shop.v3 application/xml");
}

TEST_F(Negotiation, HonoursQualities) {
  EXPECT_EQ(outcome("application/json;q=0.1, application/xml;q=0.2"), "shop.v3 application/xml");
  EXPECT_EQ(outcome("application/xml;q=0.2, */*;q=0.9"), "shop.v3 application/json");
  EXPECT_EQ(outcome("application/json;q=0, */*"), "shop.v3 application/xml");
  EXPECT_EQ(outcome("application/vnd.shop.v1+json;q=0.5, application/vnd.shop.v2+json"), "shop.v2 application/json");
  EXPECT_EQ(outcome("application/xml, application/json"), "shop.v3 application/xml");
  EXPECT_EQ(outcome("*/*, application/vnd.shop.v1+json"), "shop.v1 application/json");
  EXPECT_EQ(outcome("application/vnd.shop.v9+json, application/json;q=0.001"), "shop.v3 application/json");
}

TEST_F(Negotiation, TakesTheVersionOfTheUrl) {
  EXPECT_EQ(outcome("", "/v1/orders"), "shop.v1 application/json");
  EXPECT_EQ(outcome("application/vnd.shop.sandbox+xml", "/v2/orders"), "shop.sandbox.v2 application/xml");
  EXPECT_EQ(outcome("application/vnd.shop.v2+json", "/v2/orders"), "shop.v2 application/json");
  EXPECT_EQ(outcome("application/vnd.shop.v1+json", "/v2/orders"),
            "refused: The URL names version 2, the Accept header version 1; name one of them.");
}

TEST_F(Negotiation, RefusesWhatIsNotThereAndListsWhatIs) {
  EXPECT_EQ(outcome("application/vnd.shop.v9+json"), "refused: Version 9 does not exist; there are v1, v2 and v3.");
  EXPECT_EQ(outcome("", "/v9/orders"), "refused: Version 9 does not exist; there are v1, v2 and v3.");
  EXPECT_EQ(outcome("application/json;q=0"),
            "refused: Nothing that the Accept header names is available; ask for application/vnd.shop.v3+json.");
  for (const auto* accept : {"text/html", "application/vnd.other.v1+json", "application/vnd.shop.v1+csv",
                             "application/vnd.shop.v1", "application/vnd.shop.v01x+json", "image/*"}) {
    const auto refused = agree(accept);
    ASSERT_FALSE(refused) << accept;
    EXPECT_EQ(refused.error().code, base::ErrorCode::NotAcceptable);
    EXPECT_EQ(refused.error().alternatives.size(), 9U);
    EXPECT_EQ(refused.error().alternatives.front(), "application/vnd.shop.v1+json");
  }
}

TEST_F(Negotiation, HasNoSandboxOverADatabaseOfOthers) {
  api_ = support::existing_api();
  const std::string refusal =
      "refused: There is no sandbox: this API reads a database that others keep; leave '.sandbox' out.";
  EXPECT_EQ(outcome("application/vnd.films.sandbox.v1+json", "/films"), refusal);
  EXPECT_EQ(outcome("application/vnd.films.sandbox+xml;q=0.9, text/html", "/films"), refusal);
  EXPECT_EQ(outcome("application/vnd.films.sandbox+json, application/xml;q=0.1", "/films"),
            "films.v2 application/xml");
  EXPECT_EQ(outcome("application/vnd.films.v1+json", "/films"), "films.v1 application/json");
  const auto refused = agree("application/vnd.films.sandbox.v1+json", "/films");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::NotAcceptable);
  EXPECT_EQ(refused.error().alternatives.size(), 7U);
  EXPECT_EQ(refused.error().alternatives.front(), "application/vnd.films.v1+json");
}

TEST_F(Negotiation, RefusesAHeaderThatFollowsNoGrammar) {
  for (const auto* accept :
       {"json", "application", "application/", "/json", "*/json", "application/json;q=2",
        "application/json;q=", "application/json;q=0.1234", "application/json;charset", "a b/c"}) {
    const auto refused = agree(accept);
    ASSERT_FALSE(refused) << accept;
    EXPECT_NE(refused.error().message.find("The Accept header is invalid"), std::string::npos) << accept;
  }
  std::string many;
  for (int i = 0; i < 40; ++i) many += "text/html,";
  EXPECT_NE(outcome(many).find("more than 32"), std::string::npos);
}

TEST_F(Negotiation, TakesWhatOldClientsSend) {
  EXPECT_EQ(outcome("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"), "shop.v3 application/json");
  EXPECT_EQ(outcome("application/vnd.shop.v1+json;q=.5"), "shop.v1 application/json");
  EXPECT_EQ(outcome("nonsense, application/xml"), "shop.v3 application/xml");
}

TEST_F(Negotiation, KnowsOnlyJsonInTheEnvelope) {
  EXPECT_EQ(outcome("text/html", "/api/orders"), "shop.v3 application/json");
}

TEST_F(Negotiation, NamesTheHeaderAfterTheVendor) {
  EXPECT_EQ(media_type_header(*api_), "X-Shop-Media-Type");
}

TEST(Locate, TakesThePathApart) {
  const auto api = support::small_api();
  const auto located = locate(*api, "//v2//orders/a%2Fb%C3%B1/");
  ASSERT_TRUE(located);
  EXPECT_EQ(located->url_version, 2);
  EXPECT_EQ(located->segments, (std::vector<std::string>{"orders", "a/bñ"}));
  EXPECT_EQ(located->surface->name, "partner");

  const auto extension = locate(*api, "/api/v1/orders");
  ASSERT_TRUE(extension);
  EXPECT_EQ(extension->surface->name, "extension");
  EXPECT_EQ(extension->segments, (std::vector<std::string>{"orders"}));
  EXPECT_TRUE(locate(*api, "/apix/orders")->segments.size() == 2);
}

TEST(Locate, RefusesWhatDoesNotDecode) {
  const auto api = support::small_api();
  for (const auto* path : {"/orders/%", "/orders/%4", "/orders/%zz", "/orders/%ff"}) {
    const auto refused = locate(*api, path);
    ASSERT_FALSE(refused) << path;
    EXPECT_EQ(refused.error().code, base::ErrorCode::MalformedRequest);
  }
}

}  // namespace
}  // namespace portico::contract
