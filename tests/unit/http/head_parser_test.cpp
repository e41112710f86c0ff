#include "http/head_parser.hpp"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace portico::http {
namespace {

using base::ErrorCode;

struct Refusal {
  std::string bytes;
  std::string words;  ///< of the message
  ErrorCode code = ErrorCode::MalformedRequest;
};

std::string with_fields(const std::string& fields) {
  return "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

TEST(HeadParser, ReadsEveryPartOfAHead) {
  const base::Limits limits;
  HeadParser parser(limits);
  const std::string bytes =
      "\r\nPOST //orders/?page=2&x=[] HTTP/1.1\r\nHOST: api.example.com:8080\r\nX-Odd: \t a\tb\xC3\xB1  "
      "\r\nX-Empty:\r\n"
      "content-LENGTH: 0012\r\nExpect: 100-Continue\r\nConnection: x, Close\r\n\r\nbody";
  ASSERT_EQ(parser.parse(bytes), HeadProgress::Complete);
  const Head& head = parser.head();
  EXPECT_EQ(head.request.method, Method::Post);
  EXPECT_EQ(head.request.method_name, "POST");
  EXPECT_EQ(head.request.target, "//orders/?page=2&x=[]");
  EXPECT_EQ(head.request.path, "//orders/");
  EXPECT_EQ(head.request.query, "page=2&x=[]");
  EXPECT_EQ(head.request.host, "api.example.com:8080");
  EXPECT_EQ(head.request.field("x-odd"), "a\tb\xC3\xB1");
  EXPECT_EQ(head.request.field("x-empty"), "");
  EXPECT_NE(head.request.field("x-empty").data(), nullptr);
  EXPECT_EQ(head.request.field("x-absent").data(), nullptr);
  EXPECT_EQ(head.request.fields.size(), 6U);
  EXPECT_EQ(head.framing, Framing::Length);
  EXPECT_EQ(head.content_length, 12U);
  EXPECT_TRUE(head.expects_continue);
  EXPECT_FALSE(head.keep_alive);
  EXPECT_EQ(head.bytes, bytes.size() - 4);
}

TEST(HeadParser, TakesTheFormsOfTargetsThatAServerMust) {
  const base::Limits limits;
  const auto parsed = [&](const std::string& line, const auto& check) {
    const std::string bytes = line + " HTTP/1.1\r\nHost: other\r\n\r\n";
    HeadParser parser(limits);
    ASSERT_EQ(parser.parse(bytes), HeadProgress::Complete) << line << parser.error().message;
    check(parser.head().request);
  };
  parsed("GET http://api.example.com/orders?q", [](const Request& request) {
    EXPECT_EQ(request.host, "api.example.com");
    EXPECT_EQ(request.target, "/orders?q");
    EXPECT_EQ(request.path, "/orders");
  });
  parsed("GET HTTPS://[::1]:99?q", [](const Request& request) {
    EXPECT_EQ(request.host, "[::1]:99");
    EXPECT_EQ(request.path, "/");
    EXPECT_EQ(request.query, "q");
  });
  parsed("OPTIONS *", [](const Request& request) { EXPECT_EQ(request.path, "*"); });
  parsed("PURGE /x", [](const Request& request) { EXPECT_EQ(request.method, Method::Other); });
}

TEST(HeadParser, SaysWhetherTheConnectionStays) {
  const base::Limits limits;
  const auto keeps = [&](const std::string& bytes) {
    HeadParser parser(limits);
    EXPECT_EQ(parser.parse(bytes), HeadProgress::Complete);
    return parser.head().keep_alive;
  };
  EXPECT_TRUE(keeps("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_TRUE(keeps("GET / HTTP/1.7\r\nHost: a\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\nConnection: ,close\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(keeps("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"));
}

const std::vector<Refusal> refusals = {
    {"GET / HTTP/1.1\r\n\r\n", "no Host field"},
    {"GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", "more than one Host"},
    {"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "Host field must"},
    {"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "Host field must"},
    {"GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", "Host field must"},
    {"GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n", "Host field must"},
    {"GET / HTTP/1.1\r\nHost: a:1:2\r\n\r\n", "Host field must"},
    {"GET / HTTP/1.1\r\nHost:\r\n\r\n", "Host field must"},
    {"GET / HTTP/1.0\r\nHost: a, b\r\nHost: c\r\n\r\n", "more than one Host"},
    {with_fields("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), "both Content-Length and Transfer-Encoding"},
    {with_fields("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), "both Content-Length and Transfer-Encoding"},
    {with_fields("Content-Length: 5\r\nContent-Length: 5\r\n"), "more than one Content-Length"},
    {with_fields("Content-Length: +5\r\n"), "decimal digits only"},
    {with_fields("Content-Length: -5\r\n"), "decimal digits only"},
    {with_fields("Content-Length: 5, 5\r\n"), "decimal digits only"},
    {with_fields("Content-Length: 0x5\r\n"), "decimal digits only"},
    {with_fields("Content-Length:\r\n"), "decimal digits only"},
    {with_fields("Content-Length: 99999999999999999999999\r\n"), "larger number than 64 bits"},
    {with_fields("Transfer-Encoding: gzip, chunked\r\n"), "must be `chunked`"},
    {with_fields("Transfer-Encoding: chunked, gzip\r\n"), "must be `chunked`"},
    {with_fields("Transfer-Encoding: identity\r\n"), "must be `chunked`"},
    {with_fields("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), "must be `chunked`"},
    {with_fields("Transfer-Encoding: \"chunked\"\r\n"), "must be `chunked`"},
    {"GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.0 knows no"},
    {with_fields("X-A: b\r\n c\r\n"), "begins with white space"},
    {"GET / HTTP/1.1\r\n Host: a\r\n\r\n", "begins with white space"},
    {"GET / HTTP/1.1\nHost: a\n\n", "LF alone"},
    {"GET / HTTP/1.1\r\nHost: a\n\r\n", "LF alone"},
    {"\nGET / HTTP/1.1\r\n", "LF alone"},
    {"GET / HTTP/1.1\r\nX: a\rb\r\n\r\n", "CR stands"},
    {"GET / HTTP/1.1\r\nHost: a\r\n\rX", "CR stands"},
    {with_fields("Host : a\r\n"), "White space stands between"},
    {with_fields("X\t: a\r\n"), "White space stands between"},
    {with_fields("X(y): a\r\n"), "name holds `(`"},
    {with_fields("X\xC3\xB1: a\r\n"), "name holds the byte 0xC3"},
    {with_fields(": a\r\n"), "no name before"},
    {with_fields("nonsense\r\n"), "has no `:`"},
    {with_fields(std::string("X: a\0b\r\n", 8)), "the byte 0x00"},
    {with_fields("X: a\x7F\r\n"), "the byte 0x7F"},
    {with_fields("X: a\x01\r\n"), "the byte 0x01"},
    {with_fields("X\x01Y: a\r\n"), "the byte 0x01"},
    {std::string("GET /a\0b HTTP/1.1\r\n", 19), "the byte 0x00"},
    {"GET /\xC3\xB1 HTTP/1.1\r\nHost: h\r\n\r\n", "percent-encoded"},
    {"GET /a\tb HTTP/1.1\r\nHost: h\r\n\r\n", "percent-encoded"},
    {"GET /a#b HTTP/1.1\r\nHost: h\r\n\r\n", "`#`"},
    {"GET /a#b HTTP/2.0\r\n", "`#`"},
    {"GET /a#b HTTP/1.1\r\nno field\r\n", "`#`"},
    {"GET / HTTP/2.0\r\n", "not HTTP/2.0"},
    {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "OPTIONS only"},
    {"GET / http/1.1\r\n", "must end with `HTTP/1.1`"},
    {"GET / HTTP/1.1 \r\n", "must end with `HTTP/1.1`"},
    {"GET / HTTP/11\r\n", "must end with `HTTP/1.1`"},
    {"GET / x HTTP/1.1\r\n", "must end with `HTTP/1.1`"},
    {"GET /\r\n", "`HTTP/1.1` is missing"},
    {"GET\r\n", "target is missing"},
    {"GET  / HTTP/1.1\r\n", "target is empty"},
    {" GET / HTTP/1.1\r\n", "begins with a space"},
    {"\tGET / HTTP/1.1\r\n", "method holds"},
    {"G(T / HTTP/1.1\r\n", "method holds `(`"},
    {"\x16\x03\x01\x02", "TLS handshake"},
    {"\x80\x2E\x01", "method holds the byte 0x80"},
    {std::string(33, 'A'), "longer than 32"},
    {std::string(33, 'A') + " /", "longer than 32"},
    {"GET * HTTP/1.1\r\n", "OPTIONS only"},
    {"GET a/b HTTP/1.1\r\n", "must begin with `/`"},
    {"GET ftp://a/b HTTP/1.1\r\n", "must begin with `/`"},
    {"GET http:///b HTTP/1.1\r\n", "authority"},
    {"GET http://u@a/b HTTP/1.1\r\n", "authority"},
    {"CONNECT a:443 HTTP/1.1\r\n", "CONNECT"},
    {"GET a:443 HTTP/1.1\r\n", "must begin with `/`"},
    {with_fields("Expect: cake\r\n"), "100-continue"},
    {"\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n", "More than 8 empty lines"},
    {"GET /" + std::string(64, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n", "longer than 64", ErrorCode::TargetTooLarge},
    {"GET /" + std::string(64, 'a') + " HTTP/1.1\r\nno field\r\n", "longer than 64", ErrorCode::TargetTooLarge},
    {"GET /" + std::string(64, 'a') + " HTTP/1.1\r\nX: " + std::string(256, 'a'), "longer than 64",
     ErrorCode::TargetTooLarge},
    {"GET /" + std::string(64, 'a') + "\x01", "longer than 64", ErrorCode::TargetTooLarge},
    {"GET /" + std::string(256, 'a'), "longer than 64", ErrorCode::TargetTooLarge},
    {with_fields("X: " + std::string(256, 'a')), "longer than 256", ErrorCode::HeadTooLarge},
    {with_fields("a:\r\nb:\r\nc:\r\nd:\r\ne:\r\n"), "more than 5", ErrorCode::HeadTooLarge},
};

base::Limits small_limits() {
  base::Limits limits;
  limits.head_bytes = 256;
  limits.target_bytes = 64;
  limits.head_fields = 5;
  return limits;
}

TEST(HeadParser, RefusesEverythingThatCouldBeReadInTwoWays) {
  const base::Limits limits = small_limits();
  for (const Refusal& refusal : refusals) {
    HeadParser parser(limits);
    EXPECT_EQ(parser.parse(refusal.bytes), HeadProgress::Refused) << refusal.bytes;
    EXPECT_EQ(parser.error().code, refusal.code) << refusal.bytes;
    EXPECT_NE(parser.error().message.find(refusal.words), std::string::npos)
        << refusal.bytes << " -> " << parser.error().message;
  }
}

TEST(HeadParser, RefusesTheSameHoweverTheBytesCome) {
  const base::Limits limits = small_limits();
  for (const Refusal& refusal : refusals) {
    HeadParser parser(limits);
    HeadProgress progress = HeadProgress::NeedMore;
    for (std::size_t length = 1; length <= refusal.bytes.size() && progress == HeadProgress::NeedMore; ++length) {
      progress = parser.parse(std::string_view(refusal.bytes).substr(0, length));
    }
    EXPECT_EQ(progress, HeadProgress::Refused) << refusal.bytes;
    EXPECT_EQ(parser.error().code, refusal.code) << refusal.bytes << parser.error().message;
  }
}

TEST(HeadParser, KeepsWhatItUnderstoodBeforeTheFault) {
  const base::Limits limits;
  HeadParser parser(limits);
  const std::string bytes = "GET /orders HTTP/1.1\r\nAccept: text/xml\r\nbad line\r\n";
  ASSERT_EQ(parser.parse(bytes), HeadProgress::Refused);
  EXPECT_EQ(parser.head().request.path, "/orders");
  EXPECT_EQ(parser.head().request.field("Accept"), "text/xml");
}

/// So that the refusal can be told in the form that the client asked for.
TEST(HeadParser, ReadsTheFieldsBehindATargetThatIsTooLarge) {
  const base::Limits limits = small_limits();
  HeadParser parser(limits);
  const std::string line = "GET /a?b=" + std::string(64, 'a') + " HTTP/1.1\r\n";
  const std::string bytes = line + "Host: h\r\nAccept: text/xml\r\n\r\n";
  EXPECT_EQ(parser.parse(line), HeadProgress::NeedMore);
  ASSERT_EQ(parser.parse(bytes), HeadProgress::Refused);
  EXPECT_EQ(parser.error().code, ErrorCode::TargetTooLarge);
  EXPECT_EQ(parser.head().request.path, "/a");
  EXPECT_EQ(parser.head().request.field("Accept"), "text/xml");
  parser.restart();
  EXPECT_EQ(parser.parse("GET / HTTP/1.1\r\nHost: h\r\n\r\n"), HeadProgress::Complete);
}

/// A head of exactly the limit passes, one byte more does not.
TEST(HeadParser, CountsTheHeadToTheByte) {
  base::Limits limits;
  const std::string bytes = with_fields("X-A: 1\r\n");
  limits.head_bytes = bytes.size();
  HeadParser fits(limits);
  EXPECT_EQ(fits.parse(bytes), HeadProgress::Complete);
  limits.head_bytes = bytes.size() - 1;
  HeadParser over(limits);
  EXPECT_EQ(over.parse(bytes), HeadProgress::Refused);
  EXPECT_EQ(over.error().code, ErrorCode::HeadTooLarge);
}

TEST(SameName, ComparesAsciiWithoutCase) {
  EXPECT_TRUE(same_name("Content-Type", "content-TYPE"));
  EXPECT_FALSE(same_name("Content-Type", "Content-Typ"));
  EXPECT_FALSE(same_name("a[", "a{"));
  EXPECT_FALSE(same_name("@", "`"));
}

}  // namespace
}  // namespace portico::http
