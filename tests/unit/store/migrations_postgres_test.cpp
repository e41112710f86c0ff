#include <future>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "migrating.hpp"
#include "store/migrations.hpp"

namespace {

using namespace portico::store;
using portico::support::orders_api;

class MigrationsPostgresTest : public PostgresMigrating {};

TEST_F(MigrationsPostgresTest, AnEmptyDatabaseGetsThreeSchemasAndThenNothingMore) {
  const auto api = orders_api("      total: {type: money, index: true}\n      mid: {type: string, unique: true}\n");
  const Difference difference = pending_changes(*api, target());
  EXPECT_EQ(ask("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'portico%'"), "0|");  // looking makes nothing
  EXPECT_EQ(difference.changes.front().what, "the schema is made");
  EXPECT_EQ(difference.changes.back().place, "keys");
  EXPECT_THROW(require_schema(*api, target()), std::runtime_error);
  EXPECT_EQ(apply(api), difference.changes.size());
  EXPECT_TRUE(pending_changes(*api, target()).changes.empty());
  EXPECT_TRUE(pending_changes(*api, target()).remarks.empty());
  EXPECT_NO_THROW(require_schema(*api, target()));
  EXPECT_EQ(
      ask("SELECT to_regclass('portico.orders') IS NOT NULL, to_regclass('portico_sandbox.orders') IS NOT NULL, "
          "to_regclass('portico_access.keys') IS NOT NULL"),
      "t|t|t|");
}

TEST_F(MigrationsPostgresTest, AColumnIsAddedAndItsIndex) {
  make_orders(orders_api(""));
  const auto api = orders_api("      note: {type: string, \"null\": true, index: true}\n");
  const auto changes = changes_of(pending_changes(*api, target()));
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0].sql,
            std::vector<std::string>{R"(ALTER TABLE "portico"."orders" ADD COLUMN "note" text COLLATE "C")"});
  EXPECT_NE(changes[1].advice.find("whoever writes to orders waits"), std::string::npos);
  apply(api);
  EXPECT_TRUE(pending_changes(*api, target()).changes.empty());
}

TEST_F(MigrationsPostgresTest, AColumnThatMayNotBeNullNeedsAValueWhereThereAreRows) {
  make_orders(orders_api(""));
  const auto api = orders_api("      total: {type: money}\n");
  const auto changes = changes_of(pending_changes(*api, target()));
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].effect, Effect::Impossible);
  const std::string by_hand = R"(ALTER TABLE "portico"."orders" ADD COLUMN "total" bigint NOT NULL DEFAULT )";
  EXPECT_NE(changes[0].advice.find(by_hand), std::string::npos) << changes[0].advice;
  EXPECT_THROW(apply(api, Effect::LosesData), MigrationError);
  run(by_hand + "7");
  apply(api);
  EXPECT_TRUE(pending_changes(*api, target()).changes.empty());
}

TEST_F(MigrationsPostgresTest, TypesBecomeWhatHoldsTheSame) {
  make_orders(
      orders_api("      a: {type: integer, \"null\": true, index: true}\n"
                 "      b: {type: boolean, \"null\": true}\n      c: {type: timestamp, \"null\": true}\n"
                 "      d: {type: integer, \"null\": true}\n      e: {type: date, \"null\": true}\n"
                 "      f: {type: string, \"null\": true}\n      g: {type: integer, \"null\": true}\n"));
  run("UPDATE portico.orders SET a = 40 + id::int, b = id = '1', c = '1969-12-31T23:59:59.999999Z', d = "
      "-62135596800000001 + id::int + 1, e = '2020-02-29', f = '[1, 2 ]', g = id::int % 2 WHERE id <> '2'");
  const auto api = orders_api(
      "      a: {type: string, \"null\": true, index: true}\n      b: {type: integer, \"null\": true}\n"
      "      c: {type: string, \"null\": true}\n      d: {type: timestamp, \"null\": true}\n"
      "      e: {type: timestamp, \"null\": true}\n      f: {type: json, \"null\": true}\n"
      "      g: {type: boolean, \"null\": true}\n");
  for (const Change& change : changes_of(pending_changes(*api, target()))) {
    EXPECT_EQ(change.effect, Effect::Harmless) << change.what;
  }
  apply(api);
  EXPECT_TRUE(pending_changes(*api, target()).changes.empty());
  EXPECT_EQ(ask("SELECT id, a, b, c, d, e, f, g FROM portico.orders ORDER BY id"),
            "0|40|0|1969-12-31T23:59:59.999999Z|0001-01-01 00:00:00+00|2020-02-29 00:00:00+00|[1, 2 ]|f|"
            "1|41|1|1969-12-31T23:59:59.999999Z|0001-01-01 00:00:00.000001+00|2020-02-29 00:00:00+00|[1, 2 ]|t|"
            "2|null|null|null|null|null|null|null|");
}

