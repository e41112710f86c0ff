#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "store/migrations.hpp"
#include "store/postgres_connection.hpp"
#include "store/sqlite_connection.hpp"
#include "support/loaded_api.hpp"
#include "support/postgres_server.hpp"

namespace portico::store {

using ApiPointer = std::shared_ptr<const model::Api>;

/// SQLite files in a directory of their own.
class SqliteMigrating : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "portico-migrations-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  [[nodiscard]] SchemaTarget target() const { return directory_; }
  [[nodiscard]] std::filesystem::path file(const std::string& mode = "production") const {
    return directory_ / (mode + ".db");
  }

  std::size_t apply(const ApiPointer& api, Effect worst = Effect::Harmless, Unused unused = Unused::Leave) const {
    const Difference difference = pending_changes(*api, target(), unused);
    return apply_changes(*api, target(), {.difference = difference, .unused = unused, .worst = worst});
  }

  void run(const std::string& sql, const std::string& mode = "production") const {
    SqliteConnection(file(mode), {.mode = OpenMode::ReadWrite}).execute(sql);
  }

  /// The cells of all rows, `|` between them.
  [[nodiscard]] std::string ask(const std::string& sql) const {
    SqliteConnection connection(file(), {.mode = OpenMode::ReadOnly});
    SqliteStatement statement(connection, sql);
    std::string text;
    while (statement.step()) {
      for (int column = 0; column < statement.columns(); ++column) {
        const auto cell = statement.cell(column);
        text += cell.is_null()                        ? "null"
                : cell.kind == base::Cell::Kind::Text ? std::string(cell.text)
                                                      : std::to_string(cell.integer);
        text += '|';
      }
    }
    return text;
  }

  /// All that production has, as SQLite wrote it down.
  [[nodiscard]] std::string schema() const {
    return ask("SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite%' ORDER BY type, name");
  }

  void make_orders(const ApiPointer& api, int rows = 3) const {
    apply(api);
    for (int row = 0; row < rows; ++row) {
      const std::string id = std::to_string(row);
      run("INSERT INTO orders (id, shop) VALUES ('" + id + "', 's')");
    }
  }

  std::filesystem::path directory_;
};

/// A database of its own.
class PostgresMigrating : public testing::Test {
 protected:
  void SetUp() override {
    static int databases = 0;
    database_ = "migrations_" + std::to_string(++databases);
    PostgresConnection(support::PostgresServer::shared().address()).run_script("CREATE DATABASE " + database_);
    connection_ = std::make_unique<PostgresConnection>(address());
  }
  void TearDown() override {
    connection_.reset();
    PostgresConnection(support::PostgresServer::shared().address())
        .run_script("DROP DATABASE " + database_ + " WITH (FORCE)");
  }

  [[nodiscard]] std::string address() const { return support::PostgresServer::shared().address(database_); }
  [[nodiscard]] SchemaTarget target() const { return PostgresAddress{address()}; }

  std::size_t apply(const ApiPointer& api, Effect worst = Effect::Harmless, Unused unused = Unused::Leave) const {
    const Difference difference = pending_changes(*api, target(), unused);
    return apply_changes(*api, target(), {.difference = difference, .unused = unused, .worst = worst});
  }

  void run(const std::string& sql) { connection_->run_script(sql); }

  std::string ask(const std::string& sql) {
    const PostgresResult result = connection_->run(sql);
    std::string text;
    for (int row = 0; row < result.rows(); ++row) {
      for (int column = 0; column < result.columns(); ++column) {
        text += (result.is_null(row, column) ? "null" : std::string(result.text(row, column))) + "|";
      }
    }
    return text;
  }

  /// Every column and index of ours.
  std::string schema() {
    return ask("SELECT attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute "
               "JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = relnamespace "
               "WHERE nspname LIKE 'portico%' AND attnum > 0 ORDER BY 1, attnum") +
           ask("SELECT schemaname, indexname, indexdef FROM pg_indexes WHERE schemaname LIKE 'portico%' ORDER BY 1, "
               "2");
  }

  void make_orders(const ApiPointer& api) {
    apply(api);
    run("INSERT INTO portico.orders (id, shop) SELECT n::text, 's' FROM generate_series(0, 2) n");
  }

  std::string database_;
  std::unique_ptr<PostgresConnection> connection_;
};

/// Those of production.
inline std::vector<Change> changes_of(const Difference& difference) {
  std::vector<Change> changes;
  for (const Change& change : difference.changes) {
    if (change.place == "production") changes.push_back(change);
  }
  return changes;
}

}  // namespace portico::store
