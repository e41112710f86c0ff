#include "platform/json.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "operation/json_body.hpp"

namespace portico::platform::json {
namespace {

base::Document read(std::string_view text) {
  return operation::read_json(text, base::Limits{}).value();
}

/// `path: message` of each fault.
std::vector<std::string> faults_of(Fields& fields) {
  const auto ended = fields.end();
  std::vector<std::string> words;
  if (ended) return words;
  for (const base::Fault& fault : ended.error().faults) {
    std::string path;
    for (const std::string& step : fault.path) path += "/" + step;
    words.push_back(path + ": " + fault.message);
  }
  return words;
}

std::string written(const base::Document& document) {
  std::string text;
  base::append_json(document, text);
  return text;
}

TEST(Json, IsWrittenAsTheAnswersHaveIt) {
  EXPECT_EQ(written(results({object({{"a", text("\"ñ")}, {"b", null()}, {"c", boolean(true)}, {"d", integer(-7)}}),
                             texts({"x", "y"}), instant(std::optional<base::Microseconds>{}), instant(1)})),
            R"({"results":[{"a":"\"ñ","b":null,"c":true,"d":-7},["x","y"],null,"1970-01-01T00:00:00.000001Z"]})");
  EXPECT_EQ(written(text("\xff")), "\"\xEF\xBF\xBD\"");
}

TEST(Fields, AreTakenByTheirKinds) {
  const base::Document body = read(R"({"a": "x", "b": 7, "c": ["p", "q"], "d": {"e": "f"}})");
  Fields fields(body);
  EXPECT_EQ(fields.required_text("a"), "x");
  EXPECT_EQ(fields.integer("b"), 7);
  EXPECT_EQ(fields.texts("c"), (std::vector<std::string>{"p", "q"}));
  ASSERT_NE(fields.object("d"), nullptr);
  EXPECT_EQ(fields.text("absent"), std::nullopt);
  EXPECT_TRUE(fields.end());
}

TEST(Fields, TellAllThatIsWrongAtOnce) {
  const base::Document body = read(R"({"a": 1, "b": "7", "c": ["p", 1], "d": [], "colour": "x", "z": "a\u0000b"})");
  Fields fields(body);
  EXPECT_EQ(fields.required_text("a"), std::nullopt);
  EXPECT_EQ(fields.integer("b"), std::nullopt);
  EXPECT_EQ(fields.texts("c"), std::nullopt);
  EXPECT_EQ(fields.object("d"), nullptr);
  EXPECT_EQ(fields.required_text("e"), std::nullopt);
  EXPECT_EQ(fields.text("z"), std::nullopt);
  EXPECT_EQ(fields.text("color"), std::nullopt);
  EXPECT_EQ(faults_of(fields),
            (std::vector<std::string>{
                "/a: A text is required, not an integer.", "/b: A whole number is required, not a text.",
                "/c: A list of texts is required, and one of its items is an integer.",
                "/d: An object is required, not a list.", "/e: This field is required.",
                "/z: A text must not hold U+0000.", "/colour: Unknown field; did you mean 'color'?"}));
}

TEST(Fields, WithinAnObjectAreNamedByTheirPath) {
  const base::Document body = read(R"({"password": {"new": 1, "x": 2}})");
  Fields fields(body);
  Fields inner(*fields.object("password"), {"password"});
  EXPECT_EQ(inner.required_text("current"), std::nullopt);
  EXPECT_EQ(inner.required_text("new"), std::nullopt);
  fields.take(std::move(inner));
  EXPECT_EQ(faults_of(fields), (std::vector<std::string>{"/password/current: This field is required.",
                                                         "/password/new: A text is required, not an integer.",
                                                         "/password/x: Unknown field."}));
}

}  // namespace
}  // namespace portico::platform::json