TEST_F(MigrationsPostgresTest, WhatLosesDataWaitsForItsOwnYesAndWhatDoesNotFitStopsAll) {
  make_orders(orders_api("      code: {type: string, \"null\": true}\n"));
  run("UPDATE portico.orders SET code = '00' || id");
  const auto api =
      orders_api("      code: {type: integer, \"null\": true}\n      new: {type: string, \"null\": true}\n");
  EXPECT_EQ(changes_of(pending_changes(*api, target())).at(0).effect, Effect::LosesData);
  apply(api);
  EXPECT_EQ(ask("SELECT code, new FROM portico.orders ORDER BY id"), "000|null|001|null|002|null|");
  EXPECT_THROW(require_schema(*api, target()), std::runtime_error);  // the column is of the wrong type
  run("UPDATE portico.orders SET code = 'x' WHERE id = '2'");
  const std::string before = schema();
  EXPECT_THROW(apply(api, Effect::LosesData), PostgresError);
  EXPECT_EQ(schema(), before);
  run("UPDATE portico.orders SET code = '2' WHERE id = '2'");
  apply(api, Effect::LosesData);
  EXPECT_EQ(ask("SELECT code FROM portico.orders ORDER BY id"), "0|1|2|");
  EXPECT_NO_THROW(require_schema(*api, target()));
}

TEST_F(MigrationsPostgresTest, ATextOfAnotherOrderIsOrderedByBytes) {
  apply(orders_api("      code: {type: string}\n"));
  run(R"(ALTER TABLE portico.orders ALTER COLUMN code TYPE varchar(9) COLLATE "en-x-icu")");
  const auto api = orders_api("      code: {type: string}\n");
  const auto changes = changes_of(pending_changes(*api, target()));
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].what,
            R"(column orders.code becomes text COLLATE "C" (it is character varying COLLATE "en-x-icu"))");
  apply(api);
  EXPECT_TRUE(pending_changes(*api, target()).changes.empty());
}

TEST_F(MigrationsPostgresTest, NullsAndValuesThatAreThereTwiceAreCounted) {
  make_orders(orders_api("      note: {type: string, \"null\": true}\n      code: {type: string, \"null\": true}\n"));
  run("UPDATE portico.orders SET code = 'same', note = CASE id WHEN '1' THEN 'n' END");
  const auto api =
      orders_api("      note: {type: string}\n      code: {type: string, \"null\": true, unique: true}\n");
  const auto changes = changes_of(pending_changes(*api, target()));
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0].effect, Effect::Impossible);
  EXPECT_NE(changes[0].advice.find("2 rows have no value there: `UPDATE \"portico\".\"orders\""), std::string::npos);
  EXPECT_EQ(changes[1].effect, Effect::Impossible);
  EXPECT_NE(changes[1].advice.find("1 value of shop, code is there several times"), std::string::npos);
  run("UPDATE portico.orders SET code = id, note = ''");
  apply(api);
  EXPECT_TRUE(pending_changes(*api, target()).changes.empty());
}

TEST_F(MigrationsPostgresTest, WhatTheDescriptionDoesNotHaveIsNamedAndKeptUnlessAskedFor) {
  make_orders(orders_api("      old: {type: string, \"null\": true, index: true}\n"));
  run("CREATE TABLE portico.others (a text); CREATE VIEW portico.seen AS SELECT 1 AS one; "
      "ALTER TABLE portico.orders ADD CONSTRAINT theirs UNIQUE (old, id)");
  const auto api = orders_api("");
  Difference difference = pending_changes(*api, target());
  EXPECT_TRUE(changes_of(difference).empty());
  std::string remarks;
  for (const Remark& remark : difference.remarks) {
    if (remark.place == "production") remarks += remark.what + "; ";
  }
  EXPECT_EQ(remarks,
            "index orders_by_old of orders; index theirs of orders, which belongs to theirs; column orders.old; "
            "table others; view seen; ");
  apply(api, Effect::LosesData, Unused::Drop);
  EXPECT_EQ(ask("SELECT count(*) FROM pg_tables WHERE schemaname = 'portico'"), "2|");
  EXPECT_EQ(ask("SELECT * FROM portico.orders ORDER BY id"), "0|s|1|s|2|s|");
  EXPECT_EQ(ask("SELECT * FROM portico.seen"), "1|");
}

TEST_F(MigrationsPostgresTest, AnIndexInAnotherOrderOfNullsDoesNotServe) {
  apply(orders_api("      a: {type: integer, \"null\": true}\n"));
  run("CREATE INDEX theirs ON portico.orders (shop, a NULLS FIRST, id)");
  const auto api = orders_api("      a: {type: integer, \"null\": true, index: true}\n");
  EXPECT_EQ(changes_of(pending_changes(*api, target())).size(), 1U);
  run("CREATE INDEX also ON portico.orders (shop, a, id)");
  EXPECT_TRUE(changes_of(pending_changes(*api, target())).empty());
}

