#include "app/describe/draft_names.hpp"

#include <gtest/gtest.h>

namespace portico::app {
namespace {

TEST(DraftNames, NamesOfColumnsBecomeNamesOfFields) {
  const std::vector<std::pair<std::string, std::string>> names = {{"CustomerID", "customer_id"},
                                                                  {"HTTPServer", "http_server"},
                                                                  {"DNase", "dnase"},
                                                                  {"Sepal.Length", "sepal_length"},
                                                                  {"Order Date", "order_date"},
                                                                  {"__weird__name__", "weird_name"},
                                                                  {"2015_sales", "n2015_sales"},
                                                                  {"Größe", "grosse"},
                                                                  {"日本", "column"},
                                                                  {"page", "page_value"},
                                                                  {"Q", "q_value"},
                                                                  {"me", "me"},
                                                                  {"iso3166Code", "iso3166_code"},
                                                                  {"", "column"}};
  for (const auto& [column, field] : names) EXPECT_EQ(api_name(column, NameUse::Field), field) << column;
}

TEST(DraftNames, ResourcesAreNotCalledLikeAVersionOrTheCallingAccount) {
  EXPECT_EQ(api_name("me", NameUse::Resource), "me_table");
  EXPECT_EQ(api_name("V2", NameUse::Resource), "v2_table");
  EXPECT_EQ(api_name("vat", NameUse::Resource), "vat");
  EXPECT_EQ(api_name("page", NameUse::Resource), "page");
}

TEST(DraftNames, LongNamesAreCutAndStillGood) {
  const std::string name = api_name(std::string(59, 'a') + "_bcd", NameUse::Field);
  EXPECT_EQ(name, std::string(59, 'a'));
}

TEST(DraftNames, VendorsReadAsNoModeAndNoVersion) {
  EXPECT_EQ(vendor_name("Chinook_Sqlite.sqlite"), "chinook-sqlite");
  EXPECT_EQ(vendor_name("sandbox.db"), "sandbox-api");
  EXPECT_EQ(vendor_name("v2"), "v2-api");
  EXPECT_EQ(vendor_name("2024"), "db2024");
  EXPECT_EQ(vendor_name("…"), "db");
}

TEST(DraftNames, OneOfSeveral) {
  const std::vector<std::pair<std::string, std::string>> names = {
      {"orders", "order"},  {"categories", "category"}, {"addresses", "address"}, {"boxes", "box"},
      {"status", "status"}, {"address", "address"},     {"analysis", "analysis"}, {"media", "media"}};
  for (const auto& [several, one] : names) EXPECT_EQ(singular_name(several), one);
}

TEST(DraftNames, SecretsAreToldFromOtherWords) {
  for (const char* name :
       {"password", "user_passwd", "PasswordHash", "api_key", "access_token", "tls_psk", "salt", "pwd"}) {
    EXPECT_TRUE(names_secret(name)) << name;
  }
  for (const char* name : {"name", "compass", "basalt", "ipsk", "key", "monkey"})
    EXPECT_FALSE(names_secret(name)) << name;
}

TEST(DraftNames, TakenNamesAreNumbered) {
  NameBook names;
  EXPECT_EQ(names.take("id"), "id");
  EXPECT_EQ(names.take("id"), "id_2");
  EXPECT_EQ(names.take("id"), "id_3");
  EXPECT_TRUE(names.has("id_2"));
  EXPECT_FALSE(names.has("id_4"));
}

}  // namespace
}  // namespace portico::app
