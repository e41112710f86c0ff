#include "store/schema.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "model/load_yaml.hpp"
#include "store/postgres_schema.hpp"
#include "store/sqlite_schema.hpp"

namespace {

using portico::model::Api;
using portico::plan::SqlFlavor;
using portico::store::ColumnType;
using portico::store::PostgresSchemaWriter;
using portico::store::Schema;
using portico::store::wanted_schema;
using portico::store::WantedColumn;

/// The statements of SQLite.
struct Statements {
  std::vector<std::string> tables;
  std::vector<std::string> indexes;
};

std::shared_ptr<const Api> api_of(const std::string& orders) {
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
    throw std::runtime_error("the description does not load");
  }
  return std::get<std::shared_ptr<const Api>>(loaded);
}

Statements schema_of(const std::string& orders) {
  Statements statements;
  const Schema schema = wanted_schema(*api_of(orders), SqlFlavor::Sqlite);
  for (const auto& table : schema.tables) statements.tables.push_back(portico::store::sqlite_table_sql(table));
  for (const auto& index : schema.indexes) statements.indexes.push_back(portico::store::sqlite_index_sql(index));
  return statements;
}

Statements postgres_schema_of(const std::string& orders) {
  Statements statements;
  const Schema schema = wanted_schema(*api_of(orders), SqlFlavor::Postgres);
  for (const auto& table : schema.tables) {
    statements.tables.push_back(PostgresSchemaWriter(table.schema).create_table(table));
  }
  for (const auto& index : schema.indexes) {
    statements.indexes.push_back(PostgresSchemaWriter(index.schema).create_index(index));
  }
  return statements;
}

std::string orders_with(const std::string& fields, const std::string& rest = "") {
  return "  orders:\n    owner: shop\n    operations: [list, retrieve]\n" + rest +
         "    fields:\n      id: {type: id}\n" + fields;
}

