#include "render/stored_match.hpp"

#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "render/stored_json.hpp"
#include "support/view_of.hpp"

namespace portico::render {
namespace {

using model::FieldType;
using test::field;
using test::list;
using test::ViewOf;

ItemShape strings() {
  const ViewOf of({list("x", field("", FieldType::String))}, 1);
  return make_shape(of.view.nodes.front(), 1, contract::Format::Json);
}

/// What is written where `stored` is matched; nothing where it must be parsed.
std::optional<std::string> matched(std::string_view stored) {
  std::string out;
  Sink sink(out);
  const bool is_matched = write_matching_list(strings(), stored, sink);
  sink.finish();
  return is_matched ? std::optional(out) : std::nullopt;
}

std::string parsed(std::string_view stored) {
  std::string out;
  Sink sink(out);
  TreeWriter writer(contract::Format::Json, sink);
  write_stored_json(strings(), " " + std::string(stored), writer);  // what begins with white space is not matched
  sink.finish();
  return out;
}

TEST(StoredMatch, EscapesThatAreWrittenAsTheyAreStored) {
  for (const std::string stored : {R"(["27\" \\ \b\f\n\r\t"])", R"(["\""])", R"(["\\"])", R"(["\\\"","b"])",
                                   R"(["Øre\"sund\\"])", R"(["\\",""])"}) {
    EXPECT_EQ(matched(stored), stored);
    EXPECT_EQ(parsed(stored), stored);
  }
}

TEST(StoredMatch, OtherEscapesAreParsed) {
  for (const std::string stored : {R"(["\/"])", R"(["\u0041"])", R"(["a\"\u0041"])", R"(["\u0022\""])"}) {
    EXPECT_EQ(matched(stored), std::nullopt) << stored;
    EXPECT_NE(parsed(stored), "null") << stored;
  }
}

TEST(StoredMatch, WhatIsNoJsonIsNotMatched) {
  for (const std::string stored :
       {R"(["\)", R"(["\")", R"(["\"])", R"(["\x"])", R"(["\"a)", R"(["\\""])", "[\"\\\"\n\"]", "[\"\\\n\"]",
        "[\"\\\"\x01\"]", "[\"\\\"\xC3\"]", "[\"\xFF\\\"\"]"}) {
    EXPECT_EQ(matched(stored), std::nullopt) << stored;
    EXPECT_EQ(parsed(stored).find('\x01'), std::string::npos) << stored;
  }
}

TEST(StoredMatch, EscapesAroundTheEndsOfWhatIsCopiedAtOnce) {
  for (std::size_t before = Sink::short_text_bytes - 3; before < Sink::short_text_bytes + 4; ++before) {
    for (const std::size_t after :
         {std::size_t{0}, Sink::short_text_bytes - 1, 3 * Sink::short_text_bytes, Sink::room_bytes}) {
      const std::string stored = "[\"" + std::string(before, 'a') + "\\\"" + std::string(after, 'b') + "\\\\" +
                                 std::string(after, 'c') + "\"]";
      EXPECT_EQ(matched(stored), stored) << before << ' ' << after;
    }
  }
  std::string many = "[\"";
  for (std::size_t i = 0; i < Sink::room_bytes; ++i) many += i % 2 == 0 ? "\\\"" : "\\n";
  many += "\"]";
  EXPECT_EQ(matched(many), many);
}

}  // namespace
}  // namespace portico::render
