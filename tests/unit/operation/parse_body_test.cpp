#include "operation/parse_body.hpp"

#include <zlib.h>

namespace portico::operation {
namespace {

using base::ErrorCode;
using http::HeaderField;
using Fields = std::vector<HeaderField>;

constexpr HeaderField json_type{"Content-Type", "application/json"};
constexpr HeaderField form_type{"content-type", "application/x-www-form-urlencoded"};
constexpr HeaderField gzip_coding{"Content-Encoding", "gzip"};

base::Result<std::optional<Body>> parse(const Fields& fields, std::string_view body,
                                        const base::Limits& limits = {}) {
  http::Request request;
  request.fields = fields;
  request.body = body;
  return parse_body(request, limits);
}

/// The document as JSON; a word where there is none.
std::string read(const Fields& fields, std::string_view body, const base::Limits& limits = {}) {
  const auto parsed = parse(fields, body, limits);
  if (!parsed) return "refused: " + parsed.error().message;
  if (!parsed->has_value()) return "nothing";
  std::string out;
  append_json((*parsed)->document, out);
  return out;
}

void expect_refused(const Fields& fields, std::string_view body, ErrorCode code, std::string_view message,
                    const base::Limits& limits = {}) {
  const auto parsed = parse(fields, body, limits);
  ASSERT_FALSE(parsed) << body;
  EXPECT_EQ(parsed.error().code, code) << body;
  EXPECT_EQ(parsed.error().message, message) << body;
}

Fields of_type(std::string_view content_type) {
  return {{"Content-Type", content_type}};
}

std::string gzip(std::string_view text) {
  z_stream stream = {};
  EXPECT_EQ(deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string in(text);
  std::string out(deflateBound(&stream, in.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

TEST(ParseBody, IsNothingWhereThereIsNoBody) {
  EXPECT_EQ(read({}, ""), "nothing");
  EXPECT_EQ(read({json_type}, ""), "nothing");
  EXPECT_EQ(read(of_type("text/plain"), ""), "nothing");
  EXPECT_EQ(read({json_type, {"Content-Encoding", "br"}}, ""), "nothing");
}

TEST(ParseBody, SaysHowItWasWritten) {
  const auto json = parse({json_type}, R"({"a": 1})");
  ASSERT_TRUE(json && json->has_value());
  EXPECT_EQ((*json)->writing, Writing::Json);
  EXPECT_EQ((*json)->document.find("a")->integer, 1);
  const auto form = parse({form_type}, "a=1");
  ASSERT_TRUE(form && form->has_value());
  EXPECT_EQ((*form)->writing, Writing::Form);
  EXPECT_EQ((*form)->document.find("a")->text, "1");
}

TEST(ParseBody, ReadsAFormThatBeginsLikeJsonAsJson) {
  for (const auto* text : {R"({"a":1})", " \r\n\t{\"a\":1}"}) {
    const auto parsed = parse({form_type}, text);
    ASSERT_TRUE(parsed && parsed->has_value()) << text;
    EXPECT_EQ((*parsed)->writing, Writing::Json);
    EXPECT_EQ((*parsed)->document.find("a")->integer, 1);
  }
  EXPECT_EQ(read({form_type}, "[1,2]"), "[1,2]");
  EXPECT_EQ(read({form_type}, "\"a\"=1"), R"({"\"a\"":"1"})");
  expect_refused({form_type}, "{\"a\":", ErrorCode::MalformedBody,
                 "The body is not JSON: line 1, column 6: expected a value, found the end.");
  expect_refused({form_type}, "\xEF\xBB\xBF{}", ErrorCode::MalformedBody,
                 "The body is not JSON: line 1, column 1: a byte order mark stands here; JSON is sent without one.");
  // Never the other way round.
  expect_refused({json_type}, "a=1", ErrorCode::MalformedBody,
                 "The body is not JSON: line 1, column 1: expected a value, found `a`.");
}

TEST(ParseBody, IsNotWhiteSpaceOnly) {
  for (const HeaderField& type : {json_type, form_type}) {
    for (const auto* text : {" ", "\r\n", "\t \n"}) {
      expect_refused({type}, text, ErrorCode::MalformedBody,
                     "The body is white space only; send a document such as `{}`, or no body at all.");
    }
  }
}

TEST(ParseBody, KnowsTwoContentTypes) {
  EXPECT_EQ(read(of_type("Application/JSON"), "{}"), "{}");
  EXPECT_EQ(read(of_type("application/X-WWW-form-URLencoded"), "a=1"), R"({"a":"1"})");
  constexpr std::string_view message = "A body must be application/json or application/x-www-form-urlencoded.";
  expect_refused({}, "{}", ErrorCode::UnsupportedMediaType, message);
  for (const auto* type : {"", "text/plain", "application/jsonx", "application/json+x", "text/json", "json",
                           "application/json, application/json", "multipart/form-data; boundary=x",
                           "application/x-www-form-urlencoded,application/json"}) {
    expect_refused(of_type(type), "{}", ErrorCode::UnsupportedMediaType, message);
  }
}

TEST(ParseBody, HasOneContentType) {
  constexpr std::string_view message = "A body has one content type: send one Content-Type field, not several.";
  expect_refused({json_type, form_type}, "{}", ErrorCode::UnsupportedMediaType, message);
  expect_refused({json_type, {"Accept", "*/*"}, json_type}, "{}", ErrorCode::UnsupportedMediaType, message);
}

TEST(ParseBody, IsInUtf8) {
  for (const auto* type :
       {"application/json;charset=utf-8", "application/json ; Charset=UTF-8", "application/json; charset=\"utf-8\"",
        "application/json; charset=\"UTF\\-8\"", "application/json; charset=utf-8; charset=UTF-8",
        "application/json;", "application/json; ;", "application/json; profile=\"a;charset=x\"; charset=utf-8",
        "application/json; charsets=x", "application/json; version=1; odata.metadata=none", "application/json; x"}) {
    EXPECT_EQ(read(of_type(type), "{}"), "{}") << type;
  }
  EXPECT_EQ(read(of_type("application/x-www-form-urlencoded; charset=utf-8"), "a=1"), R"({"a":"1"})");
  expect_refused(of_type("application/json; charset=iso-8859-1"), "{}", ErrorCode::UnsupportedMediaType,
                 "A body must be in UTF-8, not in the charset `iso-8859-1`; leave `charset` out, or send "
                 "`charset=utf-8`.");
  for (const auto* type :
       {"application/json; charset=utf-16", "application/json; charset=", "application/json; charset",
        "application/json; charset=\"utf-8", "application/json; charset=utf-8; charset=latin1",
        "application/json; x=\"\\\"\"; charset=x", "application/x-www-form-urlencoded; charset=windows-1252"}) {
    const auto parsed = parse(of_type(type), "{}");
    ASSERT_FALSE(parsed) << type;
    EXPECT_EQ(parsed.error().code, ErrorCode::UnsupportedMediaType) << type;
  }
}

TEST(ParseBody, InflatesGzip) {
  const std::string text = R"({"amount": 10050, "text": "ñandú"})";
  for (const auto* coding : {"gzip", "GZIP", "x-gzip", "identity, gzip", " gzip , identity,"}) {
    EXPECT_EQ(read({json_type, {"content-encoding", coding}}, gzip(text)), R"({"amount":10050,"text":"ñandú"})");
  }
  EXPECT_EQ(read({form_type, gzip_coding}, gzip("a[]=1")), R"({"a":["1"]})");
  EXPECT_EQ(read({form_type, gzip_coding}, gzip("{}")), "{}");
  for (const auto* coding : {"identity", "", "identity,identity"}) {
    EXPECT_EQ(read({json_type, {"Content-Encoding", coding}}, "{}"), "{}") << coding;
  }
  EXPECT_EQ(read({json_type, gzip_coding}, gzip("")), "nothing");
  const std::string long_text = '"' + std::string(500'000, 'x') + '"';
  EXPECT_EQ(read({json_type, gzip_coding}, gzip(long_text)), long_text);
}

TEST(ParseBody, InflatesMembersOneAfterAnother) {
  EXPECT_EQ(read({json_type, gzip_coding}, gzip("{\"a\":") + gzip("") + gzip("1}")), R"({"a":1})");
}

TEST(ParseBody, RefusesOtherCodings) {
  expect_refused({json_type, {"Content-Encoding", "br"}}, "{}", ErrorCode::UnsupportedMediaType,
                 "A body may be encoded with gzip or sent as it is, but not encoded with `br`.");
  for (const auto* coding : {"deflate", "gzip, br", "gzipped", "compress", "zstd", "chunked"}) {
    const auto parsed = parse({json_type, {"Content-Encoding", coding}}, gzip("{}"));
    ASSERT_FALSE(parsed) << coding;
    EXPECT_EQ(parsed.error().code, ErrorCode::UnsupportedMediaType) << coding;
  }
  constexpr std::string_view once = "A body may be encoded with gzip once, not several times.";
  expect_refused({json_type, {"Content-Encoding", "gzip, gzip"}}, gzip(gzip("{}")), ErrorCode::UnsupportedMediaType,
                 once);
  expect_refused({json_type, gzip_coding, gzip_coding}, gzip(gzip("{}")), ErrorCode::UnsupportedMediaType, once);
}

TEST(ParseBody, StopsInflatingAtTheLimit) {
  const base::Limits limits{.body_bytes = 1000};
  const std::string fits = '"' + std::string(998, 'x') + '"';
  EXPECT_EQ(read({json_type, gzip_coding}, gzip(fits), limits), fits);
  constexpr std::string_view message = "The body is longer than 1000 bytes once inflated.";
  expect_refused({json_type, gzip_coding}, gzip(fits + " "), ErrorCode::BodyTooLarge, message, limits);
  const std::string bomb = gzip(std::string(50'000'000, ' '));
  EXPECT_LT(bomb.size(), 60'000U);
  expect_refused({json_type, gzip_coding}, bomb, ErrorCode::BodyTooLarge, message, limits);
  expect_refused({json_type, gzip_coding}, gzip(std::string(600, ' ')) + gzip(std::string(600, ' ')),
                 ErrorCode::BodyTooLarge, message, limits);
  // What comes out too long is refused so even where the rest is missing.
  expect_refused({json_type, gzip_coding}, bomb.substr(0, 20'000), ErrorCode::BodyTooLarge, message, limits);
}

TEST(ParseBody, RefusesDamagedGzip) {
  const std::string good = gzip(R"({"amount": 10050, "text": "a text that is long enough to be cut anywhere"})");
  constexpr std::string_view cut = "The body is not gzip, which its Content-Encoding names: it is cut off.";
  for (std::size_t bytes = 1; bytes < good.size(); ++bytes) {
    expect_refused({json_type, gzip_coding}, good.substr(0, bytes), ErrorCode::MalformedBody, cut);
  }
  expect_refused({json_type, gzip_coding}, good + good.substr(0, 5), ErrorCode::MalformedBody, cut);
  for (const auto* plain : {R"({"amount": 10050})", "\x1F\x8C"}) {
    expect_refused({json_type, gzip_coding}, plain, ErrorCode::MalformedBody,
                   "The body is not gzip, which its Content-Encoding names: it does not begin with the bytes 1F 8B.");
  }
  for (const std::string& behind : {std::string("x"), std::string("\0", 1), std::string("\x1Fx")}) {
    expect_refused(
        {json_type, gzip_coding}, good + behind, ErrorCode::MalformedBody,
        "The body is not gzip, which its Content-Encoding names: behind its end there are bytes that are no "
        "gzip.");
  }
  for (std::size_t at : {good.size() - 1, good.size() - 6, good.size() / 2}) {
    std::string damaged = good;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    const auto parsed = parse({json_type, gzip_coding}, damaged);
    ASSERT_FALSE(parsed) << at;
    EXPECT_EQ(parsed.error().code, ErrorCode::MalformedBody) << at;
  }
}

TEST(ParseBody, HandsTheLimitsOn) {
  const base::Limits limits{.body_depth = 2, .body_values = 3};
  for (const auto& [field, body] : {std::pair{json_type, "[[[]]]"},
                                    {json_type, "[1,2,3]"},
                                    {form_type, "a[b][c]=1"},
                                    {form_type, "a=1&b=2&c=3"}}) {
    const auto parsed = parse({field}, body, limits);
    ASSERT_FALSE(parsed) << body;
    EXPECT_EQ(parsed.error().code, ErrorCode::MalformedBody) << body;
    EXPECT_NE(parsed.error().message.find("(the limit `body_"), std::string::npos) << parsed.error().message;
  }
}

}  // namespace
}  // namespace portico::operation