bool has(const std::vector<std::string>& statements, const std::string& sql) {
  return std::find(statements.begin(), statements.end(), sql) != statements.end();
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
  EXPECT_EQ(schema.tables[0],
            "CREATE TABLE \"orders\" (\n"
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
  EXPECT_EQ(schema.tables[1],
            "CREATE TABLE \"shops\" (\n"
            "  \"id\" TEXT NOT NULL,\n"
            "  \"name\" TEXT NOT NULL,\n"
            "  \"code\" TEXT NOT NULL\n"
            ") STRICT");
  EXPECT_TRUE(has(schema.indexes, R"(CREATE UNIQUE INDEX "shops_key" ON "shops" ("id"))"));
  EXPECT_TRUE(has(schema.indexes, R"(CREATE UNIQUE INDEX "shops_code_unique" ON "shops" ("code"))"));
  EXPECT_TRUE(has(schema.indexes, R"(CREATE INDEX "shops_by_name" ON "shops" ("name", "id"))"));
}

TEST(Schema, EachOrderingAndEachIndexIsPerOwnerAndTotal) {
  const auto schema =
      schema_of(orders_with("      created: {type: timestamp}\n"
                            "      total: {type: money, index: true}\n"
                            "      mail: {type: string, index: true}\n",
                            "    ordering: {default: [-created], allowed: [total, created]}\n"));
  const std::vector<std::string> expected = {
      R"(CREATE UNIQUE INDEX "orders_key" ON "orders" ("id"))",
      R"(CREATE INDEX "orders_by_created" ON "orders" ("shop", "created", "id"))",
      R"(CREATE INDEX "orders_by_total" ON "orders" ("shop", "total", "id"))",
      R"(CREATE INDEX "orders_by_mail" ON "orders" ("shop", "mail", "id"))"};
  std::vector<std::string> found;
  for (std::size_t index = 0; index < 4; ++index) found.push_back(schema.indexes.at(index));
  EXPECT_EQ(found, expected);  // total is asked for twice, and stands once
}

TEST(Schema, AUniqueFieldNeedsNoOtherIndexUnlessItMayBeNull) {
  const auto schema =
      schema_of(orders_with("      mid: {type: string, unique: true, index: true}\n"
                            "      tag: {type: string, \"null\": true, unique: true, index: true}\n"));
  EXPECT_TRUE(has(schema.indexes, R"(CREATE UNIQUE INDEX "orders_mid_unique" ON "orders" ("shop", "mid"))"));
  EXPECT_FALSE(has(schema.indexes, R"(CREATE INDEX "orders_by_mid" ON "orders" ("shop", "mid"))"));
  // Among the rows without a tag, of which there may be many, the key must order.
  EXPECT_TRUE(has(schema.indexes, R"(CREATE INDEX "orders_by_tag" ON "orders" ("shop", "tag", "id"))"));
}

TEST(Schema, ADefaultOrderOfSeveralTermsHasOneIndexWithItsDirections) {
  const auto schema = schema_of(
      orders_with("      a: {type: integer}\n      b: {type: integer}\n", "    ordering: {default: [-a, b]}\n"));
  EXPECT_TRUE(has(schema.indexes, R"(CREATE INDEX "orders_by_a_b" ON "orders" ("shop", "a", "b" DESC, "id"))"));
}

TEST(Schema, IndexNamesAreShortAndDifferEvenWhereColumnsBeginAlike) {
  const std::string stem(60, 'x');
  const auto api = api_of(orders_with("      " + stem + "a: {type: integer, index: true}\n      " + stem +
                                      "b: {type: integer, index: true}\n"));
  const Schema schema = wanted_schema(*api, SqlFlavor::Sqlite);
  std::set<std::string> names;
  for (const auto& index : schema.indexes) {
    EXPECT_LE(index.name.size(), 60U) << index.name;
    EXPECT_TRUE(names.insert(index.name).second) << index.name;
  }
  EXPECT_EQ(names.size(), schema.indexes.size());
}

TEST(Schema, OnPostgresEveryTypeIsItsOwnAndTextIsOrderedByBytes) {
  const auto schema =
      postgres_schema_of(orders_with("      total: {type: money, required: true}\n"
                                     "      paid: {type: boolean}\n"
                                     "      kind: {type: choice, of: [0, 1], \"null\": true}\n"
                                     "      when: {type: timestamp}\n"
                                     "      day: {type: date, \"null\": true}\n"
                                     "      lines: {type: list, of: {type: string}}\n"));
  ASSERT_EQ(schema.tables.size(), 2U);
  EXPECT_EQ(schema.tables[0],
            "CREATE TABLE \"portico\".\"orders\" (\n"
            "  \"id\" text COLLATE \"C\" NOT NULL,\n"
            "  \"total\" bigint NOT NULL,\n"
            "  \"paid\" boolean NOT NULL,\n"
            "  \"kind\" bigint,\n"
            "  \"when\" timestamp with time zone NOT NULL,\n"
            "  \"day\" date,\n"
            "  \"lines\" json NOT NULL,\n"
            "  \"shop\" text COLLATE \"C\" NOT NULL\n"
            ")");
}

TEST(Schema, OnPostgresTheKeyIsAPrimaryKeyAndIndexesAreTheSame) {
  const auto schema = postgres_schema_of(orders_with(
      "      mid: {type: string, unique: true}\n      a: {type: integer}\n", "    ordering: {default: [-a, id]}\n"));
  EXPECT_TRUE(
      has(schema.indexes, R"(ALTER TABLE "portico"."orders" ADD CONSTRAINT "orders_key" PRIMARY KEY ("id"))"));
  EXPECT_TRUE(
      has(schema.indexes, R"(CREATE UNIQUE INDEX "orders_mid_unique" ON "portico"."orders" ("shop", "mid"))"));
  EXPECT_TRUE(has(schema.indexes, R"(CREATE INDEX "orders_owner" ON "portico"."orders" ("shop"))"));  // for counts
  EXPECT_TRUE(has(schema.indexes, R"(CREATE INDEX "orders_by_a_id" ON "portico"."orders" ("shop", "a", "id" DESC))"));
}

TEST(Schema, ACompositeKeyIsOneAndEndsEveryOrder) {
  const auto schema = schema_of(
      "  orders:\n    owner: shop\n    operations: [list, retrieve]\n    key: [day, number]\n"
      "    ordering: {allowed: [total]}\n    fields:\n      day: {type: string}\n      number: {type: integer}\n"
      "      total: {type: money}\n");
  EXPECT_TRUE(has(schema.indexes, R"(CREATE UNIQUE INDEX "orders_key" ON "orders" ("day", "number"))"));
  EXPECT_TRUE(
      has(schema.indexes, R"(CREATE INDEX "orders_by_total" ON "orders" ("shop", "total", "day", "number"))"));
}

TEST(Schema, WhatEverybodySeesHasIndexesWithoutAnOwner) {
  const auto schema = schema_of(
      "  orders:\n    owner: none\n    operations: [list]\n    ordering: {allowed: [total]}\n    fields:\n"
      "      id: {type: id}\n      total: {type: money}\n");
  EXPECT_TRUE(has(schema.indexes, R"(CREATE INDEX "orders_by_total" ON "orders" ("total", "id"))"));
}

TEST(Schema, AReferenceHasAColumnOfTheTypeOfTheKeyItHolds) {
  const auto api =
      api_of(orders_with("      item: {type: reference, to: items, column: item_number, \"null\": true}\n") +
             "  items:\n    owner: shop\n    operations: [list]\n    key: number\n    fields:\n"
             "      number: {type: integer}\n      name: {type: string}\n");
  const Schema schema = wanted_schema(*api, SqlFlavor::Postgres);
  const auto& columns = schema.tables.at(0).columns;
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [](const WantedColumn& column) { return column.name == "item_number"; });
  ASSERT_NE(found, columns.end());
  EXPECT_EQ(found->type, ColumnType::Integer);
  EXPECT_TRUE(found->nullable);
  // What it shows are the other table's columns.
  EXPECT_EQ(columns.size(), 3U);
}

