#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "migrating.hpp"

namespace {

using namespace portico::store;

/// Cars of accounts, or of nobody.
ApiPointer cars_api(const std::string& fields, const std::string& owner = "account",
                    const std::string& operations = "list, create") {
  return portico::support::loaded_api(
      "vendor: acme\nversions: [1]\naccounts: none\napis:\n  partner: {base: /, dialect: media-type}\nresources:\n"
      "  cars:\n    owner: " +
      owner + "\n    operations: [" + operations + "]\n    fields:\n      id: {type: id, read_only: true}\n" +
      fields);
}

constexpr const char* plate = "      plate: {type: string}\n";
constexpr const char* unique_plate = "      plate: {type: string, unique: true}\n";
constexpr const char* plate_and_km =
    "      plate: {type: string}\n      km: {type: integer}\n      note: {type: string}\n";
constexpr const char* why_km = "the description does not have km, so that rows that are made have no value there";

std::string refusal(const ApiPointer& api, const SchemaTarget& target) {
  try {
    require_schema(*api, target);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return {};
}

std::string remarks_of(const Difference& difference) {
  std::string remarks;
  for (const Remark& remark : difference.remarks) {
    if (remark.place == "production") remarks += remark.what + "; ";
  }
  return remarks;
}

class LeftOverTest : public SqliteMigrating {};
class LeftOverPostgresTest : public PostgresMigrating {};

TEST_F(LeftOverTest, AColumnThatNoRowGetsAValueInMayBeNull) {
  apply(cars_api(plate_and_km));
  run("INSERT INTO cars (id, account, plate, km, note) VALUES ('a', '1', 'p', 7, 'n')");
  run("ALTER TABLE cars ADD COLUMN level INTEGER NOT NULL DEFAULT 3");  // given where a statement does not
  const auto api = cars_api(plate);
  const auto changes = changes_of(pending_changes(*api, target()));
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].what, "table cars is made anew with its rows: column km may be null; column note may be null");
  EXPECT_EQ(changes[0].effect, Effect::Harmless);
  EXPECT_NE(changes[0].advice.find(why_km), std::string::npos) << changes[0].advice;
  EXPECT_EQ(remarks_of(pending_changes(*api, target())), "column cars.level; ");
  EXPECT_NE(refusal(api, target()).find("column cars.km may not be null"), std::string::npos);
  apply(api);
  EXPECT_EQ(refusal(api, target()), "");
  EXPECT_TRUE(pending_changes(*api, target()).changes.empty());
  EXPECT_EQ(remarks_of(pending_changes(*api, target())), "column cars.km; column cars.note; column cars.level; ");
  run("INSERT INTO cars (id, account, plate) VALUES ('b', '1', 'q')");
  EXPECT_EQ(ask("SELECT id, km, note, level FROM cars ORDER BY id"), "a|7|n|3|b|null|null|3|");
  apply(cars_api(plate), Effect::LosesData, Unused::Drop);
  EXPECT_EQ(ask("SELECT name FROM pragma_table_info('cars')"), "id|plate|account|");
}

TEST_F(LeftOverTest, ATableWithoutOwnersAsksForNone) {
  apply(cars_api(unique_plate));
  const auto api = cars_api(unique_plate, "none");
  apply(api);
  EXPECT_EQ(refusal(api, target()), "");
  EXPECT_TRUE(pending_changes(*api, target()).changes.empty());
  run("INSERT INTO cars (id, plate) VALUES ('b', 'q')");
  EXPECT_THROW(run("INSERT INTO cars (id, plate) VALUES ('c', 'q')"), SqliteError);
}

TEST_F(LeftOverTest, WhatOthersDefinedIsLeftToThemWhereTheyAddTheRows) {
  SqliteConnection(file(), {.mode = OpenMode::Create})
      .execute(
          "CREATE TABLE cars (number INTEGER PRIMARY KEY, id TEXT NOT NULL, plate TEXT NOT NULL, "
          "lot TEXT NOT NULL COLLATE NOCASE)");
  EXPECT_NO_THROW(apply(cars_api(plate, "none", "list")));
  EXPECT_EQ(refusal(cars_api(plate, "none", "list"), target()), "");
  const auto changes = changes_of(pending_changes(*cars_api(plate, "none"), target()));
  EXPECT_EQ(changes.at(0).effect, Effect::Impossible);  // its definition is not guessed at
  EXPECT_NE(changes.at(0).advice.find("lot"), std::string::npos) << changes.at(0).advice;
  EXPECT_EQ(changes.at(0).advice.find("number"), std::string::npos) << "the database counts it";
}

TEST_F(LeftOverTest, WhatIsNoLongerUniqueMayBeThereTwice) {
  apply(cars_api(unique_plate));
  run("CREATE UNIQUE INDEX theirs ON cars (plate)");
  const auto api = cars_api("      plate: {type: string, index: true}\n      km: {type: integer, \"null\": true}\n");
  const auto changes = changes_of(pending_changes(*api, target()));
  ASSERT_EQ(changes.size(), 3U);
  EXPECT_EQ(changes[0].what, "index cars_plate_unique of cars (account, plate) is dropped");
  EXPECT_EQ(changes[0].effect, Effect::Harmless);
  EXPECT_EQ(changes[2].what, "index cars_by_plate is made on cars (account, plate, id)");
  EXPECT_EQ(remarks_of(pending_changes(*api, target())), "index theirs of cars; ");  // for who made it to drop
  EXPECT_NE(refusal(cars_api(plate), target()).find("index cars_plate_unique of cars"), std::string::npos);
  apply(api);
  EXPECT_EQ(refusal(api, target()), "");
  EXPECT_TRUE(pending_changes(*api, target()).changes.empty());
  run("DROP INDEX theirs; INSERT INTO cars (id, account, plate) VALUES ('a', '1', 'p'), ('b', '1', 'p')");
}