TEST_F(MigrationsPostgresTest, AViewUnderATablesNameIsInTheWay) {
  run("CREATE SCHEMA portico; CREATE VIEW portico.orders AS SELECT 1 AS id");
  const auto api = orders_api("");
  const auto changes = changes_of(pending_changes(*api, target()));
  EXPECT_EQ(changes.front().effect, Effect::Impossible);
  EXPECT_NE(changes.front().advice.find("orders is a view"), std::string::npos);
  EXPECT_THROW(apply(api), MigrationError);
}

TEST_F(MigrationsPostgresTest, OfTwoAtOnceOneDoesItAll) {
  const auto api = orders_api("      a: {type: integer, index: true}\n");
  const Agreement agreement{.difference = pending_changes(*api, target())};
  const auto work = [&] { return apply_changes(*api, target(), agreement); };
  auto first = std::async(std::launch::async, work);
  auto second = std::async(std::launch::async, work);
  EXPECT_EQ(first.get() + second.get(), agreement.difference.changes.size());
  EXPECT_TRUE(pending_changes(*api, target()).changes.empty());
}

TEST_F(MigrationsPostgresTest, ATableInUseIsWaitedForButNotForLong) {
  make_orders(orders_api(""));
  PostgresConnection other(address());
  other.run_script("BEGIN; LOCK TABLE portico.orders IN ACCESS SHARE MODE");
  const auto api = orders_api("      note: {type: string, \"null\": true}\n");
  try {
    apply(api);
    FAIL() << "the table was in use";
  } catch (const MigrationError& error) {
    EXPECT_NE(std::string(error.what()).find("5 seconds"), std::string::npos) << error.what();
  }
  other.run_script("COMMIT");
  EXPECT_GT(apply(api), 0U);
}

TEST_F(MigrationsPostgresTest, OfADatabaseThatOthersMadeOnlyTablesAndColumnsAreRequired) {
  const auto api = portico::support::loaded_api(
      "vendor: acme\nversions: [1]\ndatabase: {existing: true, schema: public}\naccounts: none\n"
      "apis:\n  partner: {base: /, dialect: media-type}\nresources:\n  orders:\n    owner: none\n"
      "    operations: [list, retrieve]\n    fields:\n      id: {type: integer}\n      total: {type: integer}\n");
  run("CREATE TABLE public.orders (id int PRIMARY KEY); CREATE ROLE reader_of_" + database_ + " LOGIN");
  EXPECT_THROW(static_cast<void>(pending_changes(*api, target())), MigrationError);
  EXPECT_THROW(apply_changes(*api, target(), {}), MigrationError);
  const auto refusal = [&](const std::string& place) {
    try {
      require_schema(*api, PostgresAddress{place});
    } catch (const std::runtime_error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_NE(refusal(address()).find("schema public: column orders.total"), std::string::npos) << refusal(address());
  run("ALTER TABLE public.orders ADD COLUMN total smallint");
  EXPECT_EQ(refusal(address()), "");
  const std::string as_reader = address() + "&user=reader_of_" + database_;
  EXPECT_NE(refusal(as_reader).find("may not be read"), std::string::npos) << refusal(as_reader);
  run("GRANT SELECT (id, total) ON public.orders TO reader_of_" + database_);
  EXPECT_EQ(refusal(as_reader), "");
  run("DROP OWNED BY reader_of_" + database_ + "; DROP ROLE reader_of_" + database_);
}

TEST_F(MigrationsPostgresTest, EndedAtAnyStatementItLeavesTheOldOrTheNew) {
  make_orders(orders_api("      code: {type: integer, \"null\": true, index: true}\n"));
  run("UPDATE portico.orders SET code = id::int; CREATE SCHEMA test; CREATE SEQUENCE test.statements; "
      "CREATE TABLE test.last (number bigint); INSERT INTO test.last VALUES (1)");
  run("CREATE FUNCTION test.count() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN "
      "IF current_setting('application_name') = 'doomed' AND nextval('test.statements') = (SELECT number FROM "
      "test.last) THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; END $$; "
      "CREATE EVENT TRIGGER count ON ddl_command_end EXECUTE FUNCTION test.count()");
  const auto api = orders_api("      code: {type: string, index: true}\n      note: {type: string, \"null\": true}\n",
                              "    ordering: {default: [-code], allowed: [note]}\n");
  const Agreement agreement{.difference = pending_changes(*api, target()), .worst = Effect::LosesData};
  const SchemaTarget doomed = PostgresAddress{address() + "&application_name=doomed"};
  const std::string before = schema();
  int ended = 0;
  for (;; ++ended) {
    ASSERT_LT(ended, 200);
    try {
      apply_changes(*api, doomed, agreement);
      break;
    } catch (const std::runtime_error&) {
      EXPECT_EQ(schema(), before) << "ended at statement " << ended + 1;
    }
    run("ALTER SEQUENCE test.statements RESTART; UPDATE test.last SET number = number + 1");
  }
  EXPECT_GE(ended, 8);  // one for each statement in both schemas
  EXPECT_NE(schema(), before);
  EXPECT_TRUE(pending_changes(*api, target()).changes.empty());
  EXPECT_EQ(ask("SELECT code FROM portico.orders ORDER BY id"), "0|1|2|");
}

}  // namespace
