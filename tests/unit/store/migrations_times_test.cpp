#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "migrating.hpp"
#include "store/migrations.hpp"

// What becomes of instants and dates is the same on both stores, but for texts that PostgreSQL alone reads as one.

namespace {

using namespace portico::store;
using portico::support::orders_api;

struct Instant {
  const char* microseconds;
  const char* text;
  const char* day;
};

constexpr std::array<Instant, 6> instants = {{
    {"-62135596800000000", "0001-01-01T00:00:00.000000Z", "0001-01-01"},
    {"-62135596799999999", "0001-01-01T00:00:00.000001Z", "0001-01-01"},
    {"-1", "1969-12-31T23:59:59.999999Z", "1969-12-31"},
    {"0", "1970-01-01T00:00:00.000000Z", "1970-01-01"},
    {"1582971630012345", "2020-02-29T10:20:30.012345Z", "2020-02-29"},
    {"253402300799999999", "9999-12-31T23:59:59.999999Z", "9999-12-31"},
}};

struct Writing {
  const char* text;
  const char* microseconds;
};

constexpr std::array<Writing, 12> writings = {{
    {"0001-01-01", "-62135596800000000"},
    {"2020-02-29", "1582934400000000"},
    {"2020-02-29T10:20Z", "1582971600000000"},
    {"2020-02-29 10:20-03:30", "1582984200000000"},
    {"2020-02-29T10:20:30", "1582971630000000"},
    {"2020-02-29 10:20:30", "1582971630000000"},
    {"2020-02-29T10:20:30.1Z", "1582971630100000"},
    {"2020-02-29T10:20:30.012345Z", "1582971630012345"},
    {"2020-02-29T10:20:30.5+02:00", "1582964430500000"},
    {"2020-02-29T10:20:30-14:59", "1583025570000000"},
    {"1969-12-31T23:59:59.999999Z", "-1"},
    {"9999-12-31T23:59:59.999999Z", "253402300799999999"},
}};

/// None of them on SQLite, whatever PostgreSQL reads.
constexpr std::array<const char*, 22> no_writings = {"",
                                                     "x",
                                                     "now",
                                                     "10:20",
                                                     "0000-01-01",
                                                     "20200229",
                                                     "1582971630012345",
                                                     "2021-02-29",
                                                     "2021-02-29T10:20:30Z",
                                                     "2020-2-29",
                                                     "12020-02-29",
                                                     "2020-02-29T",
                                                     "2020-02-29T10Z",
                                                     "2020-02-29T24:00:00Z",
                                                     "2020-02-29T10:20.5Z",
                                                     "2020-02-29T10:20:30.Z",
                                                     "2020-02-29T10:20:30.1234567Z",
                                                     "2020-02-29T10:20:30.12x",
                                                     "2020-02-29T10:20:30+15:00",
                                                     "2020-02-29T10:20:30ZZ",
                                                     "0001-01-01T00:00:00+01:00",
                                                     "9999-12-31T23:59:59-01:00"};

ApiPointer api_with(const std::string& type, const std::string& rest = ", \"null\": true") {
  return orders_api("      at: {type: " + type + rest + "}\n");
}

/// The rows `a`, `b`, … with these values, and one without.
template <typename List, typename Value>
std::string insertion(const std::string& table, const List& list, Value value) {
  std::string sql = "INSERT INTO " + table + " (id, shop, at) VALUES ('', 's', NULL)";
  char id = 'a';
  for (const auto& each : list) sql += std::string(", ('") + id++ + "', 's', " + value(each) + ")";
  return sql;
}

template <typename List, typename Value>
std::string rows_of(const List& list, Value value) {
  std::string text = "null|";
  for (const auto& each : list) text += std::string(value(each)) + "|";
  return text;
}

std::string quoted(const char* text) {
  return "'" + std::string(text) + "'";
}

class MigrationsTimesTest : public SqliteMigrating {
 protected:
  void make(const std::string& type) const { apply(api_with(type)); }
  void make_instants() const {
    make("timestamp");
    run(insertion("orders", instants, [](const Instant& each) { return each.microseconds; }));
  }
  /// A table as versions made it that did not mark timestamps.
  void make_unmarked() const {
    make("integer");
    run(insertion("orders", instants, [](const Instant& each) { return each.microseconds; }));
  }
  [[nodiscard]] std::string values() const { return ask("SELECT at FROM orders ORDER BY id"); }
  [[nodiscard]] std::string types() const { return ask("SELECT DISTINCT typeof(at) FROM orders ORDER BY 1"); }
  /// The one change.
  [[nodiscard]] Change change_to(const ApiPointer& api) const {
    const auto changes = changes_of(pending_changes(*api, target()));
    EXPECT_EQ(changes.size(), 1U);
    return changes.empty() ? Change{} : changes.front();
  }
};

class MigrationsTimesPostgresTest : public PostgresMigrating {
 protected:
  void make_instants() {
    apply(api_with("timestamp"));
    run(insertion("portico.orders", instants, [](const Instant& each) { return quoted(each.text); }));
  }
  std::string values(const std::string& expression = "at") {
    return ask("SELECT " + expression + " FROM portico.orders ORDER BY id");
  }
  static constexpr const char* microseconds = "(extract(epoch from at) * 1000000)::bigint";
};

TEST_F(MigrationsTimesTest, ATimestampBecomesItsText) {
  make_instants();
  const auto api = api_with("string");
  const Change change = change_to(api);
  EXPECT_EQ(change.what,
            "table orders is made anew with its rows: column at becomes TEXT (it is INTEGER of timestamps)");
  EXPECT_EQ(change.effect, Effect::Harmless);
  EXPECT_EQ(change.advice, "");
  apply(api);
  EXPECT_EQ(values(), rows_of(instants, [](const Instant& each) { return each.text; }));
  EXPECT_TRUE(pending_changes(*api, target()).changes.empty());
}

TEST_F(MigrationsTimesPostgresTest, ATimestampBecomesItsText) {
  make_instants();
  apply(api_with("string"));
  EXPECT_EQ(values(), rows_of(instants, [](const Instant& each) { return each.text; }));
}

TEST_F(MigrationsTimesTest, ATimestampBecomesItsDay) {
  make_instants();
  const auto api = api_with("date");
  EXPECT_EQ(change_to(api).effect, Effect::LosesData);
  EXPECT_EQ(change_to(api).what,
            "table orders is made anew with its rows: column at becomes TEXT of dates (it is INTEGER of timestamps)");
  apply(api, Effect::LosesData);
  EXPECT_EQ(values(), rows_of(instants, [](const Instant& each) { return each.day; }));
  EXPECT_TRUE(pending_changes(*api, target()).changes.empty());
}

TEST_F(MigrationsTimesPostgresTest, ATimestampBecomesItsDay) {
  make_instants();
  apply(api_with("date"), Effect::LosesData);
  EXPECT_EQ(values(), rows_of(instants, [](const Instant& each) { return each.day; }));
}

TEST_F(MigrationsTimesTest, ATextBecomesItsTimestamp) {
  make("string");
  run(insertion("orders", writings, [](const Writing& each) { return quoted(each.text); }));
  const auto api = api_with("timestamp");
  EXPECT_EQ(change_to(api).effect, Effect::LosesData);
  apply(api, Effect::LosesData);
  EXPECT_EQ(values(), rows_of(writings, [](const Writing& each) { return each.microseconds; }));
  EXPECT_EQ(types(), "integer|null|");
  EXPECT_TRUE(pending_changes(*api, target()).changes.empty());
}

TEST_F(MigrationsTimesPostgresTest, ATextBecomesItsTimestamp) {
  apply(api_with("string"));
  run(insertion("portico.orders", writings, [](const Writing& each) { return quoted(each.text); }));
  apply(api_with("timestamp"), Effect::LosesData);
  EXPECT_EQ(values(microseconds), rows_of(writings, [](const Writing& each) { return each.microseconds; }));
}

TEST_F(MigrationsTimesTest, ADateBecomesItsMidnight) {
  make("date");
  run("INSERT INTO orders (id, shop, at) VALUES ('a', 's', '2020-02-29'), ('b', 's', NULL)");
  const auto api = api_with("timestamp");
  EXPECT_EQ(change_to(api).effect, Effect::Harmless);
  apply(api);
  EXPECT_EQ(values(), "1582934400000000|null|");
}

TEST_F(MigrationsTimesPostgresTest, ADateBecomesItsMidnight) {
  apply(api_with("date"));
  run("INSERT INTO portico.orders (id, shop, at) VALUES ('a', 's', '2020-02-29'), ('b', 's', NULL)");
  apply(api_with("timestamp"));
  EXPECT_EQ(values(microseconds), "1582934400000000|null|");
}

TEST_F(MigrationsTimesTest, ATextThatIsNoTimestampStopsAllOfItBeforeAnythingIsDone) {
  make("string");
  run("INSERT INTO orders (id, shop, at) VALUES ('a', 's', '2020-02-29'), ('b', 's', 'it''s x'), ('c', 's', '7'), "
      "('d', 's', NULL)");
  const std::string before = schema();
  const auto api = api_with("timestamp");
  const Change change = change_to(api);
  EXPECT_EQ(change.effect, Effect::Impossible);
  EXPECT_TRUE(change.sql.empty());
  EXPECT_EQ(change.advice,
            "2 rows have something else there: '7', 'it''s x'; make them timestamps (`2026-01-31T12:00:00Z`) or null "
            "first, or let the field be no timestamp");
  EXPECT_THROW(apply(api, Effect::LosesData), MigrationError);
  EXPECT_EQ(schema(), before);
  EXPECT_EQ(values(), "2020-02-29|it's x|7|null|");
  run("UPDATE orders SET at = '1970-01-01T00:00:00.000007Z' WHERE id IN ('b', 'c')");
  apply(api, Effect::LosesData);
  EXPECT_EQ(values(), "1582934400000000|7|7|null|");
}

TEST_F(MigrationsTimesPostgresTest, ATextThatIsNoTimestampStopsAllOfIt) {
  apply(api_with("string"));
  run("INSERT INTO portico.orders (id, shop, at) VALUES ('a', 's', '2020-02-29'), ('b', 's', 'it''s x')");
  const std::string before = schema();
  EXPECT_THROW(apply(api_with("timestamp"), Effect::LosesData), PostgresError);
  EXPECT_EQ(schema(), before);
}

TEST_F(MigrationsTimesTest, EveryTextThatIsNoTimestampIsSeen) {
  make("string");
  for (const char* text : no_writings) {
    run("DELETE FROM orders; INSERT INTO orders (id, shop, at) VALUES ('a', 's', '" + std::string(text) + "')");
    EXPECT_EQ(change_to(api_with("timestamp")).effect, Effect::Impossible) << text;
  }
}

TEST_F(MigrationsTimesTest, WhatNoTimestampCanBeIsNotMadeATextOrADay) {
  make_instants();
  run("UPDATE orders SET at = at + 1 WHERE id = 'f'; UPDATE orders SET at = at - 1 WHERE id = 'a'");
  for (const char* type : {"string", "date"}) {
    const Change change = change_to(api_with(type));
    EXPECT_EQ(change.effect, Effect::Impossible);
    EXPECT_NE(change.advice.find("2 rows have something else there: -62135596800000001, 253402300800000000; "),
              std::string::npos)
        << change.advice;
  }
}

TEST_F(MigrationsTimesTest, ATimestampThatBecomesANumberIsNoneFromThenOn) {
  make_instants();
  EXPECT_EQ(change_to(api_with("integer")).effect, Effect::Harmless);
  apply(api_with("integer"));
  EXPECT_TRUE(pending_changes(*api_with("integer"), target()).changes.empty());
  apply(api_with("string"));
  EXPECT_EQ(values(), rows_of(instants, [](const Instant& each) { return each.microseconds; }));
}

TEST_F(MigrationsTimesTest, ATimestampBecomesNeitherJsonNorABooleanNorTheOtherWayRound) {
  make_instants();
  for (const char* type : {"json", "boolean"}) {
    const Change change = change_to(api_with(type));
    EXPECT_EQ(change.effect, Effect::Impossible);
    EXPECT_NE(change.advice.find("no way is known from INTEGER of timestamps to "), std::string::npos)
        << change.advice;
  }
  for (const char* type : {"json", "boolean"}) {
    for (const char* mode : {"production", "sandbox"}) run("DROP TABLE orders", mode);
    make(type);
    EXPECT_EQ(change_to(api_with("timestamp")).effect, Effect::Impossible);
  }
}

TEST_F(MigrationsTimesPostgresTest, ATimestampBecomesNeitherJsonNorABooleanNorTheOtherWayRound) {
  for (const char* type : {"json", "boolean"}) {
    run("DROP SCHEMA IF EXISTS portico, portico_sandbox CASCADE");
    apply(api_with("timestamp"));
    EXPECT_EQ(changes_of(pending_changes(*api_with(type), target())).at(0).effect, Effect::Impossible);
    run("DROP SCHEMA portico, portico_sandbox CASCADE");
    apply(api_with(type));
    EXPECT_EQ(changes_of(pending_changes(*api_with("timestamp"), target())).at(0).effect, Effect::Impossible);
  }
}

TEST_F(MigrationsTimesTest, WhatEarlierVersionsMadeIsNotGuessedAt) {
  make_unmarked();
  EXPECT_TRUE(pending_changes(*api_with("timestamp"), target()).changes.empty());
  EXPECT_NO_THROW(require_schema(*api_with("timestamp"), target()));
  const auto api = api_with("string");
  const Change change = change_to(api);
  EXPECT_EQ(change.effect, Effect::Harmless);
  const std::string begin =
      "the numbers become their digits; where they are timestamps, which columns that earlier "
      "versions made do not say, this makes their texts of them afterwards: `";
  ASSERT_EQ(change.advice.find(begin), 0U) << change.advice;
  apply(api);
  EXPECT_EQ(values(), rows_of(instants, [](const Instant& each) { return each.microseconds; }));
  run(change.advice.substr(begin.size(), change.advice.find('`', begin.size()) - begin.size()));
  EXPECT_EQ(values(), rows_of(instants, [](const Instant& each) { return each.text; }));
}

TEST_F(MigrationsTimesTest, WhereTheTableIsMadeAnewTheDescriptionsTimestampsAreMarked) {
  make_unmarked();
  const auto with_more = [](const std::string& more, const std::string& type) {
    return orders_api("      at: {type: " + type + ", \"null\": true}\n      more: {type: " + more +
                      ", \"null\": true}\n");
  };
  apply(with_more("integer", "timestamp"));
  apply(with_more("string", "timestamp"));
  apply(with_more("string", "string"));
  EXPECT_EQ(values(), rows_of(instants, [](const Instant& each) { return each.text; }));
}

TEST_F(MigrationsTimesTest, IndexesStayAndADefaultOfTheOtherTypeGoes) {
  apply(orders_api(""));
  run("INSERT INTO orders (id, shop) VALUES ('a', 's')");
  const auto added = changes_of(pending_changes(*api_with("timestamp", ""), target())).at(0).advice;
  const std::string by_hand =
      R"(ALTER TABLE "orders" ADD COLUMN "at" INTEGER CONSTRAINT timestamp NOT NULL DEFAULT )";
  EXPECT_NE(added.find(by_hand), std::string::npos) << added;
  run(by_hand + "0");
  apply(api_with("timestamp", ", index: true"));
  const auto api = api_with("string", ", index: true");
  EXPECT_EQ(change_to(api).advice, "the column's `DEFAULT 0` goes, which is none of the new type");
  apply(api);
  EXPECT_EQ(values(), "1970-01-01T00:00:00.000000Z|");
  EXPECT_EQ(ask("SELECT dflt_value FROM pragma_table_info('orders') WHERE name = 'at'"), "null|");
  EXPECT_EQ(ask("SELECT count(*) FROM sqlite_schema WHERE name = 'orders_by_at'"), "1|");
  EXPECT_TRUE(pending_changes(*api, target()).changes.empty());
}

}  // namespace
