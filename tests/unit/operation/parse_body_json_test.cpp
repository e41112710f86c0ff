#include <chrono>

#include "operation/json_body.hpp"

namespace portico::operation {
namespace {

using base::Document;
using Kind = Document::Kind;

Document read(std::string_view text, const base::Limits& limits = {}) {
  auto document = read_json(text, limits);
  if (document) return std::move(*document);
  ADD_FAILURE() << text << ": " << document.error().message;
  return {};
}

/// The document as JSON again.
std::string again(std::string_view text) {
  std::string out;
  append_json(read(text), out);
  return out;
}

base::Error refused(std::string_view text, const base::Limits& limits = {}) {
  auto document = read_json(text, limits);
  if (!document) {
    EXPECT_EQ(document.error().code, base::ErrorCode::MalformedBody) << text;
    return std::move(document).error();
  }
  ADD_FAILURE() << text << ": is taken";
  return {};
}

/// What is wrong, without the words that begin each message.
std::string mistake(std::string_view text) {
  constexpr std::string_view beginning = "The body is not JSON: ";
  const std::string message = refused(text).message;
  EXPECT_TRUE(message.starts_with(beginning)) << message;
  return message.substr(std::min(beginning.size(), message.size()));
}

TEST(JsonBody, IsAnyValue) {
  EXPECT_EQ(read("null").kind, Kind::Null);
  EXPECT_EQ(read(" true\r\n").kind, Kind::Boolean);
  EXPECT_TRUE(read("true").boolean);
  EXPECT_FALSE(read("false").boolean);
  EXPECT_EQ(read("\"x\"").text, "x");
  EXPECT_EQ(read("\"x\"").kind, Kind::Text);
  EXPECT_EQ(read("{}").kind, Kind::Object);
  EXPECT_EQ(read("\t[ ]").kind, Kind::Array);
}

TEST(JsonBody, KeepsTheOrderAndTheNesting) {
  constexpr std::string_view text =
      R"({"z":1,"a":{"m":[{"x":[]},{},[[1],[2,3]],"t"],"":null},"b":[true,false,null]})";
  EXPECT_EQ(again(text), text);
  EXPECT_EQ(again(" { \"a\" :\t[ 1 ,\n2 ] , \"b\" : { } } "), R"({"a":[1,2],"b":{}})");
  const Document document = read(text);
  ASSERT_NE(document.find("a"), nullptr);
  EXPECT_EQ(document.find("a")->find("m")->items.at(2).items.at(1).items.at(1).integer, 3);
}

TEST(JsonBody, HasIntegersAsFarAs64BitsHoldThem) {
  EXPECT_EQ(read("9223372036854775807").integer, INT64_MAX);
  EXPECT_EQ(read("-9223372036854775808").integer, INT64_MIN);
  EXPECT_EQ(read("-9223372036854775808").kind, Kind::Integer);
  EXPECT_TRUE(read("-9223372036854775808").text.empty());
  EXPECT_EQ(read("0").kind, Kind::Integer);
  EXPECT_EQ(read("-0").kind, Kind::Integer);
  EXPECT_EQ(read("-0").integer, 0);
}

TEST(JsonBody, KeepsOtherNumbersAsTheyWereWritten) {
  const std::string huge(5000, '9');
  for (const std::string& number :
       {std::string("9223372036854775808"), std::string("-9223372036854775809"), std::string("12.50"),
        std::string("0.1e-7"), std::string("1e3"), std::string("1E+400"), std::string("-0.0"), huge}) {
    const Document document = read(number);
    EXPECT_EQ(document.kind, Kind::Number) << number;
    EXPECT_EQ(document.text, number);
    EXPECT_EQ(again("[" + number + "]"), "[" + number + "]");
  }
  EXPECT_EQ(again("-0"), "-0");
}

TEST(JsonBody, ResolvesEscapes) {
  EXPECT_EQ(read(R"("\"\\\/\b\f\n\r\t")").text, "\"\\/\b\f\n\r\t");
  EXPECT_EQ(read(R"("\u00f1\u00D1\u20ac\uFFFF")").text, "ñÑ€\uFFFF");
  EXPECT_EQ(read(R"("\ud83d\uDE00!")").text, "😀!");
  EXPECT_EQ(read(R"("\uDBFF\uDFFF")").text, "\U0010FFFF");
  EXPECT_EQ(read(R"("a\u0000b")").text, std::string("a\0b", 3));
  EXPECT_EQ(read("\"0123456789ñ\\n0123456789\\u0041\"").text, "0123456789ñ\n0123456789A");
  EXPECT_EQ(read(R"({"\u0061\n":1})").members.at(0).name, "a\n");
}

TEST(JsonBody, SaysWhereAndWhatWouldHaveBeenRight) {
  EXPECT_EQ(mistake(R"({"amount": 10 "x": 1})"), "line 1, column 15: expected `,` or `}`, found `\"`.");
  EXPECT_EQ(mistake("{\"a\": 1,\n \"ñ\": [1 2]}"), "line 2, column 10: expected `,` or `]`, found `2`.");
  EXPECT_EQ(mistake("{\"a\":"), "line 1, column 6: expected a value, found the end.");
  EXPECT_EQ(mistake("[1,2"), "line 1, column 5: expected `,` or `]`, found the end.");
  EXPECT_EQ(mistake("{\"a\" 1}"), "line 1, column 6: expected `:` behind the name `a`, found `1`.");
  EXPECT_EQ(mistake("{a: 1}"), "line 1, column 2: expected a name in double quotes, found `a`.");
  EXPECT_EQ(mistake("{\"a\": 1} x"), "line 1, column 10: expected the end, found `x`.");
  EXPECT_EQ(mistake("{\"a\": 1}\n{}"), "line 2, column 1: expected the end, found `{`.");
  EXPECT_EQ(mistake(" \n"), "line 2, column 1: there is nothing but white space; expected a value such as `{}`.");
  EXPECT_EQ(mistake("amount=10"), "line 1, column 1: expected a value, found `amount`.");
  EXPECT_EQ(mistake(std::string("{\0}", 3)),
            "line 1, column 2: expected a name in double quotes, found the byte 0x00.");
  EXPECT_EQ(mistake("tru"), "line 1, column 1: expected a value, found `tru`.");
  EXPECT_EQ(mistake("truex"), "line 1, column 5: expected the end, found `x`.");
  EXPECT_EQ(mistake("}"), "line 1, column 1: expected a value, found `}`.");
  EXPECT_EQ(mistake("[\u00a01]"), "line 1, column 2: expected a value, found `\u00a0`.");
}

TEST(JsonBody, KnowsWhatIsOftenWrittenInstead) {
  EXPECT_EQ(mistake("{\"a\": True}"), "line 1, column 7: expected a value, found `True`; it is written `true`.");
  EXPECT_EQ(mistake("[None]"), "line 1, column 2: expected a value, found `None`; it is written `null`.");
  EXPECT_EQ(mistake("[undefined]"), "line 1, column 2: expected a value, found `undefined`; JSON knows only `null`.");
  EXPECT_EQ(mistake("[NaN]"),
            "line 1, column 2: expected a value, found `NaN`; JSON knows only numbers that are numbers, and `null`.");
  EXPECT_EQ(mistake("{'a': 1}"),
            "line 1, column 2: expected a name in double quotes, found `'`; texts stand in double quotes.");
  EXPECT_EQ(mistake("{} // none"), "line 1, column 4: expected the end, found `/`; JSON has no comments.");
  EXPECT_EQ(mistake("[1, 2, ]"), "line 1, column 8: expected a value, found `]`; no comma stands before it.");
  EXPECT_EQ(mistake("{\"a\": 1,\n}"),
            "line 2, column 1: expected a name in double quotes, found `}`; no comma stands before it.");
  EXPECT_EQ(mistake("[+1]"), "line 1, column 2: expected a value, found `+1`; a number has no `+` before it.");
  EXPECT_EQ(mistake("[.5]"), "line 1, column 2: expected a value, found `.5`; a digit stands before the point.");
}

TEST(JsonBody, ReadsNumbersStrictly) {
  EXPECT_EQ(mistake("[007]"), "line 1, column 2: a number does not begin with a 0 before other digits.");
  EXPECT_EQ(mistake("-01"), "line 1, column 1: a number does not begin with a 0 before other digits.");
  EXPECT_EQ(mistake("-"), "line 1, column 2: expected a digit in a number, found the end.");
  EXPECT_EQ(mistake("[-x]"), "line 1, column 3: expected a digit in a number, found `x`.");
  EXPECT_EQ(mistake("[1.]"), "line 1, column 4: expected a digit behind the point, found `]`.");
  EXPECT_EQ(mistake("1e"), "line 1, column 3: expected a digit in the exponent, found the end.");
  EXPECT_EQ(mistake("1e+-1"), "line 1, column 4: expected a digit in the exponent, found `-1`.");
  EXPECT_EQ(mistake("0x10"), "line 1, column 2: expected the end, found `x10`.");
  EXPECT_EQ(mistake("1_000"), "line 1, column 2: expected the end, found `_000`.");
}

TEST(JsonBody, ReadsTextsStrictly) {
  EXPECT_EQ(mistake("{\"a\": \"x}"), "line 1, column 7: the text that begins here has no closing double quote.");
  EXPECT_EQ(mistake("\"x\\\""), "line 1, column 1: the text that begins here has no closing double quote.");
  EXPECT_EQ(mistake("\"a\nb\""),
            "line 1, column 3: a line break within a text; control characters are written as `\\n`, `\\t` or `\\u` "
            "and four hexadecimal digits.");
  EXPECT_EQ(mistake("\"\x1F\""),
            "line 1, column 2: the byte 0x1F within a text; control characters are written as `\\n`, `\\t` or `\\u` "
            "and four hexadecimal digits.");
  EXPECT_EQ(mistake("\"\\'\""),
            "line 1, column 2: a backslash stands before `\"`, `\\`, `/`, `b`, `f`, `n`, `r`, `t` or `u`, not before "
            "`'`.");
  EXPECT_EQ(mistake("\"\\"),
            "line 1, column 2: a backslash stands before `\"`, `\\`, `/`, `b`, `f`, `n`, `r`, `t` or `u`, not before "
            "the end.");
  for (const auto* text : {"\"\\u12\"", "\"\\u12G4\"", "\"\\u+123\"", "\"\\u", "\"\\u123"}) {
    EXPECT_EQ(mistake(text), "line 1, column 2: expected four hexadecimal digits behind `\\u`.") << text;
  }
}

TEST(JsonBody, RefusesHalvesOfPairs) {
  for (const auto* text : {R"("\ud83d")", R"("\ud83dx")", R"("\ude00")", R"("\ud83d\ud83d")", R"("\ude00\ud83d")",
                           R"("\ud83d\u0041")", R"("\ud83d\n")", R"("\ud83d\u00")"}) {
    EXPECT_TRUE(mistake(text).starts_with("line 1, column 2: half of a surrogate pair alone is no character;"))
        << text;
  }
}

TEST(JsonBody, IsUtf8WithoutAMark) {
  EXPECT_EQ(mistake("{\"a\": \"\xE9\"}"), "line 1, column 8: the byte 0xE9 is no UTF-8, in which JSON is sent.");
  EXPECT_EQ(mistake("\"\n\xC3\xB1\xC0\x80\""), "line 2, column 2: the byte 0xC0 is no UTF-8, in which JSON is sent.");
  EXPECT_EQ(mistake("\"\xED\xA0\x80\""), "line 1, column 2: the byte 0xED is no UTF-8, in which JSON is sent.");
  EXPECT_EQ(mistake("\"\xF4\x90\x80\x80\""), "line 1, column 2: the byte 0xF4 is no UTF-8, in which JSON is sent.");
  EXPECT_EQ(mistake("\xEF\xBB\xBF{}"), "line 1, column 1: a byte order mark stands here; JSON is sent without one.");
}

TEST(JsonBody, RefusesANameThatStandsTwice) {
  const base::Error error = refused("{\"customer\": {\"phones\": [{}, {\"number\": 1,\n \"number\": 1}]}}");
  EXPECT_EQ(error.message,
            "The body cannot be read: line 2, column 2: `customer.phones.1.number` stands twice in one object.");
  ASSERT_EQ(error.faults.size(), 1U);
  EXPECT_EQ(error.faults[0].path, (std::vector<std::string>{"customer", "phones", "1", "number"}));
  EXPECT_EQ(error.faults[0].message, "Given twice in one object.");
  // However it is written.
  EXPECT_EQ(refused(R"({"a": 1, "\u0061": 2})").message,
            "The body cannot be read: line 1, column 10: `a` stands twice in one object.");
  // The same name in two objects is another matter, and so is another case.
  EXPECT_EQ(again(R"({"a":{"a":[{"a":1},{"a":1}]},"A":1})"), R"({"a":{"a":[{"a":1},{"a":1}]},"A":1})");
}

TEST(JsonBody, FindsTheFirstRepetitionAmongMany) {
  std::string text = "{";
  for (int i = 0; i < 1000; ++i) text += "\"name" + std::to_string(i) + "\":" + std::to_string(i) + ",";
  const std::string good = text + "\"last\":0}";
  const Document document = read(good);
  EXPECT_EQ(document.members.size(), 1001U);
  EXPECT_EQ(document.find("name777")->integer, 777);
  const std::size_t column = text.size() + 1;
  EXPECT_EQ(
      refused(text + "\"name9\":0,\"name3\":0,\"name9\":1}").message,
      "The body cannot be read: line 1, column " + std::to_string(column) + ": `name9` stands twice in one object.");
}

TEST(JsonBody, CutsLongNamesInMessages) {
  const std::string name(10'000, 'n');
  const base::Error error = refused("{\"" + name + "\":1,\"" + name + "\":1}");
  EXPECT_LT(error.message.size(), 300U);
  EXPECT_LT(error.faults.at(0).path.at(0).size(), 200U);
  EXPECT_LT(refused("{\"" + name + "\" 1}").message.size(), 300U);
  EXPECT_LT(refused(name).message.size(), 300U);
}

TEST(JsonBody, KeepsToTheLimits) {
  const base::Limits limits{.body_depth = 3, .body_values = 5};
  read(R"([{"a":[]}])", limits);
  EXPECT_EQ(refused(R"([{"a":[{}]}])", limits).message,
            "The body cannot be read: line 1, column 8: objects and lists nest deeper than 3 (the limit "
            "`body_depth`).");
  read("[[[]],[[]]]", limits);
  read(R"({"a":1,"b":[1,2]})", limits);
  EXPECT_EQ(refused("[1,2,3,4,5]", limits).message,
            "The body cannot be read: line 1, column 10: more values than 5, members and items counted together (the "
            "limit `body_values`).");
  EXPECT_TRUE(refused(R"({"a":1,"b":[1,2,3]})", limits).faults.empty());
  // A body that only opens costs no more than the limit.
  const std::string open(1'000'000, '[');
  EXPECT_EQ(refused(open).message,
            "The body cannot be read: line 1, column 33: objects and lists nest deeper than 32 (the limit "
            "`body_depth`).");
  const base::Limits deepest{.body_depth = 500};
  read(std::string(500, '[') + std::string(500, ']'), deepest);
}

// A check of each name against each other would take minutes here.
TEST(JsonBody, TakesManyNamesInTime) {
  std::string text = "{\"\":0";
  for (int i = 0; i < 90'000; ++i) text += ",\"" + std::to_string(i) + "\":0";
  text += '}';
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(read(text).members.size(), 90'001U);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
}

}  // namespace
}  // namespace portico::operation
