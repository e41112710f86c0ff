#include "store/schema.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "model/load_yaml.hpp"

namespace {

using portico::model::Api;
using portico::store::Schema;
using portico::store::SchemaObject;
using portico::store::sqlite_schema;

Schema schema_of(const std::string& orders) {
  const std::string text =
      "vendor: acme\nversions: [1, 2]\napis:\n  partner: {base: /, dialect: media-type}\n"
      "accounts: shops\nresources:\n" +
      orders +
      "  shops:\n"
      "    operations: [list, retrieve]\n"
      "    ordering: {default: [name]}\n"
      "    fields:\n"
      "      id: {type: id}\n"
      "      name: {type: string, required: true}\n"
      "      code: {type: string, required: true, unique: true}\n";
  auto loaded = portico::model::load_yaml(text);
  if (const auto* mistakes = std::get_if<portico::model::Mistakes>(&loaded)) {
    for (const auto& mistake : *mistakes) ADD_FAILURE() << portico::model::format_mistake("test", mistake);
    return {};
  }
  return sqlite_schema(*std::get<std::shared_ptr<const Api>>(loaded));
}

std::string orders_with(const std::string& fields, const std::string& rest = "") {
  return "  orders:\n    owner: shop\n    operations: [list, retrieve]\n" + rest +
         "    fields:\n      id: {type: id}\n" + fields;
}

bool has(const std::vector<SchemaObject>& objects, const std::string& sql) {
  return std::any_of(objects.begin(), objects.end(), [&](const SchemaObject& object) { return object.sql == sql; });
}

TEST(Schema, ColumnsStandInLeafOrderAndTheOwnerLast) {
  const auto schema =
      schema_of(orders_with("      total: {type: money, required: true}\n"
                            "      paid: {type: boolean}\n"
                            "      kind: {type: choice, of: [0, 1], \"null\": true}\n"
                            "      day: {type: date, \"null\": true}\n"
                            "      lines: {type: list, of: {type: string}}\n"
                            "      address: {type: object, \"null\": true, fields: {street: {type: string}}}\n"));
  ASSERT_EQ(schema.tables.size(), 2U);
  EXPECT_EQ(schema.tables[0].name, "orders");
  EXPECT_EQ(schema.tables[0].sql,
            "CREATE TABLE IF NOT EXISTS \"orders\" (\n"
            "  \"id\" TEXT NOT NULL,\n"
            "  \"total\" INTEGER NOT NULL,\n"
            "  \"paid\" INTEGER NOT NULL CHECK (\"paid\" IN (0, 1)),\n"
            "  \"kind\" INTEGER,\n"
            "  \"day\" TEXT,\n"
            "  \"lines\" TEXT NOT NULL CHECK (json_valid(\"lines\")),\n"
            "  \"address__street\" TEXT,\n"
            "  \"shop\" TEXT NOT NULL\n"
            ") STRICT");
}

TEST(Schema, TheAccountsAreTheirOwnOwners) {
  const auto schema = schema_of(orders_with(""));
  EXPECT_EQ(schema.tables[1].sql,
            "CREATE TABLE IF NOT EXISTS \"shops\" (\n"
            "  \"id\" TEXT NOT NULL,\n"
            "  \"name\" TEXT NOT NULL,\n"
            "  \"code\" TEXT NOT NULL\n"
            ") STRICT");
  EXPECT_TRUE(has(schema.indexes, R"(CREATE UNIQUE INDEX IF NOT EXISTS "shops_key" ON "shops" ("id"))"));
  EXPECT_TRUE(has(schema.indexes, R"(CREATE UNIQUE INDEX IF NOT EXISTS "shops_code_unique" ON "shops" ("code"))"));
  EXPECT_TRUE(has(schema.indexes, R"(CREATE INDEX IF NOT EXISTS "shops_by_name" ON "shops" ("name", "id"))"));
}

TEST(Schema, EachOrderingAndEachIndexIsPerOwnerAndTotal) {
  const auto schema =
      schema_of(orders_with("      created: {type: timestamp}\n"
                            "      total: {type: money, index: true}\n"
                            "      mail: {type: string, index: true}\n",
                            "    ordering: {default: [-created], allowed: [total, created]}\n"));
  const std::vector<std::string> expected = {
      R"(CREATE UNIQUE INDEX IF NOT EXISTS "orders_key" ON "orders" ("id"))",
      R"(CREATE INDEX IF NOT EXISTS "orders_by_created" ON "orders" ("shop", "created", "id"))",
      R"(CREATE INDEX IF NOT EXISTS "orders_by_total" ON "orders" ("shop", "total", "id"))",
      R"(CREATE INDEX IF NOT EXISTS "orders_by_mail" ON "orders" ("shop", "mail", "id"))"};
  std::vector<std::string> found;
  for (std::size_t index = 0; index < 4; ++index) found.push_back(schema.indexes.at(index).sql);
  EXPECT_EQ(found, expected);  // total is asked for twice, and stands once
}

TEST(Schema, AUniqueFieldNeedsNoOtherIndexUnlessItMayBeNull) {
  const auto schema =
      schema_of(orders_with("      mid: {type: string, unique: true, index: true}\n"
                            "      tag: {type: string, \"null\": true, unique: true, index: true}\n"));
  EXPECT_TRUE(
      has(schema.indexes, R"(CREATE UNIQUE INDEX IF NOT EXISTS "orders_mid_unique" ON "orders" ("shop", "mid"))"));
  EXPECT_FALSE(has(schema.indexes, R"(CREATE INDEX IF NOT EXISTS "orders_by_mid" ON "orders" ("shop", "mid"))"));
  // Among the rows without a tag, of which there may be many, the key must order.
  EXPECT_TRUE(has(schema.indexes, R"(CREATE INDEX IF NOT EXISTS "orders_by_tag" ON "orders" ("shop", "tag", "id"))"));
}

TEST(Schema, ADefaultOrderOfSeveralTermsHasOneIndexWithItsDirections) {
  const auto schema = schema_of(
      orders_with("      a: {type: integer}\n      b: {type: integer}\n", "    ordering: {default: [-a, b]}\n"));
  EXPECT_TRUE(
      has(schema.indexes, R"(CREATE INDEX IF NOT EXISTS "orders_by_a_b" ON "orders" ("shop", "a", "b" DESC, "id"))"));
}

TEST(Schema, IndexNamesAreShortAndDifferEvenWhereColumnsBeginAlike) {
  const std::string stem(60, 'x');
  const auto schema = schema_of(orders_with("      " + stem + "a: {type: integer, index: true}\n      " + stem +
                                            "b: {type: integer, index: true}\n"));
  std::set<std::string> names;
  for (const auto& index : schema.indexes) {
    const std::string& name = index.name;
    EXPECT_NE(index.sql.find('"' + name + '"'), std::string::npos) << index.sql;
    EXPECT_LE(name.size(), 60U) << name;
    EXPECT_TRUE(names.insert(name).second) << name;
  }
  EXPECT_EQ(names.size(), schema.indexes.size());
}

}  // namespace
