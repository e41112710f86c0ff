#include "server/fingerprint.hpp"

#include <functional>
#include <set>

#include "contract/negotiate.hpp"
#include "support/small_api.hpp"

namespace portico::server {
namespace {

struct Asked {
  std::string method = "POST";
  std::string path = "/orders";
  std::string query = {};
  std::string accept = {};
  std::string content_type = "application/json";
  std::string body = "{}";
};

std::string fingerprint(const Asked& asked) {
  static const auto api = support::small_api();
  const std::vector<http::HeaderField> fields = {{"Content-Type", asked.content_type}};
  http::Request request;
  request.method_name = asked.method;
  request.path = asked.path;
  request.query = asked.query;
  request.fields = fields;
  request.body = asked.body;
  const auto location = contract::locate(*api, request.path).value();
  return fingerprint_of(request, location, contract::negotiate(*api, location, asked.accept).value());
}

TEST(Fingerprint, IsTheSameForTheSameRequest) {
  EXPECT_EQ(fingerprint({}), fingerprint({}));
  EXPECT_EQ(fingerprint({}).size(), 64U);
  EXPECT_EQ(fingerprint({}), fingerprint({.path = "//orders/"}));
  EXPECT_EQ(fingerprint({}), fingerprint({.accept = "application/vnd.shop.v3+json"}));
}

TEST(Fingerprint, DiffersInEveryPart) {
  const std::vector<Asked> all = {{},
                                  {.method = "PUT"},
                                  {.path = "/orders/a"},
                                  {.path = "/ordersa"},
                                  {.path = "/v3/orders"},
                                  {.path = "/api/orders"},
                                  {.query = "a"},
                                  {.accept = "application/vnd.shop.v2+json"},
                                  {.accept = "application/vnd.shop.sandbox.v3+json"},
                                  {.accept = "application/vnd.shop.v3+xml"},
                                  {.content_type = "application/x-www-form-urlencoded"},
                                  {.content_type = {}, .body = "application/json{}"},
                                  {.content_type = "application/json2:", .body = ""},
                                  {.body = "{} "},
                                  {.query = "{}", .body = ""}};
  std::set<std::string> different;
  for (const Asked& asked : all) different.insert(fingerprint(asked));
  EXPECT_EQ(different.size(), all.size());
}

}  // namespace
}  // namespace portico::server
