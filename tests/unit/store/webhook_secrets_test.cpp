#include "store/webhook_secrets.hpp"

#include <filesystem>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "base/ids.hpp"
#include "store/postgres_connection.hpp"
#include "store/sqlite_access.hpp"
#include "support/postgres_server.hpp"

namespace portico::store {
namespace {

enum class Kind : std::uint8_t { Sqlite, Postgres };

class WebhookSecretsTest : public testing::TestWithParam<Kind> {
 protected:
  WebhookSecretsTest() {
    std::filesystem::create_directories(directory_);
    if (GetParam() == Kind::Postgres) {
      PostgresConnection(support::PostgresServer::shared().address())
          .run_script("SET client_min_messages = error; DROP SCHEMA IF EXISTS portico_access CASCADE");
    }
  }
  ~WebhookSecretsTest() override { std::filesystem::remove_all(directory_); }

  [[nodiscard]] std::unique_ptr<WebhookSecrets> open() const {
    if (GetParam() == Kind::Sqlite) return open_sqlite_webhook_secrets(directory_);
    return open_postgres_webhook_secrets(support::PostgresServer::shared().address(), "portico");
  }

  const std::filesystem::path directory_ = std::filesystem::temp_directory_path() / ("portico-" + base::make_id());
};
INSTANTIATE_TEST_SUITE_P(Stores, WebhookSecretsTest, testing::Values(Kind::Sqlite, Kind::Postgres),
                         [](const auto& kind) { return kind.param == Kind::Sqlite ? "Sqlite" : "Postgres"; });

TEST_P(WebhookSecretsTest, AnAccountHasOneThatStays) {
  const auto secrets = open();
  EXPECT_FALSE(secrets->find("a"));
  const std::string made = secrets->find_or_make("a", 1);
  EXPECT_EQ(made.size(), 72U);
  EXPECT_TRUE(made.starts_with("webhook_"));
  EXPECT_EQ(secrets->find_or_make("a", 2), made);
  EXPECT_EQ(open()->find("a"), made);
  EXPECT_NE(open()->find_or_make("b", 3), made);
}

TEST_P(WebhookSecretsTest, ANewOneCountsForAllAtOnce) {
  const auto server = open();
  const std::string before = server->find_or_make("a", 1);
  const std::string after = open()->rotate("a", 2);
  EXPECT_NE(after, before);
  EXPECT_EQ(server->find_or_make("a", 3), after);
  EXPECT_EQ(open()->rotate("none yet", 4).size(), 72U);
}

TEST_P(WebhookSecretsTest, NobodyElseMayReadTheFile) {
  if (GetParam() == Kind::Postgres) return;
  EXPECT_FALSE(open()->find_or_make("a", 1).empty());
  const auto mode = std::filesystem::status(access_file(directory_)).permissions();
  EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

}  // namespace
}  // namespace portico::store