// A row is written through one resource and read through the other.
constexpr const char* two_over_one_table =
    "  orders:\n    owner: shop\n    operations: [list, retrieve]\n    ordering: {default: [-created]}\n"
    "    fields:\n      id: {type: id}\n      mid: {unique: true, index: true}\n      created: {type: timestamp}\n"
    "      note: {\"null\": yes}\n"
    "  checkout:\n    table: orders\n    owner: shop\n    operations: [create]\n"
    "    ordering: {default: [-created]}\n"
    "    fields:\n      id: {type: id}\n"
    "      order: {type: object, fields: {id: {column: mid, index: true}, extra: {\"null\": yes}}}\n"
    "      created: {type: timestamp, hidden: yes, default: now()}\n";

TEST(Schema, ResourcesOverOneTableMakeOneTableWithTheColumnsOfAll) {
  const Statements statements = schema_of(two_over_one_table);
  const auto is_orders = [](const std::string& sql) { return sql.find("TABLE \"orders\"") != std::string::npos; };
  EXPECT_EQ(std::count_if(statements.tables.begin(), statements.tables.end(), is_orders), 1);
  EXPECT_EQ(statements.tables.front(), R"(CREATE TABLE "orders" (
  "id" TEXT NOT NULL,
  "mid" TEXT NOT NULL,
  "created" INTEGER CONSTRAINT timestamp NOT NULL,
  "note" TEXT,
  "shop" TEXT NOT NULL,
  "order__extra" TEXT
) STRICT)");
}

TEST(Schema, ResourcesOverOneTableHaveEachIndexOnce) {
  for (const auto& statements : {schema_of(two_over_one_table), postgres_schema_of(two_over_one_table)}) {
    std::set<std::string> columns;
    for (const std::string& index : statements.indexes) {
      // Of all but its name: what it is on. A primary key is one of its own.
      const std::size_t on = index.find(" ON ");
      EXPECT_TRUE(columns.insert(on == std::string::npos ? index : index.substr(on)).second) << index;
    }
  }
}

