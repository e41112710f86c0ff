#include <gtest/gtest.h>

#include "app/describe/draft.hpp"
#include "app/describe/starter.hpp"
#include "model/load_yaml.hpp"

namespace portico::app {
namespace {

std::shared_ptr<const model::Api> loaded(const std::string& text) {
  const auto result = model::load_yaml(text);
  if (const auto* api = std::get_if<std::shared_ptr<const model::Api>>(&result)) return *api;
  for (const model::Mistake& mistake : std::get<model::Mistakes>(result)) {
    ADD_FAILURE() << model::format_mistake("draft", mistake) << '\n' << text;
  }
  return nullptr;
}

TEST(YamlText, OnlyPlainWordsGoWithoutQuotes) {
  EXPECT_EQ(yaml_text("order date"), "order date");
  EXPECT_EQ(yaml_text("it's"), "'it''s'");
  for (const char* text :
       {"none", "No", "y", "on", "NULL", "12", "1e3", "-a", "a: b", "a #b", "", "a,b", "[a", "a ", "ñ"}) {
    EXPECT_NE(yaml_text(text), text);
  }
  EXPECT_EQ(yaml_text("a\nb\x01\"\\"), "\"a\\nb\\x01\\\"\\\\\"");
}

TEST(WriteDraft, WhateverADatabaseCallsThingsIsReadBackAsThat) {
  const std::vector<std::string> nasty = {"it's", "a\nb", "none", "12", "a: b # c", "\"",  "\\",  "{x}",
                                          "[y]",  "ñ",    "\x01", "'",  "%",        "- z", "null"};
  ApiDraft draft{.heading = {"A heading\nof two lines"},
                 .vendor = "v",
                 .accounts = {},
                 .schema = "o'dd",
                 .resources = {},
                 .left_out = {}};
  ResourceDraft resource{.name = "r", .table = "the \"table\": #1", .schema = {}};
  for (std::size_t i = 0; i < nasty.size(); ++i) {
    FieldDraft field{.name = "f" + std::to_string(i), .column = nasty[i]};
    field.description = nasty[i];
    field.remarks = {nasty[i]};
    field.is_secret = false;
    resource.fields.push_back(field);
  }
  resource.fields.push_back({.name = "kind", .column = "kind", .type = "choice", .choices = nasty});
  FieldDraft secret{.name = "secret", .column = "a\nb"};
  secret.is_secret = true;
  secret.description = std::string(200, 'x');
  resource.fields.push_back(secret);
  draft.resources.push_back(resource);
  draft.left_out = {"gone\nfor: # good"};
  const auto api = loaded(write_draft(draft));
  ASSERT_NE(api, nullptr);
  EXPECT_EQ(api->database.schema, "o'dd");
  const model::Resource& read = *api->resources.front();
  EXPECT_EQ(read.table, resource.table);
  EXPECT_TRUE(read.is_keyless);
  ASSERT_EQ(read.fields.size(), nasty.size() + 1);
  for (std::size_t i = 0; i < nasty.size(); ++i) EXPECT_EQ(read.fields[i].column, nasty[i]);
  ASSERT_EQ(read.fields.back().choices.size(), nasty.size());
  for (std::size_t i = 0; i < nasty.size(); ++i) {
    EXPECT_EQ(std::get<std::string>(read.fields.back().choices[i]), nasty[i]);
  }
}

TEST(Starter, IsGood) {
  const auto api = loaded(starter_description("acme"));
  ASSERT_NE(api, nullptr);
  EXPECT_EQ(api->vendor, "acme");
  EXPECT_FALSE(api->database.existing);
}

}  // namespace
}  // namespace portico::app
