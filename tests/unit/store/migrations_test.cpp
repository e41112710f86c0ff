#include "store/migrations.hpp"

#include <csignal>
#include <filesystem>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "migrating.hpp"

namespace {

namespace fs = std::filesystem;
using namespace portico::store;
using portico::model::Api;
using portico::support::orders_api;

/// Counts the statements of every connection of this process from when it is armed, and ends the process at one.
class Killer {
 public:
  static void arm(int statement) {
    left_ = statement;
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(attach));
  }

 private:
  static int attach(sqlite3* database, const char** /*message*/, const sqlite3_api_routines* /*unused*/) {
    return sqlite3_trace_v2(database, SQLITE_TRACE_STMT, on_statement, nullptr);
  }
  static int on_statement(unsigned /*event*/, void* /*context*/, void* /*statement*/, void* /*text*/) {
    if (--left_ == 0) ::raise(SIGKILL);
    return 0;
  }
  static inline int left_ = 0;
};

class MigrationsTest : public SqliteMigrating {};

TEST_F(MigrationsTest, AnEmptyDirectoryGetsBothDatabasesAndThenNothingMore) {
  const auto api = orders_api("      total: {type: money, index: true}\n");
  const Difference difference = pending_changes(*api, target());
  EXPECT_FALSE(fs::exists(file()));  // looking makes nothing
  EXPECT_EQ(difference.changes.front().place, "production");
  EXPECT_EQ(difference.changes.front().what, "table orders is made");
  EXPECT_EQ(difference.changes.back().place, "sandbox");
  EXPECT_THROW(require_schema(*api, target()), std::runtime_error);
  EXPECT_EQ(apply(api), difference.changes.size());
  EXPECT_TRUE(pending_changes(*api, target()).changes.empty());
  EXPECT_TRUE(pending_changes(*api, target()).remarks.empty());
  EXPECT_NO_THROW(require_schema(*api, target()));
  EXPECT_EQ(fs::status(file()).permissions() & fs::perms::others_all, fs::perms::none);
}

TEST_F(MigrationsTest, WhereClientsMayChangeRowsTheTableOfTheirAnswersIsMade) {
  make_orders(orders_api(""));
  run("CREATE TABLE stray(id TEXT)");
  const auto api = portico::support::loaded_api(
      "vendor: acme\nversions: [1]\napis:\n  partner: {base: /, dialect: media-type}\naccounts: shops\nresources:\n"
      "  orders:\n    owner: shop\n    operations: [list, delete]\n    fields:\n      id: {type: id}\n"
      "  shops:\n    operations: [retrieve]\n    fields:\n      id: {type: id}\n");
  EXPECT_THROW(require_schema(*api, target()), std::runtime_error);
  const auto changes = changes_of(pending_changes(*api, target()));
  ASSERT_EQ(changes.size(), 3U);
  EXPECT_EQ(changes[0].what, "table portico_answers is made");
  EXPECT_EQ(changes[0].advice, "") << "no table by another name is it";
  EXPECT_EQ(changes[1].what, "index portico_answers_key is made on portico_answers (account, key)");
  EXPECT_EQ(changes[2].what, "index portico_answers_by_created is made on portico_answers (created)");
  apply(api);
  EXPECT_NO_THROW(require_schema(*api, target()));
  EXPECT_TRUE(pending_changes(*api, target()).changes.empty());
}

TEST_F(MigrationsTest, AColumnIsAddedAndItsIndex) {
  make_orders(orders_api(""));
  const auto api = orders_api("      note: {type: string, \"null\": true, index: true}\n");
  const auto changes = changes_of(pending_changes(*api, target()));
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0].what, "column orders.note is added");
  EXPECT_EQ(changes[0].sql, std::vector<std::string>{R"(ALTER TABLE "orders" ADD COLUMN "note" TEXT)"});
  EXPECT_EQ(changes[0].effect, Effect::Harmless);
  EXPECT_EQ(changes[1].what, "index orders_by_note is made on orders (shop, note, id)");
  EXPECT_NE(changes[1].advice.find("waits"), std::string::npos);
  apply(api);
  EXPECT_EQ(ask("SELECT note FROM orders"), "null|null|null|");
  EXPECT_TRUE(pending_changes(*api, target()).changes.empty());
}

