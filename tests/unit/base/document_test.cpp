#include "base/document.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "base/json_value.hpp"

namespace portico::base {
namespace {

using Kind = Document::Kind;

std::string json_of(const Document& document) {
  std::string out = "> ";  // what is there stays
  append_json(document, out);
  EXPECT_TRUE(out.starts_with("> "));
  return out.substr(2);
}

TEST(Document, FindsAMemberByItsWholeName) {
  Document object;
  object.kind = Kind::Object;
  object.members.push_back({.name = "price", .value = json::integer(5)});
  object.members.push_back({.name = "pri", .value = json::integer(6)});
  ASSERT_NE(object.find("pri"), nullptr);
  EXPECT_EQ(object.find("pri")->integer, 6);
  EXPECT_EQ(object.find("price"), &object.members[0].value);
  EXPECT_EQ(object.find("p"), nullptr);
  EXPECT_EQ(object.find("Price"), nullptr);
  EXPECT_EQ(json::text("price").find("price"), nullptr);
  EXPECT_EQ(Document().find(""), nullptr);
}

TEST(Document, HasWordsForEachKind) {
  EXPECT_EQ(words_for(Kind::Null), "null");
  EXPECT_EQ(words_for(Kind::Boolean), "a boolean");
  EXPECT_EQ(words_for(Kind::Integer), "an integer");
  EXPECT_EQ(words_for(Kind::Number), "a number");
  EXPECT_EQ(words_for(Kind::Text), "a text");
  EXPECT_EQ(words_for(Kind::Array), "a list");
  EXPECT_EQ(words_for(Kind::Object), "an object");
}

TEST(Document, IsWrittenAsJson) {
  Document list;
  list.kind = Kind::Array;
  EXPECT_EQ(json_of(list), "[]");
  list.items.push_back({});
  Document truth;
  truth.kind = Kind::Boolean;
  list.items.push_back(truth);
  truth.boolean = true;
  list.items.push_back(truth);
  list.items.push_back(json::integer(std::numeric_limits<std::int64_t>::min()));
  list.items.push_back(json::integer(std::numeric_limits<std::int64_t>::max()));
  EXPECT_EQ(json_of(list), "[null,false,true,-9223372036854775808,9223372036854775807]");
  Document object;
  object.kind = Kind::Object;
  EXPECT_EQ(json_of(object), "{}");
  object.members.push_back({.name = "a\"b", .value = list});
  object.members.push_back({.name = "", .value = json::text("")});
  EXPECT_EQ(json_of(object), R"({"a\"b":[null,false,true,-9223372036854775808,9223372036854775807],"":""})");
}

TEST(Document, WritesNumbersAsTheyWereWritten) {
  Document number;
  number.kind = Kind::Number;
  number.text = "1.0E+0010";
  EXPECT_EQ(json_of(number), "1.0E+0010");
  Document zero = json::integer(0);
  EXPECT_EQ(json_of(zero), "0");
  zero.text = "-0";
  EXPECT_EQ(json_of(zero), "-0");
}

TEST(Document, EscapesWhatJsonDemandsAndNothingElse) {
  EXPECT_EQ(json_of(json::text("\"\\/\b\f\n\r\t")), R"("\"\\/\b\f\n\r\t")");
  EXPECT_EQ(json_of(json::text(std::string("\0\x01\x1F\x7F", 4))), "\"\\u0000\\u0001\\u001f\x7F\"");
  EXPECT_EQ(json_of(json::text("ñandú 😀 \u2028")), "\"ñandú 😀 \u2028\"");
  // Wherever it stands in the eight bytes that are looked at together.
  for (std::size_t at = 0; at < 20; ++at) {
    std::string text(20, 'x');
    text[at] = '"';
    std::string wanted(20, 'x');
    wanted.replace(at, 1, "\\\"");
    EXPECT_EQ(json_of(json::text(text)), '"' + wanted + '"');
  }
}

}  // namespace
}  // namespace portico::base
