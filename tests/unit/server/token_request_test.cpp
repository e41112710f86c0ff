#include "server/token_request.hpp"

namespace portico::server {
namespace {

const std::string id = "0123456789abcdef";
const std::string body = "grant_type=client_credentials";
// id:se cr et, form-encoded as 0123456789abcdef:se+cr%20et
const std::string basic = "Basic MDEyMzQ1Njc4OWFiY2RlZjpzZStjciUyMGV0";

struct Asked {
  std::string body = {};
  std::string authorization = {};
  std::string content_type = "application/x-www-form-urlencoded";
};

std::variant<TokenRequest, TokenRefusal> read(const Asked& asked) {
  std::vector<http::HeaderField> fields;
  if (!asked.content_type.empty()) fields.push_back({"Content-Type", asked.content_type});
  if (!asked.authorization.empty()) fields.push_back({"Authorization", asked.authorization});
  http::Request request;
  request.fields = fields;
  request.body = asked.body;
  return read_token_request(request, {});
}

std::string error_of(const Asked& asked) {
  const auto got = read(asked);
  const auto* refusal = std::get_if<TokenRefusal>(&got);
  if (refusal == nullptr) return "none";
  EXPECT_FALSE(refusal->description.empty());
  EXPECT_EQ(refusal->status, refusal->error == "invalid_client" ? 401 : 400);
  return std::string(refusal->error);
}

TEST(TokenRequest, TheClientIsInTheBody) {
  const auto got = read({.body = body + "&client_id=" + id + "&client_secret=se%20cret&unknown=1&scope="});
  const auto* request = std::get_if<TokenRequest>(&got);
  ASSERT_NE(request, nullptr);
  EXPECT_EQ(request->client_id, id);
  EXPECT_EQ(request->client_secret, "se cret");
  EXPECT_EQ(request->scope, access::Scope::Everything);
}

TEST(TokenRequest, OrInTheHeadWhereItIsFormEncoded) {
  for (const std::string& more : {std::string(), "&client_id=" + id, std::string("&client_secret=")}) {
    const auto got = read({.body = body + "&scope=read" + more, .authorization = basic});
    const auto* request = std::get_if<TokenRequest>(&got);
    ASSERT_NE(request, nullptr) << more;
    EXPECT_EQ(request->client_id, id);
    EXPECT_EQ(request->client_secret, "se cr et");
    EXPECT_EQ(request->scope, access::Scope::Reading);
  }
}

TEST(TokenRequest, OnceOnly) {
  EXPECT_EQ(error_of({.body = body + "&client_secret=x", .authorization = basic}), "invalid_request");
  EXPECT_EQ(error_of({.body = body + "&client_id=other", .authorization = basic}), "invalid_request");
  EXPECT_EQ(error_of({.body = body + "&client_id=a&client_id=a&client_secret=b"}), "invalid_request");
}

TEST(TokenRequest, WhatIsNoClient) {
  for (const char* authorization :
       {"Basic", "Basic ", "Bearer abc", "Basic !!!!", "Basic YWJj", "Basic YTolenox", "x"}) {
    EXPECT_EQ(error_of({.body = body, .authorization = authorization}), "invalid_client") << authorization;
  }
  EXPECT_EQ(error_of({.body = body}), "invalid_client");
  EXPECT_EQ(error_of({.body = body + "&client_id=a"}), "invalid_client");
  EXPECT_EQ(error_of({.body = body + "&client_id=a&client_secret="}), "invalid_client");
}

TEST(TokenRequest, WhatIsNoRequest) {
  EXPECT_EQ(error_of({.body = "", .authorization = basic}), "invalid_request");
  EXPECT_EQ(error_of({.body = "grant_type=%zz", .authorization = basic}), "invalid_request");
  EXPECT_EQ(error_of({.body = R"({"grant_type": "client_credentials"})", .authorization = basic}), "invalid_request");
  EXPECT_EQ(error_of({.body = R"({"a": 1})", .authorization = basic, .content_type = "application/json"}),
            "invalid_request");
  EXPECT_EQ(error_of({.body = body, .authorization = basic, .content_type = "text/plain"}), "invalid_request");
  EXPECT_EQ(error_of({.body = body, .authorization = basic, .content_type = ""}), "invalid_request");
  EXPECT_EQ(error_of({.body = "scope=read", .authorization = basic}), "invalid_request");
  EXPECT_EQ(error_of({.body = "grant_type=", .authorization = basic}), "invalid_request");
  EXPECT_EQ(error_of({.body = "grant_type=password", .authorization = basic}), "unsupported_grant_type");
  EXPECT_EQ(error_of({.body = body + "&scope=write", .authorization = basic}), "invalid_scope");
  EXPECT_EQ(error_of({.body = body + "&scope=read+read", .authorization = basic}), "invalid_scope");
}

}  // namespace
}  // namespace portico::server