TEST_F(LeftOverTest, ATableThatIsMadeAnewComesWithoutTheIndexThatIsDropped) {
  const std::string wide(60, 'w');  // its index's name is cut
  const auto old = cars_api("      " + wide + ": {type: string, unique: true}\n      km: {type: integer}\n");
  apply(old);
  const auto api = cars_api("      " + wide + ": {type: string}\n");
  EXPECT_EQ(changes_of(pending_changes(*api, target())).size(), 2U);
  apply(api);
  EXPECT_TRUE(pending_changes(*api, target()).changes.empty());
  EXPECT_EQ(ask("SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'cars'"), "cars_key|cars_by_id|");
  EXPECT_NO_THROW(run("INSERT INTO cars (id, account, " + wide + ") VALUES ('a', '1', 'p'), ('b', '1', 'p')"));
}

TEST_F(LeftOverPostgresTest, AColumnThatNoRowGetsAValueInMayBeNull) {
  apply(cars_api(plate_and_km));
  run("INSERT INTO portico.cars (id, account, plate, km, note) VALUES ('a', '1', 'p', 7, 'n'); "
      "ALTER TABLE portico.cars ADD level int NOT NULL DEFAULT 3, ADD number int GENERATED ALWAYS AS IDENTITY, "
      "ALTER note TYPE varchar(9)");
  const auto api = cars_api(plate);
  const auto changes = changes_of(pending_changes(*api, target()));
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0].what, "column cars.km may be null");
  EXPECT_EQ(changes[0].sql,
            std::vector<std::string>{R"(ALTER TABLE "portico"."cars" ALTER COLUMN "km" DROP NOT NULL)"});
  EXPECT_EQ(changes[0].effect, Effect::Harmless);
  EXPECT_EQ(changes[0].advice, why_km);
  EXPECT_EQ(changes[1].what, "column cars.note may be null");
  EXPECT_NE(refusal(api, target()).find("column cars.km may not be null"), std::string::npos);
  apply(api);
  EXPECT_EQ(refusal(api, target()), "");
  EXPECT_TRUE(pending_changes(*api, target()).changes.empty());
  run("INSERT INTO portico.cars (id, account, plate) VALUES ('b', '1', 'q')");
  EXPECT_EQ(ask("SELECT id, km, note FROM portico.cars ORDER BY id"), "a|7|n|b|null|null|");
}

TEST_F(LeftOverPostgresTest, ATableWithoutOwnersAsksForNone) {
  apply(cars_api(unique_plate));
  const auto api = cars_api(unique_plate, "none");
  apply(api);
  EXPECT_EQ(refusal(api, target()), "");
  EXPECT_TRUE(pending_changes(*api, target()).changes.empty());
  run("INSERT INTO portico.cars (id, plate) VALUES ('b', 'q')");
  EXPECT_THROW(run("INSERT INTO portico.cars (id, plate) VALUES ('c', 'q')"), PostgresError);
}

TEST_F(LeftOverPostgresTest, AColumnOfAnotherKeyIsNoMoreOne) {
  apply(cars_api(plate));
  run("ALTER TABLE portico.cars ADD old text NOT NULL, DROP CONSTRAINT cars_key, "
      "ADD CONSTRAINT cars_key PRIMARY KEY (old)");
  const auto api = cars_api(plate);
  apply(api);
  EXPECT_TRUE(pending_changes(*api, target()).changes.empty());
  run("INSERT INTO portico.cars (id, account, plate) VALUES ('b', '1', 'q')");
  run("DELETE FROM portico.cars; ALTER TABLE portico.cars DROP CONSTRAINT cars_key, ADD PRIMARY KEY (old); "
      "CREATE UNIQUE INDEX theirs ON portico.cars (id)");  // of somebody's own making: the key that is there stays
  const auto changes = changes_of(pending_changes(*api, target()));
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].effect, Effect::Impossible);
  EXPECT_NE(changes[0].advice.find("the primary key cars_pkey holds it"), std::string::npos) << changes[0].advice;
  EXPECT_TRUE(pending_changes(*cars_api(plate, "account", "list"), target()).changes.empty());
}

TEST_F(LeftOverPostgresTest, WhatIsNoLongerUniqueMayBeThereTwice) {
  apply(cars_api(unique_plate));
  run("ALTER TABLE portico.cars ADD CONSTRAINT theirs UNIQUE (plate)");
  const auto api = cars_api("      plate: {type: string, index: true}\n");
  const auto changes = changes_of(pending_changes(*api, target()));
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0].what, "index cars_plate_unique of cars (account, plate) is dropped");
  EXPECT_EQ(changes[0].sql, std::vector<std::string>{R"(DROP INDEX "portico"."cars_plate_unique")"});
  EXPECT_EQ(remarks_of(pending_changes(*api, target())), "index theirs of cars, which belongs to theirs; ");
  EXPECT_NE(refusal(cars_api(plate), target()).find("index cars_plate_unique of cars"), std::string::npos);
  apply(api);
  EXPECT_EQ(refusal(api, target()), "");
  EXPECT_TRUE(pending_changes(*api, target()).changes.empty());
  run("ALTER TABLE portico.cars DROP CONSTRAINT theirs; "
      "INSERT INTO portico.cars (id, account, plate) VALUES ('a', '1', 'p'), ('b', '1', 'p')");
}

}  // namespace