TEST_F(MigrationsTest, AColumnThatMayNotBeNullNeedsAValueWhereThereAreRows) {
  make_orders(orders_api(""));
  const auto api = orders_api("      total: {type: money}\n");
  const Difference difference = pending_changes(*api, target());
  const auto changes = changes_of(difference);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].effect, Effect::Impossible);
  EXPECT_TRUE(changes[0].sql.empty());
  const std::string by_hand = R"(ALTER TABLE "orders" ADD COLUMN "total" INTEGER NOT NULL DEFAULT )";
  EXPECT_NE(changes[0].advice.find(by_hand), std::string::npos) << changes[0].advice;
  EXPECT_EQ(difference.changes.back().place, "sandbox");  // which has no rows
  EXPECT_EQ(difference.changes.back().effect, Effect::Harmless);
  const std::string before = schema();
  EXPECT_THROW(apply(api, Effect::LosesData), MigrationError);
  EXPECT_EQ(schema(), before);
  run(by_hand + "7");  // what the advice says is what helps
  apply(api);
  EXPECT_TRUE(pending_changes(*api, target()).changes.empty());
  EXPECT_EQ(ask("SELECT total FROM orders"), "7|7|7|");
}

TEST_F(MigrationsTest, ATypeIsChangedByMakingTheTableAnewWithAllThatGoesWithIt) {
  make_orders(
      orders_api("      code: {type: integer, \"null\": true, index: true}\n"
                 "      open: {type: boolean, \"null\": true}\n"));
  run("UPDATE orders SET code = 40 + id, open = id % 2");
  run("ALTER TABLE orders ADD COLUMN extra TEXT DEFAULT 'e' REFERENCES shops (id)");
  run("CREATE TABLE log (id TEXT); CREATE TRIGGER told AFTER INSERT ON orders BEGIN INSERT INTO log VALUES (new.id); "
      "END; CREATE VIEW few AS SELECT id FROM orders; CREATE INDEX own ON orders (extra)");
  const auto api =
      orders_api("      code: {type: string, index: true}\n      open: {type: boolean, \"null\": true}\n");
  const auto changes = changes_of(pending_changes(*api, target()));
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].what,
            "table orders is made anew with its rows: column code becomes TEXT (it is INTEGER); column code may no "
            "longer be null");
  EXPECT_EQ(changes[0].effect, Effect::Harmless);
  apply(api);
  EXPECT_TRUE(pending_changes(*api, target()).changes.empty());
  EXPECT_EQ(ask("SELECT id, code, typeof(code), open, extra FROM orders ORDER BY rowid"),
            "0|40|text|0|e|1|41|text|1|e|2|42|text|0|e|");
  EXPECT_EQ(ask("SELECT * FROM few"), "0|1|2|");
  run("INSERT INTO orders (id, code, shop) VALUES ('9', 'x', 's')");
  EXPECT_EQ(ask("SELECT id FROM log"), "9|");
  EXPECT_EQ(ask("SELECT count(*) FROM sqlite_schema WHERE name IN ('own', 'orders_by_code', 'orders_key')"), "3|");
  EXPECT_NE(schema().find("REFERENCES shops"), std::string::npos);
}

TEST_F(MigrationsTest, WhatLosesDataWaitsForItsOwnYes) {
  make_orders(orders_api("      code: {type: string, \"null\": true}\n"));
  run("UPDATE orders SET code = '00' || id");
  const auto api =
      orders_api("      code: {type: integer, \"null\": true}\n      new: {type: string, \"null\": true}\n");
  const auto changes = changes_of(pending_changes(*api, target()));
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0].effect, Effect::LosesData);
  apply(api);
  EXPECT_EQ(ask("SELECT code, new FROM orders"), "000|null|001|null|002|null|");
  EXPECT_THROW(require_schema(*api, target()), std::runtime_error);  // the column is of the wrong type
  apply(api, Effect::LosesData);
  EXPECT_EQ(ask("SELECT code FROM orders"), "0|1|2|");
  EXPECT_NO_THROW(require_schema(*api, target()));
}

