#include "platform/routes.hpp"

#include <set>

#include <gtest/gtest.h>

namespace portico::platform {
namespace {

using http::Method;
using Texts = std::vector<std::string>;

/// The pattern that answers, or why none does.
std::string found(Method method, std::string_view path) {
  const auto match = find_route(method, path);
  if (!match) return match.error().code == base::ErrorCode::NotFound ? "nothing" : "malformed";
  return match->route == nullptr ? "other methods" : std::string(match->route->pattern);
}

Texts arguments(Method method, std::string_view path) {
  return find_route(method, path).value().arguments;
}

TEST(Routes, AreFoundByTheirOwnPatterns) {
  for (const Route& route : routes()) {
    const auto match = find_route(route.method, route.pattern);
    ASSERT_TRUE(match) << route.pattern;
    EXPECT_EQ(match->route, &route) << route.pattern;
  }
}

TEST(Routes, AreNoneTwice) {
  std::set<std::pair<Method, std::string_view>> known;
  for (const Route& route : routes()) EXPECT_TRUE(known.emplace(route.method, route.pattern).second) << route.pattern;
}

TEST(Routes, GiveWhatThePathNames) {
  EXPECT_EQ(arguments(Method::Get, "/extensions/plot/versions/12"), (Texts{"plot", "12"}));
  EXPECT_EQ(arguments(Method::Get, "//extensions/a%2Fb/"), (Texts{"a/b"}));
  EXPECT_EQ(arguments(Method::Get, "/extensions/p/versions/1/commits/2/files/js/a%20b.js"),
            (Texts{"p", "1", "2", "js/a b.js"}));
  EXPECT_EQ(found(Method::Get, "/extensions/p/versions/1/commits/2/files/"),
            "/extensions/{name}/versions/{version}/commits/{commit}/files");
  EXPECT_EQ(found(Method::Head, "/session"), "/session");
}

TEST(Routes, SayWhatIsNotThere) {
  EXPECT_EQ(found(Method::Get, ""), "nothing");
  EXPECT_EQ(found(Method::Get, "/extensions/plot/versions"), "other methods");
  EXPECT_EQ(found(Method::Get, "/extensions/plot/nothing"), "nothing");
  EXPECT_EQ(found(Method::Get, "/session/more"), "nothing");
  EXPECT_EQ(found(Method::Get, "/extensions/%"), "malformed");
  EXPECT_EQ(found(Method::Get, "/extensions/%ff"), "malformed");
  EXPECT_EQ(found(Method::Get, "/extensions/%00"), "malformed");
}

TEST(Routes, SayWhichMethodsThereAre) {
  EXPECT_EQ(find_route(Method::Put, "/session")->allowed, (Texts{"DELETE", "GET", "HEAD", "OPTIONS", "POST"}));
  EXPECT_EQ(find_route(Method::Get, "/runs/x/token")->allowed, (Texts{"OPTIONS", "POST"}));
}

TEST(Routes, LetLongBodiesInWhereTheyBelong) {
  base::Limits limits;
  limits.body_bytes = 10;
  limits.upload_bytes = 30;
  limits.image_bytes = 20;
  const auto most = [&](Method method, std::string_view path) {
    return body_bytes_max(*find_route(method, path)->route, limits);
  };
  EXPECT_EQ(most(Method::Post, "/extensions/p/versions/1/commits"), 30U);
  EXPECT_EQ(most(Method::Put, "/extensions/p/image"), 20U);
  EXPECT_EQ(most(Method::Patch, "/me"), 10U);
  EXPECT_EQ(most(Method::Delete, "/extensions/p/image"), 10U);
}

}  // namespace
}  // namespace portico::platform
