#include "store/index_advice.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "migrating.hpp"

// What is proposed is pasted: the database must take it.

namespace portico::store {
namespace {

constexpr const char* head =
    "vendor: acme\nversions: [1]\napis: {partner: {base: /, dialect: media-type}}\naccounts: none\n"
    "database: {existing: true, schema: public}\nresources:\n";

/// A resource, and the fields that it is sorted by; each has every filter that it can have.
std::string resource(const std::string& name, const std::string& fields, const std::string& ordering,
                     const std::string& rest = "") {
  return "  " + name + ":\n    owner: none\n    operations: [list]\n" + rest +
         "    ordering: {default: [id], allowed: [" + ordering + "]}\n    fields:\n      id: {type: integer}\n" +
         fields;
}

/// By resource and field, why nothing is proposed; empty where something is.
std::map<std::string, std::string> obstacles_of(const std::vector<MissingIndex>& missing) {
  std::map<std::string, std::string> obstacles;
  for (const MissingIndex& each : missing) {
    EXPECT_EQ(each.sql.empty(), !each.obstacle.empty()) << each.leaf->path;
    obstacles[each.resource->name + "." + each.leaf->path] = each.obstacle;
  }
  return obstacles;
}

class IndexAdvicePostgresTest : public PostgresMigrating {
 protected:
  std::map<std::string, std::string> paste(const std::string& resources) {
    const auto api = support::loaded_api(head + resources);
    const Catalog catalog = introspect_postgres({.address = address(), .schemas = {"public"}});
    const auto missing = missing_indexes(*api, catalog, plan::SqlFlavor::Postgres);
    for (const MissingIndex& each : missing) {
      for (const std::string& sql : each.sql) EXPECT_NO_THROW(run(sql)) << sql;
    }
    return obstacles_of(missing);
  }
};

TEST_F(IndexAdvicePostgresTest, EveryTypeOfColumnTakesWhatIsProposedForIt) {
  run("CREATE EXTENSION citext; CREATE TYPE mood AS ENUM ('ok', 'sad'); CREATE DOMAIN felt AS mood; CREATE DOMAIN "
      "code "
      "AS varchar(9); CREATE TABLE things (id bigint PRIMARY KEY, plain text, short varchar(9) COLLATE \"en-x-icu\", "
      "fixed char(4), folded citext, tag uuid, place inet, given name, named code, mood mood, felt felt, span "
      "interval, "
      "tags text[], whole numeric(9, 0), price numeric(9, 2), flag boolean, bit smallint, at timestamptz, local "
      "timestamp, day date, local_day timestamp, zoned_day timestamptz, since bigint, about double precision)");
  const std::string texts = ", \"null\": true, filter: [string]}\n";
  const std::string times = ", \"null\": true, filter: [date, range]}\n";
  std::string fields = "      plain: {type: string" + texts + "      short: {type: string" + texts;
  std::string ordering = "plain, short";
  for (const std::string name :
       {"fixed", "folded", "tag", "place", "given", "named", "mood", "felt", "span", "tags"}) {
    fields += "      " + name + ": {type: string, stored: text" + texts;
    ordering += ", " + name;
  }
  fields +=
      "      whole: {type: integer, stored: decimal, \"null\": true, filter: [range]}\n"
      "      price: {type: money, stored: decimal, \"null\": true, filter: [range]}\n"
      "      flag: {type: boolean, \"null\": true, filter: [exact]}\n"
      "      bit: {type: boolean, stored: integer, \"null\": true, filter: [exact]}\n"
      "      at: {type: timestamp" +
      times + "      local: {type: timestamp, stored: timestamp" + times + "      day: {type: date" + times +
      "      local_day: {type: date, stored: timestamp" + times + "      zoned_day: {type: date, stored: timestamp" +
      times + "      since: {type: timestamp, stored: seconds" + times +
      "      about: {type: timestamp, stored: seconds" + times;
  ordering += ", whole, price, flag, bit, at, local, day, local_day, zoned_day, since, about";
  const auto obstacles = paste(resource("things", fields, ordering));
  EXPECT_EQ(obstacles.size(), 23U);
  for (const auto& [field, obstacle] : obstacles) {
    const std::string name = field.substr(7);
    std::string expected;
    const auto refused = [&](const std::string& what, const std::string& type) {
      expected = "PostgreSQL makes no index of what is not immutable, as the " + what + " of " + type;
    };
    if (name == "mood" || name == "felt") refused("text", name);
    if (name == "span") refused("text", "interval");
    if (name == "tags") refused("text", "text[]");
    if (name == "zoned_day") refused("day", "timestamp with time zone");
    EXPECT_EQ(obstacle, expected) << name;
  }
}

TEST_F(IndexAdvicePostgresTest, WhatIsNoTableTakesNone) {
  run("CREATE TABLE kept (id bigint, name text); CREATE VIEW seen AS SELECT * FROM kept; CREATE MATERIALIZED VIEW "
      "made AS "
      "SELECT * FROM kept; CREATE TABLE parted (id bigint, name text) PARTITION BY LIST (id); CREATE TABLE parted_1 "
      "PARTITION OF parted FOR VALUES IN (1); CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER "
      "file_fdw; CREATE FOREIGN TABLE far (id bigint, name text) SERVER files OPTIONS (filename '/dev/null')");
  std::string resources;
  for (const char* table : {"kept", "seen", "made", "parted", "far"}) {
    resources += resource(table, "      name: {type: string, \"null\": true, filter: [exact]}\n", "name");
  }
  const auto obstacles = paste(resources);
  EXPECT_EQ(obstacles.at("seen.name"), "seen is a view");
  EXPECT_EQ(obstacles.at("far.name"), "far is a foreign table");
  for (const char* table : {"kept", "made", "parted"}) EXPECT_EQ(obstacles.at(std::string(table) + ".name"), "");
}

TEST_F(IndexAdvicePostgresTest, AnObstacleInTheOtherTableOrInTheKeyIsSeen) {
  run("CREATE TYPE mood AS ENUM ('ok'); CREATE TABLE makers (id bigint PRIMARY KEY, name text, mood mood); CREATE "
      "VIEW "
      "shown AS SELECT * FROM makers; CREATE TABLE things (id bigint, maker bigint, kind mood, size bigint)");
  const auto maker = [](const std::string& name) {
    return resource(name,
                    "      name: {type: string, \"null\": true, filter: [exact]}\n"
                    "      mood: {type: string, stored: text, \"null\": true, filter: [exact]}\n",
                    "id");
  };
  const auto obstacles =
      paste(maker("makers") + maker("shown") +
            "  things:\n    owner: none\n    key: [kind, id]\n    operations: [list]\n    ordering: {allowed: "
            "[size]}\n    fields:\n"
            "      id: {type: integer}\n      kind: {type: string, stored: text}\n      size: {type: integer}\n"
            "      maker: {type: reference, to: makers, column: maker}\n"
            "      seen: {type: reference, to: shown, column: maker}\n");
  EXPECT_EQ(obstacles.at("things.size"), "");
  EXPECT_EQ(obstacles.at("things.maker-name"), "");
  EXPECT_NE(obstacles.at("things.maker-mood"), "");
  EXPECT_EQ(obstacles.at("things.seen-name"), "shown is a view");
}

TEST_F(IndexAdvicePostgresTest, RowsThatReferHereAreReadFromAViewWithoutAnIndex) {
  run("CREATE TABLE makers (id bigint PRIMARY KEY); CREATE TABLE kept (id bigint PRIMARY KEY, maker bigint); CREATE "
      "VIEW "
      "pieces AS SELECT * FROM kept");
  const auto obstacles = paste(
      "  makers:\n    owner: none\n    operations: [list]\n    fields:\n      id: {type: integer}\n"
      "      pieces: {type: rows, of: pieces, by: maker, show: [id]}\n"
      "      kept: {type: rows, of: kept, by: maker, show: [id]}\n" +
      resource("pieces", "      maker: {type: integer, refers: makers}\n", "id") +
      resource("kept", "      maker: {type: integer, refers: makers}\n", "id"));
  EXPECT_EQ(obstacles.at("makers.pieces"), "pieces is a view");
  EXPECT_EQ(obstacles.at("makers.kept"), "");
}

class IndexAdviceTest : public SqliteMigrating {
 protected:
  std::map<std::string, std::string> paste(const std::string& script, const std::string& resources) const {
    SqliteConnection(file(), {.mode = OpenMode::Create}).execute(script);
    const auto api = support::loaded_api(head + resources);
    const auto missing = missing_indexes(*api, introspect_sqlite(file()), plan::SqlFlavor::Sqlite);
    for (const MissingIndex& each : missing) {
      for (const std::string& sql : each.sql) EXPECT_NO_THROW(run(sql)) << sql;
    }
    return obstacles_of(missing);
  }
};

TEST_F(IndexAdviceTest, EveryTypeOfColumnTakesWhatIsProposedForIt) {
  const std::string times = ", \"null\": true, filter: [date, range]}\n";
  const auto obstacles = paste(
      "CREATE TABLE things (id INTEGER PRIMARY KEY, plain TEXT COLLATE NOCASE, own, whole DECIMAL, price DECIMAL(9, "
      "2), "
      "flag INTEGER, bit REAL, at INTEGER, local TEXT, sorted TEXT, day TEXT, local_day TEXT, since REAL, twice AS "
      "(whole "
      "* 2)); CREATE INDEX by_sorted ON things (sorted)",
      resource("things",
               "      plain: {type: string, \"null\": true, filter: [string]}\n"
               "      own: {type: string, stored: text, \"null\": true, filter: [string]}\n"
               "      whole: {type: integer, stored: decimal, \"null\": true, filter: [range]}\n"
               "      price: {type: money, stored: decimal, \"null\": true, filter: [range]}\n"
               "      flag: {type: boolean, \"null\": true, filter: [exact]}\n"
               "      bit: {type: boolean, stored: integer, \"null\": true, filter: [exact]}\n"
               "      at: {type: timestamp" +
                   times + "      local: {type: timestamp, stored: timestamp" + times +
                   "      sorted: {type: timestamp, stored: timestamp" + times + "      day: {type: date" + times +
                   "      local_day: {type: date, stored: timestamp" + times +
                   "      since: {type: timestamp, stored: seconds" + times +
                   "      twice: {type: integer, \"null\": true, filter: [range]}\n",
               "plain, own, whole, price, flag, bit, at, local, sorted, day, local_day, since, twice"));
  EXPECT_EQ(obstacles.size(), 13U);
  for (const auto& [field, obstacle] : obstacles) {
    EXPECT_EQ(obstacle, field == "things.sorted"
                            ? "Portico sorts it by a function of its own, which no other program "
                              "has that writes to the table"
                            : "")
        << field;
  }
}

TEST_F(IndexAdviceTest, AViewTakesNone) {
  const auto obstacles =
      paste("CREATE TABLE kept (id INTEGER PRIMARY KEY, name TEXT); CREATE VIEW seen AS SELECT id, name FROM kept",
            resource("seen", "      name: {type: string, \"null\": true, filter: [exact]}\n", "name"));
  EXPECT_EQ(obstacles.at("seen.name"), "seen is a view");
}

TEST_F(IndexAdviceTest, ANameIsFreeAndTheSameIndexIsMadeOnce) {
  const std::string fields =
      "      name: {type: string, \"null\": true, filter: [exact]}\n      b_id: {type: integer, \"null\": true, "
      "filter: "
      "[range]}\n";
  const auto obstacles = paste(
      "CREATE TABLE kept (id INTEGER PRIMARY KEY, name TEXT, b_id INTEGER); CREATE TABLE kept_by_B_ID_id (x); CREATE "
      "INDEX kept_by_name_id ON kept (name COLLATE NOCASE)",
      resource("a", fields, "name, b_id", "    table: kept\n") +
          resource("b", fields, "name, b_id", "    table: kept\n"));
  EXPECT_EQ(obstacles.size(), 4U);
  EXPECT_EQ(ask("SELECT name FROM sqlite_schema WHERE type = 'index' ORDER BY 1"),
            "kept_by_b_id_id_2|kept_by_name_id|kept_by_name_id_2|");
}

}  // namespace
}  // namespace portico::store