TEST_F(MigrationsTest, AValueThatDoesNotFitStopsAllOfIt) {
  make_orders(orders_api("      code: {type: string, \"null\": true}\n"));
  run("UPDATE orders SET code = 'x' WHERE id = '1'");
  const std::string before = schema();
  const auto api = orders_api("      code: {type: integer, \"null\": true, index: true}\n");
  EXPECT_THROW(apply(api, Effect::LosesData), SqliteError);
  EXPECT_EQ(schema(), before);
  EXPECT_EQ(ask("SELECT code FROM orders"), "null|x|null|");
}

TEST_F(MigrationsTest, ATextBecomesADateOnlyWhereAllRowsHaveOne) {
  make_orders(orders_api("      due: {type: string, \"null\": true}\n"), 5);
  run("UPDATE orders SET due = CASE id WHEN '0' THEN 'it''s x' WHEN '1' THEN '2020-02-31' WHEN '2' THEN '2020-02-29' "
      "WHEN '3' THEN '0000-01-01' END");
  const auto api = orders_api("      due: {type: date, \"null\": true}\n");
  const auto changes = changes_of(pending_changes(*api, target()));
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].effect, Effect::Impossible);
  EXPECT_EQ(changes[0].what, "column orders.due becomes one of dates");
  EXPECT_NE(changes[0].advice.find("3 rows have something else there: '0000-01-01', '2020-02-31', 'it''s x'; "),
            std::string::npos)
      << changes[0].advice;
  EXPECT_THROW(apply(api, Effect::LosesData), MigrationError);
  run("UPDATE orders SET due = '2020-03-02' WHERE id IN ('0', '1', '3')");
  EXPECT_TRUE(pending_changes(*api, target()).changes.empty());
}

TEST_F(MigrationsTest, ANumberIsNoDate) {
  make_orders(orders_api("      due: {type: integer, \"null\": true}\n"));
  const auto api = orders_api("      due: {type: date, \"null\": true}\n");
  EXPECT_NE(changes_of(pending_changes(*api, target())).at(0).effect, Effect::Impossible);
  run("UPDATE orders SET due = 0 WHERE id = '0'");
  const auto changes = changes_of(pending_changes(*api, target()));
  EXPECT_NE(changes.at(0).advice.find("1 row has something else there: '0'; "), std::string::npos)
      << changes.at(0).advice;
}

TEST_F(MigrationsTest, RowsWithoutAValueAreCounted) {
  make_orders(orders_api("      note: {type: string, \"null\": true}\n"));
  run("UPDATE orders SET note = 'n' WHERE id = '1'");
  const auto api = orders_api("      note: {type: string}\n");
  const auto changes = changes_of(pending_changes(*api, target()));
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].effect, Effect::Impossible);
  EXPECT_NE(changes[0].advice.find("2 rows have no value there: `UPDATE \"orders\" SET \"note\""), std::string::npos)
      << changes[0].advice;
}

TEST_F(MigrationsTest, ValuesThatAreThereTwiceForbidUniqueness) {
  make_orders(orders_api("      code: {type: string, \"null\": true}\n"));
  run("UPDATE orders SET code = 'same'");
  const auto api = orders_api("      code: {type: string, \"null\": true, unique: true}\n");
  const auto changes = changes_of(pending_changes(*api, target()));
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].effect, Effect::Impossible);
  EXPECT_NE(changes[0].advice.find("1 value of shop, code is there several times"), std::string::npos);
  run("UPDATE orders SET code = id");
  apply(api);
  EXPECT_THROW(run("UPDATE orders SET code = 'same'"), SqliteError);
}

