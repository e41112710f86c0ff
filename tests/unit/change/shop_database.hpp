#pragma once

#include <memory>
#include <string>
#include <utility>

#include "model/api.hpp"
#include "plan/sql_flavor.hpp"
#include "store/postgres_connection.hpp"
#include "store/postgres_reading.hpp"
#include "store/postgres_schema.hpp"
#include "store/procedure.hpp"
#include "store/schema.hpp"
#include "store/sqlite_connection.hpp"
#include "store/sqlite_schema.hpp"
#include "store/sqlite_violation.hpp"
#include "support/postgres_server.hpp"

namespace portico::change {

/// What a test's procedures run in: the tables of a description, empty at first.
class ShopDatabase {
 public:
  /// The database refused a row.
  struct Refused {
    store::Violation violation;
  };

  virtual ~ShopDatabase() = default;
  ShopDatabase(const ShopDatabase&) = delete;
  ShopDatabase& operator=(const ShopDatabase&) = delete;

  virtual void execute(const std::string& sql) = 0;
  /// Throws Refused.
  virtual store::Given answer(const store::Ask& ask) = 0;
  /// One cell, as text; `null`, and nothing where there is no row.
  virtual std::string value(const std::string& sql) = 0;

 protected:
  ShopDatabase() = default;
};

class SqliteShop final : public ShopDatabase {
 public:
  explicit SqliteShop(const model::Api& api) {
    const store::Schema schema = store::wanted_schema(api, plan::SqlFlavor::Sqlite);
    for (const auto& table : schema.tables) connection_.execute(store::sqlite_table_sql(table));
    for (const auto& index : schema.indexes) connection_.execute(store::sqlite_index_sql(index));
  }

  void execute(const std::string& sql) override { connection_.execute(sql); }

  store::Given answer(const store::Ask& ask) override {
    try {
      return run(ask);
    } catch (const store::SqliteError& error) {
      throw Refused{store::violation_of(connection_, error)};
    }
  }

  std::string value(const std::string& sql) override {
    store::SqliteStatement statement(connection_, sql);
    if (!statement.step()) return {};
    const base::Cell cell = statement.cell(0);
    if (cell.is_null()) return "null";
    return cell.kind == base::Cell::Kind::Integer ? std::to_string(cell.integer) : std::string(cell.text);
  }

 private:
  store::Given run(const store::Ask& ask) {
    store::Given given;
    given.rows.clear(ask.columns);
    store::SqliteStatement statement(connection_, ask.statement.sql);
    statement.bind_all(ask.statement.binds);
    while (statement.step()) {
      for (int column = 0; column < static_cast<int>(ask.columns); ++column) {
        const base::Cell cell = statement.cell(column);
        if (cell.kind == base::Cell::Kind::Text) {
          given.rows.add_text(cell.text);
        } else {
          given.rows.add(cell);
        }
      }
    }
    if (ask.columns == 0) given.changed = connection_.changes();
    return given;
  }

  store::SqliteConnection connection_{":memory:", {.mode = store::OpenMode::Create}};
};

class PostgresShop final : public ShopDatabase {
 public:
  explicit PostgresShop(const model::Api& api)
      : schema_(store::wanted_schema(api, plan::SqlFlavor::Postgres)),
        connection_(support::PostgresServer::shared().address()) {
    const store::PostgresSchemaWriter writer(api.database.schema);
    execute("SET client_min_messages = error; DROP SCHEMA IF EXISTS " + api.database.schema + " CASCADE");
    execute(writer.create_schema());
    for (const auto& table : schema_.tables) execute(writer.create_table(table));
    for (const auto& index : schema_.indexes) execute(writer.create_index(index));
    execute("SET search_path = " + api.database.schema);
  }

  void execute(const std::string& sql) override { connection_.run_script(sql); }

  store::Given answer(const store::Ask& ask) override {
    try {
      return run(ask);
    } catch (const store::PostgresError& error) {
      throw Refused{violation_of(error)};
    }
  }

  std::string value(const std::string& sql) override {
    const store::PostgresResult result = connection_.run(sql);
    if (result.rows() == 0) return {};
    return result.is_null(0, 0) ? "null" : std::string(result.text(0, 0));
  }

 private:
  store::Given run(const store::Ask& ask) {
    store::Given given;
    given.rows.clear(ask.columns);
    // How many rows changed is asked for where the statement itself says nothing.
    const std::string& sql = ask.statement.sql;
    const bool reads = ask.columns > 0;
    const store::PostgresResult result = connection_.run(reads ? sql : sql + " RETURNING 1", ask.statement.binds);
    if (reads) {
      const base::Status read = store::read_rows(result, ask.readings, given.rows);
      EXPECT_TRUE(read.has_value()) << (read ? "" : read.error().detail) << sql;
    }
    if (!reads) given.changed = result.rows();
    return given;
  }

  /// The message names the index.
  [[nodiscard]] store::Violation violation_of(const store::PostgresError& error) const {
    const std::string words = error.what();
    store::Violation violation{.kind = store::Violation::Kind::Unique, .table = {}, .columns = {}};
    for (const auto& index : schema_.indexes) {
      if (error.sqlstate() != "23505" || words.find('"' + index.name + '"') == std::string::npos) continue;
      violation.table = index.table;
      for (const auto& column : index.columns) violation.columns.push_back(column.name);
    }
    EXPECT_FALSE(violation.table.empty()) << words;
    return violation;
  }

  store::Schema schema_;
  store::PostgresConnection connection_;
};

inline std::unique_ptr<ShopDatabase> make_shop(const model::Api& api, plan::SqlFlavor flavor) {
  if (flavor == plan::SqlFlavor::Sqlite) return std::make_unique<SqliteShop>(api);
  return std::make_unique<PostgresShop>(api);
}

}  // namespace portico::change
