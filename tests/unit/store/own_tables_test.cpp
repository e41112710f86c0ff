#include "store/own_tables.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "base/ids.hpp"
#include "store/own_schema.hpp"
#include "store/postgres_own_tables.hpp"
#include "store/sqlite_access.hpp"
#include "store/sqlite_connection.hpp"
#include "store/sqlite_own_tables.hpp"
#include "support/postgres_server.hpp"

namespace portico::store {
namespace {

enum class Kind : std::uint8_t { Sqlite, Postgres };

class OwnTablesTest : public testing::TestWithParam<Kind> {
 protected:
  OwnTablesTest() {
    std::filesystem::create_directories(directory_);
    if (GetParam() == Kind::Postgres) {
      PostgresConnection(support::PostgresServer::shared().address())
          .run_script("SET client_min_messages = error; DROP SCHEMA IF EXISTS portico_access CASCADE");
    }
  }
  ~OwnTablesTest() override { std::filesystem::remove_all(directory_); }

  [[nodiscard]] std::unique_ptr<OwnTables> open() const {
    if (GetParam() == Kind::Sqlite) return std::make_unique<SqliteOwnTables>(directory_);
    return std::make_unique<PostgresOwnTables>(support::PostgresServer::shared().address(), "portico");
  }

  static OwnAnswer run(OwnTables& tables, std::string_view sql, const std::vector<OwnValue>& binds = {}) {
    return tables.run(sql, binds);
  }
  static OwnAnswer add_blob(OwnTables& tables, const std::string& hash, const std::string& content) {
    return run(tables, "INSERT INTO portico_blobs(content, hash) VALUES ($2, $1)", {hash, Bytes{content}});
  }
  static std::int64_t blobs(OwnTables& tables) {
    return std::get<std::int64_t>(run(tables, "SELECT count(*) FROM portico_blobs").rows.at(0).at(0));
  }