TEST_F(MigrationsTest, AnotherColumnsDefinitionIsNotGuessedAt) {
  apply(orders_api(""));
  run("ALTER TABLE orders ADD COLUMN code TEXT COLLATE NOCASE");
  const auto changes =
      changes_of(pending_changes(*orders_api("      code: {type: integer, \"null\": true}\n"), target()));
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].effect, Effect::Impossible);
  EXPECT_NE(changes[0].advice.find("TEXT COLLATE NOCASE"), std::string::npos) << changes[0].advice;
}

TEST_F(MigrationsTest, WhatTheDescriptionDoesNotHaveIsNamedAndKeptUnlessAskedFor) {
  make_orders(orders_api("      old: {type: string, \"null\": true, index: true}\n"));
  run("CREATE TABLE others (a TEXT); CREATE VIEW seen AS SELECT 1; CREATE INDEX extra ON orders (shop)");
  const auto api = orders_api("");
  Difference difference = pending_changes(*api, target());
  EXPECT_TRUE(changes_of(difference).empty());
  std::string remarks;
  for (const Remark& remark : difference.remarks) {
    if (remark.place == "production") remarks += remark.what + "; ";
  }
  EXPECT_EQ(remarks,
            "index extra of orders; index orders_by_old of orders; column orders.old; table others; view seen; ");
  apply(api, Effect::Harmless, Unused::Drop);  // an index is no data
  EXPECT_EQ(ask("SELECT count(*) FROM sqlite_schema WHERE name IN ('extra', 'orders_by_old')"), "0|");
  EXPECT_EQ(ask("SELECT old FROM orders LIMIT 1"), "null|");
  apply(api, Effect::LosesData, Unused::Drop);
  difference = pending_changes(*api, target());
  ASSERT_EQ(difference.remarks.size(), 1U);
  EXPECT_EQ(difference.remarks[0].what, "view seen");
  EXPECT_EQ(ask("SELECT count(*) FROM orders"), "3|");
}

TEST_F(MigrationsTest, ARenamedColumnIsHintedAt) {
  make_orders(orders_api("      old: {type: string, \"null\": true}\n"));
  const auto changes =
      changes_of(pending_changes(*orders_api("      fresh: {type: string, \"null\": true}\n"), target()));
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_NE(changes[0].advice.find(R"(ALTER TABLE "orders" RENAME COLUMN "old" TO "fresh")"), std::string::npos);
  EXPECT_NE(changes[0].advice.find("column: old"), std::string::npos);
}

TEST_F(MigrationsTest, AnIndexOfAnotherNameServes) {
  apply(orders_api("      a: {type: integer}\n"));
  run("CREATE INDEX somebodys ON orders (shop, a, id)");
  const Difference difference = pending_changes(*orders_api("      a: {type: integer, index: true}\n"), target());
  EXPECT_TRUE(changes_of(difference).empty());
  for (const Remark& remark : difference.remarks) EXPECT_NE(remark.place, "production") << remark.what;
}

TEST_F(MigrationsTest, AnIndexOfTheSameNameButOtherColumnsMakesRoom) {
  apply(orders_api("      a: {type: integer}\n"));
  run("CREATE INDEX orders_by_a ON orders (a)");
  const auto api = orders_api("      a: {type: integer, index: true}\n");
  const auto changes = changes_of(pending_changes(*api, target()));
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0].sql, std::vector<std::string>{R"(DROP INDEX "orders_by_a")"});
  apply(api);
  EXPECT_TRUE(pending_changes(*api, target()).changes.empty());
}

TEST_F(MigrationsTest, WhatWasAgreedMustStillBeWhatIsFound) {
  make_orders(orders_api(""));
  const auto api = orders_api("      a: {type: integer, \"null\": true}\n      b: {type: integer, \"null\": true}\n");
  const Agreement agreement{.difference = pending_changes(*api, target())};
  run("ALTER TABLE orders ADD COLUMN a INTEGER");
  EXPECT_THROW(apply_changes(*api, target(), agreement), MigrationError);
  EXPECT_EQ(ask("SELECT count(*) FROM pragma_table_info('orders') WHERE name = 'b'"), "0|");
}