TEST(Schema, WhatRefersToOtherRowsIsFoundByThem) {
  const std::string captures =
      "  captures:\n    path: /orders/{order}/captures\n    owner: shop\n    operations: [list, create]\n"
      "    ordering: {default: [-created]}\n    fields:\n      id: {type: id}\n"
      "      order: {type: id, refers: orders, hidden: yes}\n      created: {type: timestamp}\n";
  const Statements statements = schema_of(orders_with("", "") + captures);
  EXPECT_TRUE(has(statements.indexes, R"(CREATE INDEX "captures_by_order" ON "captures" ("shop", "order", "id"))"));
  EXPECT_TRUE(has(statements.indexes,
                  R"(CREATE INDEX "captures_by_order_created" ON "captures" ("shop", "order", "created", "id"))"));
}

TEST(Schema, WhereClientsChangeAnythingTheirAnswersAreKept) {
  const std::string creating =
      "  orders:\n    owner: shop\n    operations: [list, create]\n    fields:\n      id: {type: id}\n";
  const Statements sqlite = schema_of(creating);
  EXPECT_TRUE(has(sqlite.tables,
                  "CREATE TABLE \"portico_answers\" (\n"
                  "  \"account\" TEXT NOT NULL,\n"
                  "  \"key\" TEXT NOT NULL,\n"
                  "  \"fingerprint\" TEXT NOT NULL,\n"
                  "  \"status\" INTEGER NOT NULL,\n"
                  "  \"head\" TEXT NOT NULL,\n"
                  "  \"body\" TEXT NOT NULL,\n"
                  "  \"created\" INTEGER CONSTRAINT timestamp NOT NULL\n"
                  ") STRICT"));
  EXPECT_TRUE(
      has(sqlite.indexes, R"(CREATE UNIQUE INDEX "portico_answers_key" ON "portico_answers" ("account", "key"))"));
  EXPECT_TRUE(has(sqlite.indexes, R"(CREATE INDEX "portico_answers_by_created" ON "portico_answers" ("created"))"));
  const Statements postgres = postgres_schema_of(creating);
  EXPECT_EQ(postgres.tables.back().rfind("CREATE TABLE \"portico\".\"portico_answers\"", 0), 0U)
      << postgres.tables.back();
  EXPECT_NE(postgres.tables.back().find("\"created\" timestamp with time zone NOT NULL"), std::string::npos)
      << postgres.tables.back();
  for (const std::string& table : schema_of(orders_with("")).tables) {
    EXPECT_EQ(table.find("portico_answers"), std::string::npos) << "nobody changes anything";
  }
}

TEST(Schema, WhereWebhooksAreToldThereIsAnOutbox) {
  const std::string creating =
      "  orders:\n    owner: shop\n    operations: [list, create]\n    fields:\n      id: {type: id}\n"
      "      to: {type: url, \"null\": true}\n";
  const std::string telling = creating + "    webhooks: {made: {on: [create], to: to, body: {id: id}}}\n";
  const Statements sqlite = schema_of(telling);
  const auto is_outbox = [](const std::string& table) { return table.find("portico_outbox") != std::string::npos; };
  ASSERT_TRUE(std::any_of(sqlite.tables.begin(), sqlite.tables.end(), is_outbox));
  EXPECT_TRUE(has(sqlite.indexes, R"(CREATE UNIQUE INDEX "portico_outbox_key" ON "portico_outbox" ("id"))"));
  EXPECT_TRUE(has(sqlite.indexes,
                  R"(CREATE INDEX "portico_outbox_by_next_try" ON "portico_outbox" ("state", "next_try", "id"))"));
  EXPECT_TRUE(
      has(sqlite.indexes, R"(CREATE INDEX "portico_outbox_by_changed" ON "portico_outbox" ("state", "changed"))"));
  const Statements postgres = postgres_schema_of(telling);
  EXPECT_NE(postgres.tables.back().find("\"next_try\" timestamp with time zone NOT NULL"), std::string::npos)
      << postgres.tables.back();
  const Statements silent = schema_of(creating);
  EXPECT_TRUE(std::none_of(silent.tables.begin(), silent.tables.end(), is_outbox));
}

}  // namespace
