#include "platform/inquiry.hpp"

#include <gtest/gtest.h>

#include "support/loaded_api.hpp"

namespace portico::platform {
namespace {

std::shared_ptr<const Site> site_at(std::string_view public_url) {
  static const auto api = support::loaded_api(
      "vendor: acme\nversions: [1]\napis:\n  partner: {base: /, dialect: media-type}\n"
      "  extension: {base: /api, dialect: code-envelope}\naccounts: shops\nextensions: {host: ext.example}\n"
      "trusted_proxies: [10.0.0.0/8]\n"
      "resources:\n  shops:\n    operations: [retrieve]\n    fields:\n      id: {type: id}\n");
  return make_site(api, public_url);
}

/// What is made of a request to `host` with these fields.
Inquiry inquiry_of(std::string_view public_url, std::vector<http::HeaderField> fields) {
  http::Request request;
  request.host = "localhost:8080";
  request.fields = fields;
  return take_inquiry(*site_at(public_url), request);
}

TEST(Site, KnowsWhereExtensionsAre) {
  const auto site = site_at("");
  http::Request request;
  request.host = "localhost:8080";
  EXPECT_EQ(console_origin(*site, request), "http://localhost:8080");
  EXPECT_EQ(console_origin(*site_at("https://shop.example/portico"), request), "https://shop.example");
  EXPECT_EQ(extension_host(*site, "http://localhost:8080"), "ext.example:8080");
  EXPECT_EQ(extension_host(*site, "https://[::1]"), "ext.example");
  EXPECT_EQ(extension_host(*site, "https://[::1]:8443"), "ext.example:8443");
  const auto origin = [&](VersionStatus status) {
    return extension_origin(*site, "https://shop.example", {.name = "plot", .status = status});
  };
  EXPECT_EQ(origin(VersionStatus::Production), "https://plot.ext.example");
  EXPECT_EQ(origin(VersionStatus::Development), "https://dev--plot.ext.example");
  EXPECT_EQ(origin(VersionStatus::Revision), "https://rev--plot.ext.example");
}

TEST(Site, ComparesOrigins) {
  EXPECT_TRUE(same_origin("HTTP://Localhost:80", "http://localhost"));
  EXPECT_TRUE(same_origin("https://shop.example:443", "https://shop.example"));
  for (const std::string_view other : {"http://localhost:8080", "https://localhost", "http://localhost.example",
                                       "null", "", "localhost", "http://localhost/path", "http://user@localhost"}) {
    EXPECT_FALSE(same_origin(other, "http://localhost")) << other;
  }
  EXPECT_FALSE(same_origin("null", "null"));
}

TEST(Inquiry, FindsTheSessionsCookie) {
  const auto cookie = [](std::string_view url, std::vector<http::HeaderField> fields) {
    return inquiry_of(url, std::move(fields)).cookie;
  };
  EXPECT_EQ(cookie("", {{"Cookie", "a=b; portico_session=abc;c=d"}}), "abc");
  EXPECT_EQ(cookie("", {{"cookie", "a=b"}, {"Cookie", "portico_session=abc"}}), "abc");
  EXPECT_EQ(cookie("", {{"Cookie", "portico_session=a; portico_session=b"}}), "");
  EXPECT_EQ(cookie("", {{"Cookie", "xportico_session=a; portico_sessions=b; portico_session"}}), "");
  EXPECT_EQ(cookie("https://shop.example", {{"Cookie", "portico_session=a; __Host-portico_session=b"}}), "b");
}

TEST(Inquiry, TellsForeignPages) {
  const auto is_foreign = [](std::vector<http::HeaderField> fields) {
    return inquiry_of("", std::move(fields)).is_foreign;
  };
  EXPECT_FALSE(is_foreign({}));
  EXPECT_FALSE(is_foreign({{"Origin", "http://localhost:8080"}}));
  EXPECT_TRUE(is_foreign({{"Origin", ""}}));
  EXPECT_TRUE(is_foreign({{"Origin", "null"}}));
  EXPECT_TRUE(is_foreign({{"Origin", "http://plot.ext.example:8080"}}));
  EXPECT_TRUE(is_foreign({{"Origin", "http://localhost:8080"}, {"Origin", "http://evil.example"}}));
}

TEST(Inquiry, ReadsTheTypeOfABody) {
  EXPECT_EQ(inquiry_of("", {{"Content-Type", "Application/JSON; charset=utf-8"}}).content_type, "application/json");
  EXPECT_EQ(inquiry_of("", {{"Content-Type", "a/b"}, {"Content-Type", "application/json"}}).content_type, "");
}

TEST(Inquiry, GivesCookiesToThisHostAlone) {
  EXPECT_EQ(set_cookie({.value = "abc", .seconds = 5}, "http://localhost:8080"),
            "portico_session=abc; Path=/; HttpOnly; SameSite=Strict; Max-Age=5");
  EXPECT_EQ(set_cookie({.value = "abc", .seconds = 5}, "https://shop.example"),
            "__Host-portico_session=abc; Path=/; HttpOnly; SameSite=Strict; Max-Age=5; Secure");
}

TEST(Inquiry, KnowsWhoAsksBehindATrustedProxy) {
  const auto peer_of = [](std::string_view address, std::vector<http::HeaderField> fields) {
    http::Request request;
    request.host = "localhost:8080";
    request.peer_address = address;
    request.fields = fields;
    return take_inquiry(*site_at(""), request).peer;
  };
  EXPECT_EQ(peer_of("10.1.2.3", {{"X-Forwarded-For", "203.0.113.9"}}), "203.0.113.9");
  EXPECT_EQ(peer_of("10.1.2.3", {{"X-Forwarded-For", "1.1.1.1"}, {"x-forwarded-for", "2.2.2.2, 203.0.113.9 "}}),
            "203.0.113.9");
  EXPECT_EQ(peer_of("10.1.2.3", {}), "");
  EXPECT_EQ(peer_of("198.51.100.7", {{"X-Forwarded-For", "203.0.113.9"}}), "198.51.100.7");
}

}  // namespace
}  // namespace portico::platform
