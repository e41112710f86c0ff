// What both stores read of a token of an extension.
#include <filesystem>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "base/ids.hpp"
#include "store/postgres_access.hpp"
#include "store/postgres_own_tables.hpp"
#include "store/sqlite_access.hpp"
#include "store/sqlite_own_tables.hpp"
#include "support/postgres_server.hpp"

namespace portico::store {
namespace {

enum class Kind : std::uint8_t { Sqlite, Postgres };

class GrantsTest : public testing::TestWithParam<Kind> {
 protected:
  GrantsTest() {
    std::filesystem::create_directories(directory_);
    if (GetParam() == Kind::Postgres) {
      PostgresConnection(address()).run_script(
          "SET client_min_messages = error; DROP SCHEMA IF EXISTS portico_access CASCADE");
    }
  }
  ~GrantsTest() override { std::filesystem::remove_all(directory_); }

  static std::string address() { return support::PostgresServer::shared().address(); }

  [[nodiscard]] std::unique_ptr<KeyRegistry> open_keys() const {
    if (GetParam() == Kind::Sqlite) return std::make_unique<SqliteKeyRegistry>(directory_);
    return std::make_unique<PostgresKeyRegistry>(address(), "portico");
  }
  [[nodiscard]] std::unique_ptr<OwnTables> open_tables() const {
    if (GetParam() == Kind::Sqlite) return std::make_unique<SqliteOwnTables>(directory_);
    return std::make_unique<PostgresOwnTables>(address(), "portico");
  }

  static void run(OwnTables& tables, std::string_view sql, const std::vector<OwnValue>& binds = {}) {
    ASSERT_EQ(tables.run(sql, binds).refusal, OwnRefusal::None);
  }

  void fill(OwnTables& tables) const {
    run(tables, "INSERT INTO portico_users VALUES ('u1', 'a@b.c', 'a@b.c', 'A', '*', '', 'en', 1, NULL)");
    run(tables, "INSERT INTO portico_members VALUES ('u1', 'a1', 0, 'orders:read')");
    run(tables,
        "INSERT INTO portico_extensions(id, name, title, description, image_type, owner, created) VALUES ('e1', "
        "'plot', 'P', '', '', 'u1', 1)");
    run(tables,
        "INSERT INTO portico_versions VALUES ('v1', 'e1', 3, 'production', 0, 'orders:read orders:write', '', "
        "'', 1, 20)");
    run(tables,
        "INSERT INTO portico_authorisations VALUES ('z1', 'u1', 'a1', 'e1', 'v1', 'orders:write', '', 1, NULL)");
    run(tables, "INSERT INTO portico_run_tokens VALUES ($1, $2, 'run', 'z1', 'v1', 'development', 0, '', 21, 99)",
        {id_, Bytes{hash_}});
  }

  const std::string id_ = std::string(32, '7');
  const std::string hash_ = std::string("\0\xff'\\", 4) + std::string(28, 'h');
  const std::filesystem::path directory_ = std::filesystem::temp_directory_path() / ("portico-" + base::make_id());
};
INSTANTIATE_TEST_SUITE_P(Stores, GrantsTest, testing::Values(Kind::Sqlite, Kind::Postgres),
                         [](const auto& kind) { return kind.param == Kind::Sqlite ? "Sqlite" : "Postgres"; });

TEST_P(GrantsTest, NoneWhereThereAreNoExtensionsNorTokens) {
  const auto keys = open_keys();
  EXPECT_EQ(keys->find_grant(id_), std::nullopt) << "no tables";
  const auto tables = open_tables();
  EXPECT_EQ(keys->find_grant(id_), std::nullopt);
  fill(*tables);
  EXPECT_NE(keys->find_grant(id_), std::nullopt);
  EXPECT_EQ(keys->find_grant(std::string(32, '8')), std::nullopt);
  EXPECT_EQ(keys->find_grant("' OR 1=1 --"), std::nullopt);
}

TEST_P(GrantsTest, AreWhatTheyDependOnNow) {
  const auto tables = open_tables();
  fill(*tables);
  const auto keys = open_keys();
  const access::Grant wanted{.id = id_,
                             .secret_hash = hash_,
                             .kind = access::KeyKind::Run,
                             .created = 21,
                             .expires = 99,
                             .user = "u1",
                             .account = "a1",
                             .is_member = true,
                             .member_scopes = "orders:read",
                             .authorisation = "z1",
                             .agreed_scopes = "orders:write",
                             .extension = "plot",
                             .version = 3,
                             .minted_status = "development",
                             .status = "production",
                             .status_since = 20,
                             .version_scopes = "orders:read orders:write"};
  EXPECT_EQ(keys->find_grant(id_), wanted);

  run(*tables, "UPDATE portico_authorisations SET revoked = 5");
  EXPECT_TRUE(keys->find_grant(id_)->is_revoked);
  run(*tables, "UPDATE portico_users SET removed = 5");
  EXPECT_TRUE(keys->find_grant(id_)->user_is_removed);
  run(*tables, "UPDATE portico_members SET everything = 1");
  EXPECT_TRUE(keys->find_grant(id_)->member_of_everything);
  run(*tables, "UPDATE portico_members SET account = 'a2'");
  EXPECT_FALSE(keys->find_grant(id_)->is_member);
  EXPECT_FALSE(keys->find_grant(id_)->member_of_everything);
  run(*tables, "DELETE FROM portico_run_tokens");
  EXPECT_EQ(keys->find_grant(id_), std::nullopt);
}

TEST_P(GrantsTest, OfAKindThatIsNoneIsAFaultOfOurs) {
  const auto tables = open_tables();
  fill(*tables);
  run(*tables, "UPDATE portico_run_tokens SET kind = 'private'");
  EXPECT_THROW(static_cast<void>(open_keys()->find_grant(id_)), std::runtime_error);
}

}  // namespace
}  // namespace portico::store
