#include <gtest/gtest.h>

#include "unit/model/description.hpp"

namespace portico::model {
namespace {

std::shared_ptr<const Api> with(const std::string& appended) {
  return api_of(std::string(small_description) + appended);
}

TEST(LoadRates, NoneAreDeclaredUnlessTheyAre) {
  const auto api = with("");
  ASSERT_NE(api, nullptr);
  EXPECT_FALSE(api->rates.limit_anything());
  EXPECT_FALSE(api->oauth);
}

TEST(LoadRates, OfEachKindOfKey) {
  const auto api =
      with("rates:\n  private: {simultaneous: 50, requests: 6000, seconds: 30}\n  public: {requests: 7}\n");
  ASSERT_NE(api, nullptr);
  EXPECT_EQ(api->rates.private_keys.simultaneous, 50);
  EXPECT_EQ(api->rates.private_keys.requests, 6000);
  EXPECT_EQ(api->rates.private_keys.seconds.count(), 30);
  EXPECT_EQ(api->rates.public_keys.simultaneous, 0);
  EXPECT_EQ(api->rates.public_keys.requests, 7);
  EXPECT_EQ(api->rates.public_keys.seconds.count(), 60);
  EXPECT_TRUE(api->rates.limit_anything());
}

TEST(LoadRates, OneKindAlone) {
  const auto api = with("rates: {public: {simultaneous: 2}}\n");
  ASSERT_NE(api, nullptr);
  EXPECT_FALSE(api->rates.private_keys.limits_anything());
  EXPECT_TRUE(api->rates.public_keys.limits_anything());
  EXPECT_TRUE(api->rates.limit_anything());
}

TEST(LoadOauth, HasDefaults) {
  const auto api = with("oauth: {}\n");
  ASSERT_NE(api, nullptr);
  ASSERT_TRUE(api->oauth);
  EXPECT_EQ(api->oauth->path, "/oauth/token");
  EXPECT_EQ(api->oauth->seconds.count(), 3600);
}

TEST(LoadOauth, OfItsOwnPathAndTime) {
  const auto api = with("oauth: {path: /token, seconds: 60}\n");
  ASSERT_NE(api, nullptr);
  ASSERT_TRUE(api->oauth);
  EXPECT_EQ(api->oauth->path, "/token");
  EXPECT_EQ(api->oauth->seconds.count(), 60);
}

const std::vector<AppendedRow> rows = {
    {"rates that are no mapping", "rates: 100\n", {"12:8: expected a mapping: {key: value}, found '100'"}},
    {"a kind of key that there is not",
     "rates: {secret: {requests: 1}}\n",
     {"12:9: unknown key 'secret' (there is 'private', 'public' and 'extension')"}},
    {"a rate of nothing",
     "rates: {private: {}}\n",
     {"12:9: this rate limits nothing ({simultaneous: 50}, {requests: 6000, seconds: 60}, or both)"}},
    {"seconds alone",
     "rates: {private: {seconds: 60}}\n",
     {"12:19: seconds say nothing without requests ({requests: 6000, seconds: 60})"}},
    {"seconds beside what has none",
     "rates: {private: {simultaneous: 1, seconds: 60}}\n",
     {"12:36: seconds say nothing without requests ({requests: 6000, seconds: 60})"}},
    {"none at once",
     "rates: {public: {simultaneous: 0}}\n",
     {"12:32: expected an integer from 1 to 1000000, found '0'"}},
    {"too many",
     "rates: {public: {requests: 10000001}}\n",
     {"12:28: expected an integer from 1 to 10000000, found '10000001'"}},
    {"too long",
     "rates: {public: {requests: 1, seconds: 86401}}\n",
     {"12:40: expected an integer from 1 to 86400, found '86401'"}},
    {"a rate that is no number", "rates: {public: {requests: many}}\n", {"12:28: expected an integer, found 'many'"}},
    {"a path that is none",
     "oauth: {path: oauth/token}\n",
     {"12:15: 'oauth/token' is no path (as /oauth/token: lower case, a slash first and none at the end)"}},
    {"the root",
     "oauth: {path: /}\n",
     {"12:15: '/' is no path (as /oauth/token: lower case, a slash first and none at the end)"}},
    {"the path of a resource",
     "oauth: {path: /orders/token}\n",
     {"12:15: '/orders/token' lies where 'partner' serves 'orders' (another path: /oauth/token)"}},
    {"the calling account's",
     "oauth: {path: /me/token}\n",
     {"12:15: '/me/token' lies where 'partner' serves 'me' (another path: /oauth/token)"}},
    {"a version's",
     "oauth: {path: /v1/token}\n",
     {"12:15: '/v1/token' lies where 'partner' serves 'v1' (another path: /oauth/token)"}},
    {"the health page",
     "oauth: {path: /health}\n",
     {"12:15: /health says whether the server is well (another path: /oauth/token)"}},
    {"no time at all", "oauth: {seconds: 0}\n", {"12:18: expected an integer from 1 to 2592000, found '0'"}},
    {"for ever", "oauth: {seconds: 99999999}\n", {"12:18: expected an integer from 1 to 2592000, found '99999999'"}},
    {"an unknown key", "oauth: {second: 1}\n", {"12:9: unknown key 'second' (did you mean 'seconds'?)"}},
};

TEST(AccessMistakes, EachIsNamedWithItsPlaceAndAHint) {
  for (const AppendedRow& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(mistakes_of(std::string(small_description) + row.appended), row.mistakes);
  }
}

TEST(AccessMistakes, ATokenPathMayBeNoApisBase) {
  const std::string two = replaced(std::string(small_description), "media-type}}",
                                   "media-type}, b: {base: /oauth, dialect: code-envelope}}");
  EXPECT_EQ(mistakes_of(two + "oauth: {path: /oauth}\n"),
            std::vector<std::string>{"12:15: the API 'b' is served under '/oauth' (another path: /oauth/token)"});
  EXPECT_EQ(
      mistakes_of(two + "oauth: {path: /oauth/orders}\n"),
      std::vector<std::string>{"12:15: '/oauth/orders' lies where 'b' serves 'orders' (another path: /oauth/token)"});
  EXPECT_EQ(mistakes_of(two + "oauth: {path: /oauth/token}\n"), std::vector<std::string>());
}

}  // namespace
}  // namespace portico::model
