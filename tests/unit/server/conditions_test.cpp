#include "server/conditions.hpp"

#include <gtest/gtest.h>

namespace portico::server {
namespace {

constexpr std::string_view tag = "\"67ab43\"";

Verdict judged(std::vector<http::HeaderField> fields) {
  http::Request request;
  request.fields = fields;
  return judge_conditions(request, tag);
}

TEST(Conditions, WithoutAnyTheAnswerIsSent) {
  EXPECT_EQ(judged({{"Accept", "*/*"}}), Verdict::Send);
}

TEST(Conditions, IfNoneMatchComparesWeakly) {
  for (const std::string_view value :
       {"\"67ab43\"", "W/\"67ab43\"", "*", " * ", "\"a\", \"67ab43\"", "\"a,b\",W/\"67ab43\"", ",, \"67ab43\""}) {
    EXPECT_EQ(judged({{"If-None-Match", value}}), Verdict::NotModified) << value;
  }
  for (const std::string_view value :
       {"", "\"67ab4\"", "67ab43", "\"67ab43", "\"67AB43\"", "w/\"67ab43\"", "\"x\"*", "W/*", "\"a, \\\"67ab43\\\"\"",
        "\"", "W/\"", ",", "*, \"a\"", "67ab43, \"67ab43\""}) {
    EXPECT_EQ(judged({{"If-None-Match", value}}), Verdict::Send) << value;
  }
}

TEST(Conditions, IfMatchComparesStrongly) {
  EXPECT_EQ(judged({{"If-Match", "\"67ab43\""}}), Verdict::Send);
  EXPECT_EQ(judged({{"if-match", "*"}}), Verdict::Send);
  EXPECT_EQ(judged({{"If-Match", "W/\"67ab43\""}}), Verdict::Failed);
  EXPECT_EQ(judged({{"If-Match", "\"54ed21\", \"7892dd\""}}), Verdict::Failed);
  EXPECT_EQ(judged({{"If-Match", "67ab43"}}), Verdict::Failed);
}

TEST(Conditions, SeveralFieldsAreOneList) {
  EXPECT_EQ(judged({{"If-None-Match", "\"a\""}, {"If-None-Match", tag}}), Verdict::NotModified);
  EXPECT_EQ(judged({{"If-Match", "\"a\""}, {"If-Match", tag}}), Verdict::Send);
}

TEST(Conditions, IfMatchComesFirst) {
  EXPECT_EQ(judged({{"If-None-Match", tag}, {"If-Match", "\"a\""}}), Verdict::Failed);
  EXPECT_EQ(judged({{"If-None-Match", tag}, {"If-Match", tag}}), Verdict::NotModified);
}

}  // namespace
}  // namespace portico::server
