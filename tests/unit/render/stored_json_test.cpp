#include "render/stored_json.hpp"

#include <gtest/gtest.h>

#include "render/json_token.hpp"
#include "render/template.hpp"
#include "support/view_of.hpp"
#include "support/xml_tree.hpp"

namespace portico::render {
namespace {

using contract::Format;
using model::Field;
using model::FieldType;
using test::cell;
using test::field;
using test::list;
using test::object;
using test::ViewOf;

std::string shown(const Field& shape, std::string_view stored, Format format, int version) {
  const ViewOf of({shape}, version);
  std::string out;
  const std::vector<base::Cell> row = {cell(stored)};
  Template::compile(of.view, format).write(row, out);
  return out;
}
/// The value of a field `x` that holds `stored`.
std::string json(const Field& shape, std::string_view stored, int version = 1) {
  const std::string out = shown(shape, stored, Format::Json, version);
  EXPECT_TRUE(out.starts_with("{\"x\":") && out.ends_with("}")) << out;
  // White space in front keeps a list from being matched and copied; it must not make a difference.
  EXPECT_EQ(shown(shape, " " + std::string(stored), Format::Json, version), out);
  return out.substr(5, out.size() - 6);
}
std::string xml(const Field& shape, std::string_view stored) {
  return shown(shape, stored, Format::Xml, 1);
}

Field articles() {
  Field postcode = field("postcode", FieldType::String);
  postcode.former_names = {{.name = "zip", .until = 1}};
  Field fresh = field("fresh", FieldType::Boolean);
  fresh.versions.first = 2;
  return list(
      "x", object("", {field("id", FieldType::String), field("price", FieldType::Money), postcode, fresh,
                       object("shop", {field("name", FieldType::String)}), list("tags", field("", FieldType::String)),
                       list("prices", object("", {field("at", FieldType::Timestamp)}))}));
}

constexpr std::string_view stored_articles =
    R"([{"id":"a","price":1250,"postcode":"28004","fresh":true,"shop":{"name":"s"},"tags":["t","u"],)"
    R"("prices":[{"at":"2015-10-02T20:15:45+02:00"}]}])";

TEST(StoredList, ShowsAVersionsMembersUnderItsNames) {
  const std::string shared =
      R"("shop":{"name":"s"},"tags":["t","u"],"prices":[{"at":"2015-10-02T18:15:45.000000Z"}]}])";
  EXPECT_EQ(json(articles(), stored_articles, 1), R"([{"id":"a","price":1250,"zip":"28004",)" + shared);
  EXPECT_EQ(json(articles(), stored_articles, 2),
            R"([{"id":"a","price":1250,"postcode":"28004","fresh":true,)" + shared);
  EXPECT_EQ(xml(articles(), stored_articles),
            "<x><list-item><id>a</id><price>1250</price><zip>28004</zip><shop><name>s</name></shop><tags><list-item>t"
            "</list-item><list-item>u</list-item></tags><prices><list-item><at>2015-10-02T18:15:45.000000Z</at>"
            "</list-item></prices></list-item></x>");
}

TEST(StoredList, OrderOfMembersWhiteSpaceAndUnknownMembersDoNotMatter) {
  const Field shape = list("x", object("", {field("a", FieldType::Integer), field("b", FieldType::String)}));
  EXPECT_EQ(json(shape, R"( [ { "b" : "2" , "q": {"a": [9]}, "a" : 1 } , {"a":1} ] )"),
            R"([{"a":1,"b":"2"},{"a":1,"b":null}])");
  EXPECT_EQ(json(shape, "[{}, null, 5, [1], \"s\"]"), R"([{"a":null,"b":null},null,null,null,null])");
  EXPECT_EQ(json(shape, R"([{"\u0061":1,"b":"x\u0079"}])"), R"([{"a":1,"b":"xy"}])");
  EXPECT_EQ(json(shape, "[]"), "[]");
}

// As they are mostly stored: each goes the short way, and must come out as it would the long one.
TEST(StoredList, PlainWriting) {
  EXPECT_EQ(json(articles(), stored_articles, 1).substr(0, 11), R"([{"id":"a",)");
  const Field shape = list("x", object("", {field("a", FieldType::Integer), field("b", FieldType::String),
                                            field("c", FieldType::Boolean), field("t", FieldType::Timestamp)}));
  EXPECT_EQ(json(shape, R"([{"a":-12,"b":"é","c":true,"t":"2015-10-02T18:15:45.101838Z"},{"a":0,"c":false}])"),
            R"([{"a":-12,"b":"é","c":true,"t":"2015-10-02T18:15:45.101838Z"},{"a":0,"b":null,"c":false,"t":null}])");
  EXPECT_EQ(json(shape, R"([{"a": 1, "b": "x", "c": null}, {"b": "y"}, null])"),
            R"([{"a":1,"b":"x","c":null,"t":null},{"a":null,"b":"y","c":null,"t":null},null])");
  EXPECT_EQ(json(shape, R"([{"b":"y","a":1}])"), R"([{"a":1,"b":"y","c":null,"t":null}])");
  EXPECT_EQ(json(shape, R"([{"a":1,"a":2}])"), R"([{"a":1,"b":null,"c":null,"t":null}])");
  EXPECT_EQ(json(shape, R"([{"a":100000000000000000000}])"), R"([{"a":null,"b":null,"c":null,"t":null}])");
  EXPECT_EQ(json(shape, R"([{,"a":1}])"), "null");
  EXPECT_EQ(json(shape, R"([{"a":1,}])"), "null");
  EXPECT_EQ(json(shape, R"([{"a":1"b":"x"}])"), "null");
  const std::string text(100000, 'z');
  EXPECT_EQ(json(shape, R"([{"b":")" + text + R"("}])"), R"([{"a":null,"b":")" + text + R"(","c":null,"t":null}])");
}

TEST(StoredList, ChecksTypesLikeCells) {
  const auto of = [](FieldType type, std::string_view stored) { return json(list("x", field("", type)), stored); };
  for (const FieldType type : {FieldType::Integer, FieldType::Money, FieldType::Rate}) {
    EXPECT_EQ(of(type, R"([1,-7,12.5,1e3,"12",true,null,9223372036854775808,-0])"),
              "[1,-7,null,null,null,null,null,null,0]");
  }
  EXPECT_EQ(of(FieldType::Boolean, "[true,false,1,\"true\",null]"), "[true,false,null,null,null]");
  EXPECT_EQ(of(FieldType::Choice, R"(["ok",3,1.5,true])"), R"(["ok",3,null,null])");
  EXPECT_EQ(of(FieldType::Timestamp, R"(["2015-10-02T18:15:45Z","soon",1443809745101838])"),
            R"(["2015-10-02T18:15:45.000000Z",null,null])");
  for (const FieldType type : {FieldType::Id, FieldType::String, FieldType::Email, FieldType::Url, FieldType::Country,
                               FieldType::Currency, FieldType::Language, FieldType::Date}) {
    EXPECT_EQ(of(type, R"(["2015-10-02",1,false,{},[],null])"), R"(["2015-10-02",null,null,null,null,null])");
  }
  EXPECT_EQ(of(FieldType::Json, R"([1.50,"a",{"b":[true]},null])"), R"([1.50,"a",{"b":[true]},null])");
}

TEST(StoredList, ListsOfListsOfObjects) {
  const Field shape = list("x", list("", object("", {field("a", FieldType::Integer)})));
  EXPECT_EQ(json(shape, R"([[{"a":1,"z":2}],[],null])"), R"([[{"a":1}],[],null])");
}

TEST(StoredList, WhatIsNoListIsNull) {
  const Field shape = list("x", field("", FieldType::Integer));
  for (const std::string_view stored :
       {"",     " ",     "{}",        "1",           "null",       "\"a\"", "[",     "[1",    "[1,",
        "[1,]", "[1 2]", "[1]]",      "[1] 2",       "[01]",       "[1.]",  "[tru]", "[nul]", "[-]",
        "[1}",  "[\"a]", "[\"\\x\"]", "[\"\\u12\"]", "[\"\x01\"]", "]",     ",",     "[,1]"}) {
    EXPECT_EQ(json(shape, stored), "null") << stored;
    EXPECT_EQ(xml(shape, stored), "<x></x>") << stored;
  }
  EXPECT_EQ(json(shape, std::string_view("[1]\0", 4)), "null");
}

// A break deep in a list that was half written already, in and beyond the sink's room.
TEST(StoredList, ABreakTakesBackWhatWasWritten) {
  const Field shape = list("x", field("", FieldType::String));
  for (const std::size_t count : {3U, 1000U, 20000U}) {
    std::string stored = "[";
    for (std::size_t i = 0; i < count; ++i) stored += "\"some text\",";
    EXPECT_EQ(json(shape, stored + "\"\\q\"]"), "null");
  }
}

TEST(StoredList, HostileText) {
  const Field shape = list("x", field("", FieldType::String));
  EXPECT_EQ(json(shape, R"(["\"\\\/\b\f\n\r\t\u0000\u00e9\ud83d\ude00"])"), R"(["\"\\/\b\f\n\r\t\u0000é😀"])");
  EXPECT_EQ(json(shape, R"(["\ud83d","\ude00x","\ud83d\u0041"])"), "[\"\uFFFD\",\"\uFFFDx\",\"\uFFFDA\"]");
  EXPECT_EQ(json(shape, "[\"a\xFFz\"]"), "[\"a\uFFFDz\"]");
  EXPECT_EQ(xml(shape, R"(["<&>\r\u0001\uffff"])"), "<x><list-item>&lt;&amp;&gt;&#13;\uFFFD\uFFFD</list-item></x>");
}

TEST(StoredList, LongerThanWhatAThreadKeeps) {
  const Field shape = list("x", field("", FieldType::String));
  const std::string text(std::size_t{3} * 1024 * 1024, 'a');
  EXPECT_EQ(json(shape, "[\"" + text + "\"]"), "[\"" + text + "\"]");
  EXPECT_EQ(json(shape, "[\"b\"]"), "[\"b\"]");
}

TEST(StoredJson, IsWrittenCompactlyAndKeepsItsNumbers) {
  const Field shape = field("x", FieldType::Json);
  EXPECT_EQ(json(shape, " { \"b\" : [ 1 , 2.50 , 1e400 , -0 ] , \"a\\u0020\" : { } , \"c\" : [ ] } "),
            R"({"b":[1,2.50,1e400,-0],"a ":{},"c":[]})");
  EXPECT_EQ(json(shape, "12345678901234567890123"), "12345678901234567890123");
  EXPECT_EQ(json(shape, " \"s\" "), "\"s\"");
  EXPECT_EQ(json(shape, "true"), "true");
  EXPECT_EQ(json(shape, "null"), "null");
  for (const std::string_view stored :
       {"", "tru", "1 2", "{\"a\"}", "{\"a\":1", "{a:1}", "{\"a\":1}}", "+1", ".5", "'a'", "\"a", "\"a\" \"b\"",
        "nullx", "{\"a\":01}", "[\"\\x\"]", "{\"\\x\":1}"}) {
    EXPECT_EQ(json(shape, stored), "null") << stored;
  }
}

TEST(StoredJson, XmlNamesThatAreNone) {
  const std::string out = xml(field("x", FieldType::Json), R"({"a b":{"1":true},"ok":[1],"\"<":null})");
  EXPECT_EQ(out,
            "<x><item name=\"a b\"><item name=\"1\">True</item></item><ok><list-item>1</list-item></ok>"
            "<item name=\"&quot;&lt;\"></item></x>");
  ASSERT_TRUE(test::read_xml(out).has_value());
}

TEST(StoredJson, DeeperThanAllowedIsNull) {
  const Field shape = field("x", FieldType::Json);
  const auto nest = [](int depth) {
    const auto size = static_cast<std::size_t>(depth);
    return std::string(size, '[') + std::string(size, ']');
  };
  EXPECT_EQ(json(shape, nest(stored_depth_max)), nest(stored_depth_max));
  EXPECT_EQ(json(shape, nest(stored_depth_max + 1)), "null");
  EXPECT_EQ(json(shape, nest(100000)), "null");
}

TEST(JsonToken, Numbers) {
  for (const char* good : {"0", "-0", "10", "-1.5", "1e5", "1E+05", "0.0e-1"})
    EXPECT_TRUE(is_json_number(good)) << good;
  for (const char* bad : {"", "-", "01", "1.", ".1", "1e", "1e+", "+1", "1x", "0x1", "--1"}) {
    EXPECT_FALSE(is_json_number(bad)) << bad;
  }
}

}  // namespace
}  // namespace portico::render