  const std::filesystem::path directory_ = std::filesystem::temp_directory_path() / ("portico-" + base::make_id());
};
INSTANTIATE_TEST_SUITE_P(Stores, OwnTablesTest, testing::Values(Kind::Sqlite, Kind::Postgres),
                         [](const auto& kind) { return kind.param == Kind::Sqlite ? "Sqlite" : "Postgres"; });

TEST_P(OwnTablesTest, ValuesComeBackAsTheyWere) {
  const auto tables = open();
  const std::string all_bytes("\0\xff\\x'\"\n", 7);
  EXPECT_EQ(add_blob(*tables, "ñ'\\", all_bytes).changed, 1);
  EXPECT_EQ(add_blob(*tables, "", "").changed, 1);
  const OwnAnswer found = run(*open(), "SELECT hash, content, $1, length(hash) FROM portico_blobs ORDER BY hash DESC",
                              {OwnValue(std::string("bound"))});
  ASSERT_EQ(found.rows.size(), 2U);
  EXPECT_EQ(found.rows[0], (OwnRow{std::string("ñ'\\"), Bytes{all_bytes}, std::string("bound"), std::int64_t{3}}));
  EXPECT_EQ(found.rows[1], (OwnRow{std::string(), Bytes{}, std::string("bound"), std::int64_t{0}}));
}

TEST_P(OwnTablesTest, NullsAndInstants) {
  const auto tables = open();
  const std::vector<OwnValue> user = {std::string("u"), std::int64_t{-62'135'596'800'000'000}, OwnValue()};
  ASSERT_EQ(run(*tables,
                "INSERT INTO portico_users(id, email, email_folded, name, password, roles, locale, created, removed) "
                "VALUES ($1, $1, $1, $1, $1, $1, $1, $2, $3)",
                user)
                .changed,
            1);
  const OwnAnswer found = run(*tables, "SELECT id, created, removed FROM portico_users WHERE id = $1", {user[0]});
  ASSERT_EQ(found.rows.size(), 1U);
  EXPECT_EQ(found.rows[0], user);
  EXPECT_EQ(run(*tables, "UPDATE portico_users SET removed = $1 WHERE removed IS NULL", {std::int64_t{7}}).changed,
            1);
  EXPECT_EQ(run(*tables, "UPDATE portico_users SET removed = $1 WHERE removed IS NULL", {std::int64_t{8}}).changed,
            0);
}

TEST_P(OwnTablesTest, WhatIsNotCommittedIsGone) {
  const auto tables = open();
  {
    OwnTransaction transaction(*tables);
    add_blob(*tables, "a", "1");
  }
  EXPECT_EQ(blobs(*tables), 0);
  {
    OwnTransaction transaction(*tables);
    add_blob(*tables, "a", "1");
    add_blob(*tables, "b", "2");
    transaction.commit();
  }
  EXPECT_EQ(blobs(*open()), 2);
}

TEST_P(OwnTablesTest, ARefusalIsAnAnswerAndEndsTheTransaction) {
  const auto tables = open();
  add_blob(*tables, "there", "");
  EXPECT_EQ(add_blob(*tables, "there", "").refusal, OwnRefusal::Unique);
  OwnTransaction transaction(*tables);
  add_blob(*tables, "a", "1");
  const OwnAnswer refused = run(*tables, "INSERT INTO portico_members VALUES ($1, $2, 1, $2)",
                                {std::string("nobody"), std::string("account")});
  EXPECT_EQ(refused.refusal, OwnRefusal::Reference);
  EXPECT_THROW(transaction.commit(), std::logic_error);
  EXPECT_EQ(blobs(*tables), 1);
}

TEST_P(OwnTablesTest, OneOfAnExtensionsVersionsStandsWhereOneMay) {
  const auto tables = open();
  const auto add_version = [&](const std::string& id, std::int64_t number, const std::string& status) {
    return run(*tables, "INSERT INTO portico_versions VALUES ($1, 'e', $2, $3, 0, '', '', '', 0, 0)",
               {id, number, status})
        .refusal;
  };
  run(*tables, "INSERT INTO portico_users VALUES ('u', '', '', '', '', '', '', 0, NULL)");
  run(*tables, "INSERT INTO portico_extensions VALUES ('e', 'name', '', '', NULL, '', 'u', 0)");
  std::int64_t number = 0;
  for (const std::string status : {"development", "revision", "production"}) {
    EXPECT_EQ(add_version(status, ++number, status), OwnRefusal::None);
    EXPECT_EQ(add_version("second " + status, 100 + number, status), OwnRefusal::Unique) << status;
  }
  for (const std::string status : {"denied", "down"}) {
    EXPECT_EQ(add_version(status, ++number, status), OwnRefusal::None);
    EXPECT_EQ(add_version("second " + status, ++number, status), OwnRefusal::None) << status;
  }
  EXPECT_EQ(add_version("same number", number, "down"), OwnRefusal::Unique);
}

TEST_P(OwnTablesTest, TextsThatNoStoreCouldHoldAreNotBound) {
  const auto tables = open();
  EXPECT_THROW(add_blob(*tables, std::string("a\0b", 3), ""), std::invalid_argument);
  EXPECT_THROW(add_blob(*tables, "\xff", ""), std::invalid_argument);
  EXPECT_EQ(blobs(*tables), 0);
}

/// Two transactions that each read what the other writes.
TEST_P(OwnTablesTest, OfTwoTransactionsInEachOthersWayOneBeginsAgain) {
  if (GetParam() == Kind::Sqlite) return;  // there the second waits for the first
  const auto first = open();
  const auto second = open();
  first->begin();
  second->begin();
  EXPECT_EQ(blobs(*first), 0);
  EXPECT_EQ(blobs(*second), 0);
  add_blob(*first, "first", "");
  add_blob(*second, "second", "");
  first->commit();
  EXPECT_THROW(second->commit(), OwnTablesBusy);
  OwnTransaction again(*second);
  EXPECT_EQ(blobs(*second), 1);
}

TEST_P(OwnTablesTest, TablesAreMadeOnceBySeveralAtOnce) {
  std::vector<std::thread> threads;
  threads.reserve(6);
  for (int i = 0; i < 6; ++i) threads.emplace_back([&] { EXPECT_EQ(blobs(*open()), 0); });
  for (std::thread& thread : threads) thread.join();
}

TEST_P(OwnTablesTest, ALostConnectionIsOpenedAnew) {
  if (GetParam() == Kind::Sqlite) return;
  const auto tables = open();
  add_blob(*tables, "a", "");
  const auto end_sessions = [] {
    PostgresConnection(support::PostgresServer::shared().address())
        .run_script(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND "
            "datname = current_database()");
  };
  end_sessions();
  EXPECT_THROW(blobs(*tables), PostgresError);
  EXPECT_EQ(blobs(*tables), 1);
  tables->begin();
  end_sessions();
  EXPECT_THROW(add_blob(*tables, "b", ""), PostgresError);
  tables->roll_back();
  end_sessions();
  OwnTransaction transaction(*tables);
  EXPECT_EQ(blobs(*tables), 1);
}

TEST_P(OwnTablesTest, AFileThatTakesThePlaceIsRead) {
  if (GetParam() == Kind::Postgres) return;
  const auto tables = open();
  add_blob(*tables, "a", "");
  const std::filesystem::path elsewhere = directory_ / "other";
  std::filesystem::create_directories(elsewhere);
  EXPECT_EQ(blobs(*std::make_unique<SqliteOwnTables>(elsewhere)), 0);
  const std::filesystem::path file = access_file(directory_);
  std::filesystem::remove(file.string() + "-wal");
  std::filesystem::remove(file.string() + "-shm");
  std::filesystem::rename(access_file(elsewhere), file);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (blobs(*tables) != 0) ASSERT_LT(std::chrono::steady_clock::now(), deadline);
  const auto mode = std::filesystem::status(file).permissions();
  EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

}  // namespace
}  // namespace portico::store
