#include <chrono>

#include "operation/form_body.hpp"

namespace portico::operation {
namespace {

using base::Document;

std::string read(std::string_view text, const base::Limits& limits = {}) {
  const auto document = read_form(text, limits);
  if (!document) {
    ADD_FAILURE() << text << ": " << document.error().message;
    return {};
  }
  std::string out;
  append_json(*document, out);
  return out;
}

base::Error refused(std::string_view text, const base::Limits& limits = {}) {
  auto document = read_form(text, limits);
  if (!document) {
    EXPECT_EQ(document.error().code, base::ErrorCode::MalformedBody) << text;
    return std::move(document).error();
  }
  ADD_FAILURE() << text << ": is taken";
  return {};
}

/// What is wrong, without the words that begin each message.
std::string mistake(std::string_view text) {
  constexpr std::string_view beginning = "The form cannot be read: ";
  const std::string message = refused(text).message;
  EXPECT_TRUE(message.starts_with(beginning)) << message;
  return message.substr(std::min(beginning.size(), message.size()));
}

TEST(FormBody, IsAnObjectOfTexts) {
  EXPECT_EQ(read("amount=10050"), R"({"amount":"10050"})");
  EXPECT_EQ(read("b=true&a=&c"), R"({"b":"true","a":"","c":""})");
  EXPECT_EQ(read("a=b=c&d=+x+"), R"({"a":"b=c","d":" x "})");
  EXPECT_EQ(read("&&a=1&"), R"({"a":"1"})");
  EXPECT_EQ(read("&"), "{}");
}

TEST(FormBody, DecodesNamesAndValues) {
  EXPECT_EQ(read("na%6De=%C3%B1and%c3%ba+%26+%2B+%25"), R"({"name":"ñandú & + %"})");
  EXPECT_EQ(read("a%5Bb%5D%5B0%5D=1"), R"({"a":{"b":["1"]}})");
  EXPECT_EQ(read("n=%00%0a"), R"({"n":"\u0000\n"})");
  EXPECT_EQ(read("first+name=x&a[b+c]=y"), R"({"first name":"x","a":{"b c":"y"}})");
}

TEST(FormBody, NestsNames) {
  EXPECT_EQ(read("customer[email]=a@b.c&customer[phone][number]=6&customer[phone][country]=ES&mid=1"),
            R"({"customer":{"email":"a@b.c","phone":{"number":"6","country":"ES"}},"mid":"1"})");
  EXPECT_EQ(read("a[b][0][c]=x"), R"({"a":{"b":[{"c":"x"}]}})");
  EXPECT_EQ(read("x[0]=a&x[1]=b"), R"({"x":["a","b"]})");
  EXPECT_EQ(read("x[]=a&y=1&x[]=b&x[]=a"), R"({"x":["a","b","a"],"y":"1"})");
  EXPECT_EQ(read("a[0][]=1&a[1][]=2&a[0][]=3"), R"({"a":[["1","3"],["2"]]})");
  EXPECT_EQ(read("a[0][id]=1&a[0][n]=2&a[1][id]=3"), R"({"a":[{"id":"1","n":"2"},{"id":"3"}]})");
  // A name of digits that does not stand in brackets, and names that only look like indexes.
  EXPECT_EQ(read("0=a&b[-1]=c&b[1x]=d"), R"({"0":"a","b":{"-1":"c","1x":"d"}})");
}

TEST(FormBody, TakesIndexesInAnyOrder) {
  EXPECT_EQ(read("x[2]=c&x[0]=a&x[1]=b"), R"({"x":["a","b","c"]})");
  std::string text;
  std::string wanted = R"({"x":[)";
  for (int i = 11; i >= 0; --i) text += "x[" + std::to_string(i) + "][n]=" + std::to_string(i) + "&";
  for (int i = 0; i < 12; ++i) wanted += (i == 0 ? "" : ",") + (R"({"n":")" + std::to_string(i) + "\"}");
  EXPECT_EQ(read(text), wanted + "]}");
}

TEST(FormBody, RefusesIndexesThatLeaveOneOut) {
  EXPECT_EQ(mistake("x[0]=a&x[2]=b"),
            "`x` is a list without the index 1 before `2`; indexes run from 0 and leave none out.");
  EXPECT_EQ(mistake("a[list][1][b]=a"),
            "`a[list]` is a list without the index 0 before `1`; indexes run from 0 and leave none out.");
  EXPECT_EQ(
      mistake("x[0]=a&x[99999999999999999999]=b"),
      "`x` is a list without the index 1 before `99999999999999999999`; indexes run from 0 and leave none out.");
  EXPECT_EQ(mistake("x[18446744073709551615]=b&x[18446744073709551616]=c").substr(0, 33),
            "`x` is a list without the index 0");
  EXPECT_EQ(mistake("x[00]=a"), "`x[00]` has an index with a 0 before it.");
  EXPECT_EQ(mistake("x[0]=a&x[01]=b"), "`x[01]` has an index with a 0 before it.");
}

TEST(FormBody, RefusesANameGivenTwice) {
  const base::Error error = refused("tag=a&b=1&tag=b");
  EXPECT_EQ(error.message, "The form cannot be read: `tag` is given twice; a list is written `tag[]`.");
  ASSERT_EQ(error.faults.size(), 1U);
  EXPECT_EQ(error.faults[0].path, std::vector<std::string>{"tag"});
  EXPECT_EQ(error.faults[0].message, "This name is given twice; a list is written `tag[]`.");
  EXPECT_EQ(mistake("a[b]=1&a%5bb%5d=1"), "`a[b]` is given twice; a list is written `a[b][]`.");
  EXPECT_EQ(mistake("x[0]=a&x[0]=a"), "`x[0]` is given twice; an index stands for one item.");
}

TEST(FormBody, RefusesWhatIsTwoThings) {
  EXPECT_EQ(mistake("a=1&a[b]=2"), "`a` is given both as a value and as an object.");
  EXPECT_EQ(mistake("a[b]=2&a=1"), "`a` is given both as a value and as an object.");
  EXPECT_EQ(mistake("a=1&a[]=2"), "`a` is given both as a value and as a list.");
  EXPECT_EQ(mistake("a[0]=2&a=1"), "`a` is given both as a value and as a list.");
  EXPECT_EQ(mistake("o[a][b]=1&o[a][0]=2"), "`o[a]` is given both as an object and as a list.");
  EXPECT_EQ(mistake("a[]=1&a[b]=2"), "`a` is given both as an object and as a list.");
  EXPECT_EQ(mistake("a[]=1&a[0]=2"), "`a` is a list written both with indexes and with `[]`.");
  EXPECT_EQ(mistake("a[0]=1&a[0][b]=2"), "`a[0]` is given both as a value and as an object.");
}

TEST(FormBody, RefusesNamesThatAreNone) {
  for (const auto* text : {"=x", "[a]=x", "[]=x", "%5B0%5D=x", "]=x"}) {
    EXPECT_TRUE(
        mistake(text).ends_with("has no name where one must begin, as in `name=value` or `name[part]=value`."))
        << text;
  }
  for (const auto* text : {"a[=x", "a[b=x", "a]=x", "a[b]]=x", "a[[b]]=x", "a[b][=x", "a]b[=x"}) {
    const std::string shown = std::string(text).substr(0, std::string_view(text).find('='));
    EXPECT_EQ(mistake(text), "`" + shown + "` has brackets that do not pair; they are written as in `a[b][0]`.");
  }
  EXPECT_EQ(mistake("a[b]c=x"), "`a[b]c` goes on behind a `]`; brackets follow each other, as in `a[b][0]`.");
  EXPECT_EQ(mistake("a[][b]=x"),
            "`a[][b]` leaves open which item is meant: behind `[]` there is nothing more; number the items, as in "
            "`a[0][b]`.");
}

TEST(FormBody, RefusesBrokenEncoding) {
  for (const auto* text : {"a=%", "a=%4", "a=%4G", "a=10%", "a=% 1"}) {
    EXPECT_EQ(mistake(text),
              "`a` has a `%` that two hexadecimal digits do not follow; a percent sign itself is `%25`.")
        << text;
  }
  EXPECT_EQ(mistake("ok=1&a%=1"),
            "`a%` has a `%` that two hexadecimal digits do not follow; a percent sign itself is `%25`.");
  EXPECT_EQ(mistake("a=%E9"), "`a` has a value that is not UTF-8 once its `%` are decoded.");
  EXPECT_EQ(mistake("a=\xE9"), "`a` has a value that is not UTF-8 once its `%` are decoded.");
  EXPECT_EQ(mistake("%E9=1"), "`\uFFFD` is not UTF-8 once its `%` are decoded.");
}

TEST(FormBody, KeepsToTheLimits) {
  const base::Limits limits{.body_depth = 3, .body_values = 5};
  EXPECT_EQ(read("a[b][c]=1", limits), R"({"a":{"b":{"c":"1"}}})");
  const base::Error deep = refused("a[b][c][d]=1", limits);
  EXPECT_EQ(deep.message,
            "The form cannot be read: `a[b][c][d]` nests objects and lists deeper than 3 (the limit `body_depth`).");
  EXPECT_EQ(read("a=1&b=2&c[]=3", limits), R"({"a":"1","b":"2","c":["3"]})");
  EXPECT_EQ(refused("a=1&b=2&c[]=3&c[]=4", limits).message,
            "The form cannot be read: `c[]` is one value more than 5, members and items counted together (the limit "
            "`body_values`).");
  std::string deepest = "a";
  for (int i = 0; i < 100'000; ++i) deepest += "[b]";
  EXPECT_LT(refused(deepest).message.size(), 300U);
}

// Comparing each name with each other would take minutes here.
TEST(FormBody, TakesManyNamesInTime) {
  std::string text;
  for (int i = 0; i < 90'000; ++i) text += std::to_string(i) + "=&";
  const auto begin = std::chrono::steady_clock::now();
  const auto document = read_form(text, {});
  ASSERT_TRUE(document);
  EXPECT_EQ(document->members.size(), 90'000U);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
}

}  // namespace
}  // namespace portico::operation
