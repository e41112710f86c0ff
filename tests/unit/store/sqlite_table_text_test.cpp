#include "store/sqlite_table_text.hpp"

#include <string>

#include <gtest/gtest.h>

namespace {

using portico::store::ColumnType;
using portico::store::own_definition;
using portico::store::parse_table_text;
using portico::store::sqlite_definition;

TEST(SqliteTableText, IsTakenApartAndPutTogether) {
  auto text = parse_table_text(
      "CREATE TABLE \"a (b\" (\n  \"id\" TEXT NOT NULL, -- the key, (really)\n  [odd, name] INTEGER DEFAULT (1 + "
      "2),\n"
      "  'it''s' TEXT CHECK (\"it's\" <> ',)'), /* last, ( */ plain NUMERIC(10, 2),\n"
      "  UNIQUE (\"id\", plain), check (plain > 0)\n) STRICT, WITHOUT ROWID");
  ASSERT_TRUE(text);
  ASSERT_EQ(text->definitions.size(), 6U);
  EXPECT_EQ(text->definitions[0].name, "id");
  EXPECT_EQ(text->definitions[0].rest, "TEXT NOT NULL");
  EXPECT_EQ(text->definitions[1].name, "odd, name");
  EXPECT_EQ(text->definitions[1].rest, "INTEGER DEFAULT (1 + 2)");
  EXPECT_EQ(text->definitions[2].name, "it's");
  EXPECT_EQ(text->definitions[2].rest, "TEXT CHECK (\"it's\" <> ',)')");
  EXPECT_EQ(text->definitions[3].name, "plain");
  EXPECT_EQ(text->definitions[3].rest, "NUMERIC(10, 2)");
  EXPECT_EQ(text->definitions[4].name, "");
  EXPECT_EQ(text->definitions[4].rest, "UNIQUE (\"id\", plain)");
  EXPECT_EQ(text->definitions[5].name, "");
  EXPECT_EQ(text->options, "STRICT, WITHOUT ROWID");
  EXPECT_EQ(text->find("PLAIN"), &text->definitions[3]);
  EXPECT_EQ(text->find("none"), nullptr);
  EXPECT_EQ(text->create("new"),
            "CREATE TABLE \"new\" (\n  \"id\" TEXT NOT NULL,\n  \"odd, name\" INTEGER DEFAULT (1 + 2),\n"
            "  \"it's\" TEXT CHECK (\"it's\" <> ',)'),\n  \"plain\" NUMERIC(10, 2),\n  UNIQUE (\"id\", plain),\n"
            "  check (plain > 0)\n) STRICT, WITHOUT ROWID");
}

TEST(SqliteTableText, WhatHasNoColumnsIsNone) {
  EXPECT_FALSE(parse_table_text(""));
  EXPECT_FALSE(parse_table_text("CREATE VIRTUAL TABLE t USING something"));
  EXPECT_FALSE(parse_table_text("CREATE TABLE t (a TEXT"));
}

TEST(SqliteTableText, KnowsWhatAMigrationWrote) {
  for (const auto type :
       {ColumnType::Text, ColumnType::Integer, ColumnType::Boolean, ColumnType::Timestamp, ColumnType::Json}) {
    for (const bool nullable : {false, true}) {
      for (const std::string behind : {"", " DEFAULT 'x'"}) {
        const std::string rest = sqlite_definition({.name = "a\"b", .type = type, .nullable = nullable}) + behind;
        const auto own = own_definition({.name = "a\"b", .rest = rest});
        ASSERT_TRUE(own) << rest;
        EXPECT_EQ(own->type, type) << rest;
        EXPECT_EQ(own->nullable, nullable) << rest;
        EXPECT_EQ(own->default_clause, behind);
      }
    }
  }
  EXPECT_FALSE(own_definition({.name = "a", .rest = "TEXT REFERENCES b (c)"}));
  EXPECT_FALSE(own_definition({.name = "a", .rest = "TEXT NOT NULL COLLATE NOCASE"}));
  EXPECT_FALSE(own_definition({.name = "a", .rest = "VARCHAR(10)"}));
}

}  // namespace
