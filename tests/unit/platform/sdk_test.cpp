#include "platform/sdk.hpp"

#include <gtest/gtest.h>

namespace portico::platform {
namespace {

using std::string_view_literals::operator""sv;

RunWords words() {
  return {.token = "portico_run_x",
          .expires = 1'700'000'600'000'000,
          .now = 1'700'000'000'000'999,
          .run = "r",
          .console = "http://localhost:8080",
          .api = "http://localhost:8080/api",
          .user_id = "u",
          .user_name = "Ana",
          .account_id = "a",
          .account_name = "Shop",
          .locale = "es",
          .extension = "orders-by-week",
          .version = "1.2",
          .status = "production"};
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string_view::npos; at += part.size()) ++found;
  return found;
}

TEST(Sdk, TellsThePageOfItsRun) {
  const std::string script = first_script(words(), "abc");
  EXPECT_TRUE(script.starts_with("<script nonce=\"abc\">"));
  EXPECT_TRUE(script.ends_with(
      R"(({"token":"portico_run_x","run":"r","console":"http://localhost:8080","api":"http://localhost:8080/api",)"
      R"("expires":1700000600000,"now":1700000000000,"context":{"user":{"id":"u","name":"Ana"},)"
      R"("account":{"id":"a","name":"Shop"},"locale":"es","extension":"orders-by-week","version":"1.2",)"
      R"("status":"production","api":"http://localhost:8080/api"}});</script>)"));
}

/// The script's own text holds nothing that a parser takes for markup, and so do strangers' words.
TEST(Sdk, NoWordEndsTheScript) {
  RunWords hostile = words();
  hostile.user_name = "</script><script>alert(1)</script><!--<script>";
  hostile.account_name = "\"}});alert(1);//\\";
  hostile.locale = "\xE2\x80\xA8\xE2\x80\xA9\n\r\0&amp;"sv;
  const std::string script = first_script(hostile, "abc");
  EXPECT_EQ(count(script, "</script"), 1U);
  EXPECT_EQ(count(script, "<script"), 1U);
  EXPECT_EQ(count(script, "<!--"), 0U);
  EXPECT_EQ(count(script, "\xE2\x80\xA8"), 0U);
  EXPECT_NE(script.find(R"("locale":"\u2028\u2029\u000a\u000d\u0000\u0026amp;")"), std::string::npos);
  EXPECT_NE(script.find(R"("name":"\u0022}});alert(1);//\u005c")"), std::string::npos);
}

TEST(Sdk, TextsAreEscapedForAScript) {
  const auto escaped = [](std::string_view text) {
    std::string out;
    append_script_text(out, text);
    return out;
  };
  EXPECT_EQ(escaped("Peña"), "\"Peña\"");
  EXPECT_EQ(escaped("'\"\\<>&\x7F"), R"("\u0027\u0022\u005c\u003c\u003e\u0026\u007f")");
  EXPECT_EQ(escaped("\xE2\x80\xAA\xE2\x80"), "\"\xE2\x80\xAA\xE2\x80\"");
}

}  // namespace
}  // namespace portico::platform