TEST_F(MigrationsTest, TwoOfTheSameAtOnceAreOne) {
  const auto api = orders_api("      a: {type: integer, index: true}\n");
  const Agreement agreement{.difference = pending_changes(*api, target())};
  EXPECT_EQ(apply_changes(*api, target(), agreement), agreement.difference.changes.size());
  EXPECT_EQ(apply_changes(*api, target(), agreement), 0U);
}

TEST_F(MigrationsTest, ADatabaseThatOthersMadeIsNeverChanged) {
  const auto api = portico::support::loaded_api(
      "vendor: acme\nversions: [1]\ndatabase: {existing: true}\naccounts: none\n"
      "apis:\n  partner: {base: /, dialect: media-type}\nresources:\n  orders:\n    owner: none\n"
      "    operations: [list, retrieve]\n    fields:\n      id: {type: integer}\n      total: {type: integer}\n");
  const fs::path theirs = directory_ / "theirs.db";
  SqliteConnection(theirs, {.mode = OpenMode::Create}).execute("CREATE TABLE orders (id INTEGER PRIMARY KEY)");
  EXPECT_THROW(static_cast<void>(pending_changes(*api, theirs)), MigrationError);
  EXPECT_THROW(apply_changes(*api, theirs, {}), MigrationError);
  try {
    require_schema(*api, theirs);
    FAIL() << "a column is missing";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("column orders.total"), std::string::npos) << error.what();
  }
  SqliteConnection(theirs, {.mode = OpenMode::ReadWrite}).execute("ALTER TABLE orders ADD COLUMN total TEXT");
  EXPECT_NO_THROW(require_schema(*api, theirs));  // their types are the description's affair
}

/// Runs the migration in a child that is killed at that statement; whether it was.
bool killed_at(int statement, const Api& api, const SchemaTarget& target, const Agreement& agreement) {
  const pid_t child = ::fork();
  if (child == 0) {
    Killer::arm(statement);
    try {
      apply_changes(api, target, agreement);
    } catch (...) {
      ::_exit(2);
    }
    ::_exit(0);
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  if (WIFSIGNALED(status)) return true;
  EXPECT_EQ(WEXITSTATUS(status), 0) << "the migration failed before statement " << statement;
  return false;
}

TEST_F(MigrationsTest, KilledAtAnyStatementItLeavesTheOldOrTheNew) {
  const auto old = orders_api("      code: {type: integer, \"null\": true, index: true}\n");
  const auto api = orders_api("      code: {type: string, index: true}\n      note: {type: string, \"null\": true}\n",
                              "    ordering: {default: [-code], allowed: [note]}\n");
  make_orders(old);
  run("UPDATE orders SET code = id");
  const std::string before = schema();
  fs::create_directory(directory_ / "kept");
  for (const char* name : {"production.db", "sandbox.db"}) fs::copy(directory_ / name, directory_ / "kept" / name);
  const Agreement agreement{.difference = pending_changes(*api, target()), .worst = Effect::LosesData};
  apply_changes(*api, target(), agreement);
  const std::string after = schema();
  ASSERT_NE(before, after);
  int statement = 1;
  int old_seen = 0;
  for (bool killed = true; killed; ++statement) {
    for (const char* name : {"production.db", "sandbox.db"}) {
      for (const char* suffix : {"-wal", "-shm"}) fs::remove(directory_ / (std::string(name) + suffix));
      fs::copy(directory_ / "kept" / name, directory_ / name, fs::copy_options::overwrite_existing);
    }
    killed = killed_at(statement, *api, target(), agreement);
    const std::string found = schema();
    EXPECT_TRUE(found == before || found == after) << "killed at statement " << statement << ": " << found;
    EXPECT_EQ(ask("SELECT code FROM orders ORDER BY id"), "0|1|2|");
    old_seen += found == before ? 1 : 0;
    EXPECT_EQ(ask("PRAGMA integrity_check"), "ok|");
    ASSERT_LT(statement, 1000);
  }
  EXPECT_EQ(schema(), after);
  EXPECT_GT(statement, 20);
  EXPECT_GT(old_seen, 10);
}

}  // namespace
