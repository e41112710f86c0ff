#include "server/links.hpp"

#include "contract/negotiate.hpp"
#include "support/small_api.hpp"

namespace portico::server {
namespace {

http::Request request_from(std::string_view peer, std::span<const http::HeaderField> fields = {}) {
  http::Request request;
  request.host = "shop.example:8080";
  request.peer_address = peer;
  request.fields = fields;
  return request;
}

TEST(Links, KeepEveryOtherParameterAsItWasSent) {
  const auto api = support::small_api();
  const auto location = contract::locate(*api, "/v2/orders/").value();
  const auto contract = contract::negotiate(*api, location, "").value();
  const auto url = [&](std::string_view query) {
    return page_url("https://x", contract, location, operation::parse_query(query), 3);
  };
  EXPECT_EQ(url(""), "https://x/v2/orders?page=3");
  EXPECT_EQ(url("page=2"), "https://x/v2/orders?page=3");
  EXPECT_EQ(url("mid=%C3%B1+a&page=2&status=ok"), "https://x/v2/orders?mid=%C3%B1+a&page=3&status=ok");
  EXPECT_EQ(url("&&q=a"), "https://x/v2/orders?q=a&page=3");
}

TEST(Links, LeaveTheVersionOutWhereTheHeaderNamedIt) {
  const auto api = support::small_api();
  const auto location = contract::locate(*api, "//orders").value();
  const auto contract = contract::negotiate(*api, location, "application/vnd.shop.v1+json").value();
  EXPECT_EQ(page_url("http://x", contract, location, {}, 2), "http://x/orders?page=2");
  const auto extension = contract::locate(*api, "/api/orders").value();
  EXPECT_EQ(page_url("http://x", contract::negotiate(*api, extension, "").value(), extension, {}, 2),
            "http://x/api/orders?page=2");
}

TEST(Links, LeadToAnObjectBelowItsCollection) {
  const auto api = support::small_api();
  const auto location = contract::locate(*api, "//v2/orders/").value();
  const auto contract = contract::negotiate(*api, location, "").value();
  EXPECT_EQ(below(target_url("https://x", contract, location), "a/b c"), "https://x/v2/orders/a%2Fb%20c");
}

TEST(Origin, IsTheConfiguredUrlThenTheHost) {
  EXPECT_EQ(origin_of("https://api.example.com", TrustedProxies({}), request_from("1.2.3.4")),
            "https://api.example.com");
  EXPECT_EQ(origin_of("", TrustedProxies({}), request_from("1.2.3.4")), "http://shop.example:8080");
}

TEST(Origin, BelievesOnlyTrustedProxies) {
  const std::vector<http::HeaderField> fields = {{"X-Forwarded-Proto", "https"},
                                                 {"X-Forwarded-Host", "evil, api.shop.example"}};
  const TrustedProxies proxies({"10.0.0.0/8", "::1", "2001:db8::/33"});
  EXPECT_EQ(origin_of("", proxies, request_from("10.255.0.1", fields)), "https://api.shop.example");
  EXPECT_EQ(origin_of("", proxies, request_from("::1", fields)), "https://api.shop.example");
  EXPECT_EQ(origin_of("", proxies, request_from("2001:db8:7fff::1", fields)), "https://api.shop.example");
  EXPECT_EQ(origin_of("", proxies, request_from("2001:db8:8000::1", fields)), "http://shop.example:8080");
  EXPECT_EQ(origin_of("", proxies, request_from("11.0.0.1", fields)), "http://shop.example:8080");
  const std::vector<http::HeaderField> added = {
      {"x-forwarded-host", "evil.example"}, {"X-Forwarded-Proto", "http"}, {"X-Forwarded-Host", "api.shop.example"}};
  EXPECT_EQ(origin_of("", proxies, request_from("10.0.0.1", added)), "http://api.shop.example");
  const std::vector<http::HeaderField> odd = {{"X-Forwarded-Proto", "ftp"}, {"X-Forwarded-Host", "a/b"}};
  EXPECT_EQ(origin_of("", proxies, request_from("10.0.0.1", odd)), "http://shop.example:8080");
}

TEST(TrustedProxies, RefusesWhatIsNoRange) {
  for (const auto* range : {"", "10.0.0.0/33", "10.0.0/8", "::/129", "host", "10.0.0.0/x"}) {
    EXPECT_THROW(TrustedProxies({range}), std::invalid_argument) << range;
  }
}

}  // namespace
}  // namespace portico::server
