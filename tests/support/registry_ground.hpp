#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/ids.hpp"
#include "platform/registry.hpp"
#include "store/postgres_connection.hpp"
#include "store/postgres_own_tables.hpp"
#include "store/sqlite_own_tables.hpp"
#include "support/postgres_server.hpp"

namespace portico::platform {

enum class Kind : std::uint8_t { Sqlite, Postgres };

inline constexpr base::Microseconds minute = base::Microseconds{60} * 1'000'000;

/// A registry on either store, with a clock that the test turns, and users of every kind.
class RegistryTest : public testing::TestWithParam<Kind> {
 protected:
  RegistryTest() {
    std::filesystem::create_directories(directory_);
    if (GetParam() == Kind::Postgres) {
      store::PostgresConnection(support::PostgresServer::shared().address())
          .run_script("SET client_min_messages = error; DROP SCHEMA IF EXISTS portico_access CASCADE");
    }
    registry_ = open();
    tables_ = open_tables();
  }
  ~RegistryTest() override { std::filesystem::remove_all(directory_); }

  [[nodiscard]] std::unique_ptr<store::OwnTables> open_tables() const {
    if (GetParam() == Kind::Sqlite) return std::make_unique<store::SqliteOwnTables>(directory_);
    return std::make_unique<store::PostgresOwnTables>(support::PostgresServer::shared().address(), "portico");
  }
  [[nodiscard]] std::unique_ptr<Registry> open() const {
    return std::make_unique<Registry>(open_tables(), rules_, [this] { return now_; });
  }

  /// A user without a password, which would take its time; acts for the account named `shop`.
  std::string add_user(const std::string& email, const std::vector<Role>& roles) {
    std::string names;
    for (const Role role : roles) names.append(names.empty() ? "" : " ").append(name_of(role));
    const std::string id = base::make_id();
    run("INSERT INTO portico_users(id, email, email_folded, name, password, roles, locale, created) VALUES ($1, $2, "
        "$2, "
        "$2, '', $3, 'en', 1)",
        {id, email, names});
    run("INSERT INTO portico_members(user_id, account, everything, scopes) VALUES ($1, 'shop', 1, '')", {id});
    return id;
  }

  store::OwnAnswer run(std::string_view sql, const std::vector<store::OwnValue>& binds = {}) {
    return tables_->run(sql, binds);
  }
  std::int64_t number(std::string_view sql, const std::vector<store::OwnValue>& binds = {}) {
    return std::get<std::int64_t>(run(sql, binds).rows.at(0).at(0));
  }

  /// An extension called `plot`, whose version 1 is in development.
  Extension declare(const std::string& owner, const std::string& name = "plot") {
    return registry_->declare(owner, {.name = name, .title = "A plot", .description = ""}).value();
  }
  /// Its version goes to that status, by who may.
  void bring(const std::string& owner, int version, VersionStatus status, const std::string& name = "plot") {
    const auto step = [&](const std::string& actor, Transition transition) {
      ASSERT_TRUE(registry_->move(actor, name, version, transition, "because"));
    };
    const std::string reviewer = add_user(base::make_id() + "@example.com", {Role::Operator});
    if (status == VersionStatus::Development) return;
    step(owner, Transition::Submit);
    if (status == VersionStatus::Revision) return;
    if (status == VersionStatus::Denied) return step(reviewer, Transition::Deny);
    step(reviewer, Transition::Publish);
    if (status == VersionStatus::Down) step(reviewer, Transition::Down);
  }
  void ask_for(const std::string& owner, int version, const std::vector<std::string>& scopes,
               const std::vector<std::string>& hosts = {}) {
    ASSERT_TRUE(registry_->change_version(owner, "plot", version, {.running = {}, .scopes = scopes, .hosts = hosts}));
  }

  const std::filesystem::path directory_ = std::filesystem::temp_directory_path() / ("portico-" + base::make_id());
  RegistryRules rules_{.scopes = {"orders:read", "orders:write", "shops:read"}};
  base::Microseconds now_ = base::Microseconds{1'700'000'000} * 1'000'000;
  std::unique_ptr<Registry> registry_;
  std::unique_ptr<store::OwnTables> tables_;
};

inline std::string name_of_kind(const testing::TestParamInfo<Kind>& info) {
  return info.param == Kind::Sqlite ? "Sqlite" : "Postgres";
}

/// The code that something was refused with, or nothing where it was not.
template <typename T>
std::optional<base::ErrorCode> code_of(const base::Result<T>& result) {
  if (result) return std::nullopt;
  return result.error().code;
}

/// The paths of the faults, joined by dots.
template <typename T>
std::vector<std::string> faults_of(const base::Result<T>& result) {
  std::vector<std::string> paths;
  if (result) return paths;
  for (const base::Fault& fault : result.error().faults) {
    std::string path;
    for (const std::string& step : fault.path) path.append(path.empty() ? "" : ".").append(step);
    paths.push_back(std::move(path));
  }
  return paths;
}

inline constexpr std::string_view console = "http://localhost:8080";

}  // namespace portico::platform
