#include "render/problem.hpp"

#include <set>

#include <gtest/gtest.h>
#include <simdjson.h>

#include "support/xml_tree.hpp"

namespace portico::render {
namespace {

using base::Error;
using base::ErrorCode;
using contract::Contract;
using contract::Format;
using model::DialectKind;

http::Response problem(const Error& error, DialectKind dialect = DialectKind::MediaType,
                       Format format = Format::Json) {
  const model::Surface surface{.dialect = dialect};
  const Contract contract{
      .surface = &surface,
      .format = format,
      .content_type = format == Format::Json ? "application/json; charset=utf-8" : "application/xml; charset=utf-8"};
  http::Response response;
  response.body = "left over";
  write_problem(contract, error, response);
  return response;
}

struct Expected {
  ErrorCode code;
  int status;
  int envelope;
  std::string_view type;
};

// contract.md, "Errors" and E6.
constexpr Expected expectations[] = {
    {ErrorCode::InvalidData, 400, -5, "ApiValidationException"},
    {ErrorCode::MalformedBody, 400, -4, "ApiValidationException"},
    {ErrorCode::MalformedRequest, 400, -1, "ApiValidationException"},
    {ErrorCode::NotAuthenticated, 401, -3, "UnauthorizedException"},
    {ErrorCode::MalformedCredentials, 401, -3, "UnauthorizedException"},
    {ErrorCode::InvalidToken, 401, -3, "UnauthorizedException"},
    {ErrorCode::ExpiredToken, 401, -2, "UnauthorizedException"},
    {ErrorCode::Forbidden, 403, -1, "ForbiddenException"},
    {ErrorCode::NotFound, 404, -1, "ObjectNotFoundException"},
    {ErrorCode::MethodNotAllowed, 405, -1, "MethodNotAllowedException"},
    {ErrorCode::NotAcceptable, 406, -1, "NotAcceptableException"},
    {ErrorCode::RequestTimeout, 408, -1, "RequestTimeoutException"},
    {ErrorCode::Conflict, 409, -6, "ConflictException"},
    {ErrorCode::BrokenReference, 409, -7, "ConflictException"},
    {ErrorCode::PreconditionFailed, 412, -6, "PreconditionFailedException"},
    {ErrorCode::RangeNotSatisfiable, 416, -1, "RangeNotSatisfiableException"},
    {ErrorCode::BodyTooLarge, 413, -1, "PayloadTooLargeException"},
    {ErrorCode::TargetTooLarge, 414, -1, "UriTooLargeException"},
    {ErrorCode::HeadTooLarge, 431, -1, "HeadersTooLargeException"},
    {ErrorCode::UnsupportedMediaType, 415, -4, "UnsupportedMediaTypeException"},
    {ErrorCode::TooManyRequests, 429, -1, "TooManyRequestsException"},
    {ErrorCode::Internal, 500, -1, "ServerErrorException"},
    {ErrorCode::Unavailable, 503, -1, "ServiceUnavailableException"},
};

TEST(Problem, EveryCodeInBothDialectsAndFormats) {
  static_assert(std::size(expectations) == base::error_code_count);
  std::set<ErrorCode> seen;
  simdjson::dom::parser parser;
  for (const Expected& expected : expectations) {
    SCOPED_TRACE(expected.type);
    seen.insert(expected.code);
    EXPECT_EQ(type_of(expected.code), expected.type);
    EXPECT_FALSE(usual_message(expected.code).empty());
    EXPECT_EQ(status_of(expected.code, DialectKind::MediaType), expected.status);
    EXPECT_EQ(status_of(expected.code, DialectKind::CodeEnvelope), expected.status);

    const http::Response partner = problem({.code = expected.code});
    EXPECT_EQ(partner.status, expected.status);
    simdjson::dom::element body;
    ASSERT_EQ(parser.parse(partner.body).get(body), simdjson::SUCCESS) << partner.body;
    EXPECT_EQ(std::string_view(body["error"]["type"]), expected.type);
    EXPECT_EQ(std::string_view(body["error"]["message"]), usual_message(expected.code));
    EXPECT_EQ(body["error"]["fields"].error(), simdjson::NO_SUCH_FIELD);

    const http::Response envelope = problem({.code = expected.code}, DialectKind::CodeEnvelope);
    EXPECT_EQ(envelope.status, expected.status);
    ASSERT_EQ(parser.parse(envelope.body).get(body), simdjson::SUCCESS) << envelope.body;
    EXPECT_EQ(std::int64_t(body["code"]), expected.envelope);
    EXPECT_EQ(std::string_view(body["msg"]), usual_message(expected.code));

    const http::Response xml = problem({.code = expected.code}, DialectKind::MediaType, Format::Xml);
    if (expected.code == ErrorCode::NotAcceptable) continue;  // P4: JSON
    const auto root = test::read_xml(xml.body);
    ASSERT_TRUE(root.has_value()) << xml.body;
    EXPECT_EQ(root->child("error").child("type").text, expected.type);
    EXPECT_NE(xml.head.find("Content-Type: application/xml; charset=utf-8\r\n"), std::string::npos);
  }
  EXPECT_EQ(seen.size(), base::error_code_count);
}

TEST(Problem, AFieldThatRefersToWhatIsNotThereIsAFaultLikeAnyOtherButInTheEnvelope) {
  const Error error{.code = ErrorCode::BrokenReference, .faults = {{{"customer"}, "There is no such customer."}}};
  const model::Surface partner_surface{.dialect = DialectKind::MediaType};
  const http::Response partner = problem(error);
  EXPECT_EQ(partner.status, 400);
  EXPECT_EQ(partner.body, R"({"error":{"type":"ApiValidationException","message":"API validation error","fields":)"
                          R"({"customer":["There is no such customer."]}}})");
  EXPECT_EQ(words_of(Contract{.surface = &partner_surface}, error).message,
            "API validation error: customer: There is no such customer.");
  const http::Response envelope = problem(error, DialectKind::CodeEnvelope);
  EXPECT_EQ(envelope.status, 409);
  EXPECT_EQ(envelope.body.substr(0, 11), R"({"code":-7,)");
  EXPECT_NE(envelope.body.find("customer: There is no such customer."), std::string::npos) << envelope.body;
}

TEST(Problem, FaultsAreNestedByTheirPaths) {
  const Error error{.code = ErrorCode::InvalidData,
                    .message = "No.",
                    .faults = {{{"articles", "0", "price"}, "A valid integer is required."},
                               {{"customer", "phone", "number"}, "Too long."},
                               {{"articles", "0", "price"}, "Second."},
                               {{"articles", "1", "id"}, "Missing."}}};
  EXPECT_EQ(problem(error).body,
            R"({"error":{"type":"ApiValidationException","message":"No.","fields":{"articles":{"0":{"price":)"
            R"(["A valid integer is required.","Second."]},"1":{"id":["Missing."]}},)"
            R"("customer":{"phone":{"number":["Too long."]}}}}})");
  const auto root = test::read_xml(problem(error, DialectKind::MediaType, Format::Xml).body);
  ASSERT_TRUE(root.has_value());
  const test::XmlElement& first = root->child("error").child("fields").child("articles").children.at(0);
  EXPECT_EQ(first.name, "item");
  EXPECT_EQ(first.attributes.at(0).second, "0");
  EXPECT_EQ(first.child("price").children.at(1).text, "Second.");
}

TEST(Problem, AMessageOfAnObjectItselfStandsInside) {
  const auto fields = [](std::vector<base::Fault> faults) {
    const std::string body = problem({.code = ErrorCode::InvalidData, .faults = std::move(faults)}).body;
    return body.substr(body.find("\"fields\":") + 9);
  };
  EXPECT_EQ(fields({{{"a"}, "own"}, {{"a", "b"}, "inner"}}), R"({"a":{"b":["inner"],"non_field_errors":["own"]}}}})");
  EXPECT_EQ(fields({{{"a", "b"}, "inner"}, {{"a"}, "own"}, {{"a"}, "two"}}),
            R"({"a":{"b":["inner"],"non_field_errors":["own","two"]}}}})");
  EXPECT_EQ(fields({{{"a"}, "own"}, {{"a", "non_field_errors"}, "theirs"}}),
            R"({"a":{"non_field_errors":["own","theirs"]}}}})");
  EXPECT_EQ(fields({{{"a"}, "own"}, {{"a", "non_field_errors", "b"}, "x"}}),
            R"({"a":{"non_field_errors":{"b":["x"],"non_field_errors":["own"]}}}}})");
  EXPECT_EQ(fields({{{}, "whole"}}), R"({"non_field_errors":["whole"]}}})");
}

TEST(Problem, NotFoundNamesItsObjectAsText) {
  const Error error{.code = ErrorCode::NotFound, .faults = {{{"order__id"}, "145000006"}}};
  EXPECT_EQ(
      problem(error).body,
      R"({"error":{"type":"ObjectNotFoundException","message":"Not found.","fields":{"order__id":"145000006"}}})");
  EXPECT_EQ(problem(error, DialectKind::CodeEnvelope).body,
            R"({"code":-1,"msg":"Not found.","fields":{"order__id":"145000006"}})");
}

TEST(Problem, E6TheMessageNamesTheFault) {
  Error error{.code = ErrorCode::InvalidData, .faults = {{{"a", "b"}, "Required."}, {{"c"}, "Bad."}}};
  EXPECT_EQ(problem(error, DialectKind::CodeEnvelope).body,
            R"({"code":-5,"msg":"API validation error: a.b: Required.; c: Bad.",)"
            R"("fields":{"a":{"b":["Required."]},"c":["Bad."]}})");
  for (int i = 0; i < 10; ++i) error.faults.push_back({{"x"}, "m"});
  EXPECT_NE(problem(error, DialectKind::CodeEnvelope).body.find("; and 7 more\""), std::string::npos);
}

TEST(Problem, E6ACodeOfTheApisOwnStandsInPlaceOfTheUsualOne) {
  const Error error{.code = ErrorCode::Forbidden, .message = "Not confirmed.", .own_code = 2};
  EXPECT_EQ(problem(error, DialectKind::CodeEnvelope).body, R"({"code":2,"msg":"Not confirmed."})");
  EXPECT_EQ(problem(error).body, R"({"error":{"type":"ForbiddenException","message":"Not confirmed."}})");
}

TEST(Problem, P4NotAcceptableIsJsonAndListsWhatIsAvailable) {
  const Error error{.code = ErrorCode::NotAcceptable, .message = "No v9.", .alternatives = {"application/a", "b"}};
  const http::Response response = problem(error, DialectKind::MediaType, Format::Xml);
  EXPECT_EQ(response.body,
            R"({"error":{"type":"NotAcceptableException","message":"No v9.","available":["application/a","b"]}})");
  EXPECT_EQ(response.head, "Content-Type: application/json; charset=utf-8\r\n");
}

TEST(Problem, FieldsOfTheHead) {
  const http::Response method = problem({.code = ErrorCode::MethodNotAllowed,
                                         .message = "Method \"POST\" not allowed.",
                                         .alternatives = {"GET", "HEAD"}});
  EXPECT_EQ(method.head, "Content-Type: application/json; charset=utf-8\r\nAllow: GET, HEAD\r\n");
  EXPECT_NE(method.body.find(R"("message":"Method \"POST\" not allowed.")"), std::string::npos);
  EXPECT_NE(problem({.code = ErrorCode::MethodNotAllowed, .message = "Use GET."}).body.find("not allowed"),
            std::string::npos);
  EXPECT_NE(problem({.code = ErrorCode::TooManyRequests}).head.find("Retry-After: 1\r\n"), std::string::npos);
  EXPECT_NE(problem({.code = ErrorCode::Unavailable, .retry_after = 77}).head.find("Retry-After: 77\r\n"),
            std::string::npos);
  EXPECT_NE(problem({.code = ErrorCode::Unavailable}).head.find("Retry-After: 5\r\n"), std::string::npos);
}

TEST(Problem, InternalSaysNothingOfItself) {
  const Error error{.code = ErrorCode::Internal,
                    .message = "secret path",
                    .faults = {{{"secret"}, "secret"}},
                    .alternatives = {"secret"}};
  for (const DialectKind dialect : {DialectKind::MediaType, DialectKind::CodeEnvelope}) {
    const http::Response response = problem(error, dialect);
    EXPECT_EQ((response.head + response.body).find("secret"), std::string::npos) << response.body;
  }
}

TEST(Problem, HostileWordsStayText) {
  const Error error{
      .code = ErrorCode::InvalidData, .message = "a\"\xFF\x01<", .faults = {{{"k\"\xFF", "<b>"}, "m\\\xC3"}}};
  simdjson::dom::parser parser;
  simdjson::dom::element body;
  const std::string json = problem(error).body;
  ASSERT_EQ(parser.parse(json).get(body), simdjson::SUCCESS) << json;
  EXPECT_EQ(std::string_view(body["error"]["message"]), "a\"\uFFFD\x01<");
  ASSERT_TRUE(test::read_xml(problem(error, DialectKind::MediaType, Format::Xml).body).has_value());
}

TEST(Problem, TouchesNothingElseOfTheResponse) {
  const Contract contract;
  http::Response response;
  response.add("X-Kept", "yes");
  response.close = true;
  write_problem(contract, {.code = ErrorCode::Forbidden}, response);
  EXPECT_TRUE(response.head.starts_with("X-Kept: yes\r\n"));
  EXPECT_TRUE(response.close);
  EXPECT_EQ(response.status, 403);
}

}  // namespace
}  // namespace portico::render
