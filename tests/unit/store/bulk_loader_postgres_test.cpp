#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.hpp"
#include "store/postgres_connection.hpp"
#include "store/postgres_loader.hpp"
#include "support/loaded_api.hpp"
#include "support/postgres_server.hpp"

namespace {

using portico::base::Cell;
using portico::model::Mode;
using portico::store::PostgresConnection;
using portico::store::PostgresError;
using portico::store::PostgresLoader;
using portico::store::PostgresResult;
using portico::support::PostgresServer;

Cell text(std::string_view value) {
  return {.kind = Cell::Kind::Text, .text = value};
}
Cell integer(std::int64_t value) {
  return {.kind = Cell::Kind::Integer, .integer = value};
}

class PostgresLoaderTest : public testing::Test {
 protected:
  void SetUp() override {
    static int databases = 0;
    database_ = "loader_" + std::to_string(++databases);
    PostgresConnection(PostgresServer::shared().address()).run_script("CREATE DATABASE " + database_);
    api_ = portico::support::orders_api(
        "      total: {type: integer}\n      paid: {type: boolean}\n      when: {type: timestamp, \"null\": true}\n"
        "      day: {type: date, \"null\": true}\n      note: {type: string, \"null\": true}\n"
        "      lines: {type: list, of: {type: string}}\n",
        "    ordering: {default: [-total]}\n");
  }
  void TearDown() override {
    PostgresConnection(PostgresServer::shared().address()).run_script("DROP DATABASE " + database_ + " WITH (FORCE)");
  }

  [[nodiscard]] std::string address() const { return PostgresServer::shared().address(database_); }

  struct Row {
    std::string_view id = "a";
    Cell total = integer(7);
    Cell paid = integer(0);
    Cell when = {};
    Cell day = {};
    Cell note = {};
    Cell lines = text("[]");
    Mode mode = Mode::Production;
  };
  void add(PostgresLoader& loader, const Row& row) const {
    const std::vector<Cell> cells = {text(row.id), row.total, row.paid, row.when, row.day, row.note, row.lines};
    loader.add({.mode = row.mode, .resource = *api_->find_resource("orders"), .owner = "shop1", .cells = cells});
  }
  static void finish(PostgresLoader& loader) {
    loader.finish([](Mode, std::size_t, std::size_t) {});
  }
  /// The words of a refusal; empty: none.
  std::string refusal(PostgresLoader& loader, const Row& row) const {
    try {
      add(loader, row);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return {};
  }

  [[nodiscard]] std::string ask(const std::string& sql) const {
    PostgresConnection connection(address());
    const PostgresResult result = connection.run(sql);
    std::string all;
    for (int row = 0; row < result.rows(); ++row) {
      for (int column = 0; column < result.columns(); ++column) {
        all += (result.is_null(row, column) ? "null" : std::string(result.text(row, column))) + "|";
      }
    }
    return all;
  }

  std::string database_;
  std::shared_ptr<const portico::model::Api> api_;
};

TEST_F(PostgresLoaderTest, LoadsRowsAsTheyWereGiven) {
  PostgresLoader loader(*api_, address());
  add(loader, {.id = "a", .total = integer(std::numeric_limits<std::int64_t>::min()), .paid = integer(1)});
  add(loader, {.id = "b",
               .when = integer(portico::base::microseconds_min),
               .day = text("0001-01-01"),
               .note = text("\\N\t\r\n\\.\\\b\x7f ñ🙂"),
               .lines = text("[ \"\\u0000\" ]")});
  add(loader, {.id = "c", .when = integer(portico::base::microseconds_max), .note = text("")});
  add(loader, {.id = "s", .mode = Mode::Sandbox});
  finish(loader);
  EXPECT_EQ(ask("SELECT id, total, paid, \"when\", day, note, lines, shop FROM portico.orders ORDER BY id"),
            "a|-9223372036854775808|t|null|null|null|[]|shop1|"
            "b|7|f|0001-01-01 00:00:00+00|0001-01-01|\\N\t\r\n\\.\\\b\x7f ñ🙂|[ \"\\u0000\" ]|shop1|"
            "c|7|f|9999-12-31 23:59:59.999999+00|null||[]|shop1|");
  EXPECT_EQ(ask("SELECT id FROM portico_sandbox.orders"), "s|");
  EXPECT_GT(loader.made(Mode::Production).bytes, 0U);
  EXPECT_EQ(loader.made(Mode::Sandbox).name, "schema portico_sandbox");
}

TEST_F(PostgresLoaderTest, LeavesIndexesStatisticsAndPagesThatNeedNoSecondLook) {
  PostgresLoader loader(*api_, address());
  std::vector<std::string> ids;
  for (int row = 0; row < 5000; ++row) ids.push_back("id" + std::to_string(row));
  for (const auto& id : ids) add(loader, {.id = id});
  std::vector<std::size_t> done;
  loader.finish([&](Mode mode, std::size_t place, std::size_t all) {
    EXPECT_EQ(all, 4U);
    if (mode == Mode::Production) done.push_back(place);
  });
  EXPECT_EQ(done, (std::vector<std::size_t>{0, 1, 2, 3, 4}));
  EXPECT_EQ(ask("SELECT reltuples, relallvisible = relpages FROM pg_class WHERE oid = 'portico.orders'::regclass"),
            "5000|t|");
  EXPECT_EQ(ask("SELECT indexname FROM pg_indexes WHERE schemaname = 'portico' AND tablename = 'orders' ORDER BY 1"),
            "orders_by_total|orders_key|orders_owner|");
}

TEST_F(PostgresLoaderTest, NobodySeesAnythingBeforeTheEnd) {
  {
    PostgresLoader loader(*api_, address());
    add(loader, {});
    EXPECT_EQ(ask("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'portico%'"), "0|");
  }
  EXPECT_EQ(ask("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'portico%'"), "0|");
}

TEST_F(PostgresLoaderTest, NeverTouchesTablesThatAreThere) {
  PostgresConnection(address()).run_script(
      "CREATE SCHEMA portico_sandbox; CREATE TABLE portico_sandbox.shops (a int)");
  try {
    PostgresLoader loader(*api_, address());
    FAIL() << "loaded over a table";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("portico_sandbox: table shops exists already"), std::string::npos);
  }
  EXPECT_EQ(ask("SELECT count(*) FROM pg_namespace WHERE nspname = 'portico'"), "0|");
}

TEST_F(PostgresLoaderTest, WhatPostgresCannotHoldIsRefusedByItsColumn) {
  PostgresLoader loader(*api_, address());
  using namespace std::string_view_literals;
  EXPECT_NE(refusal(loader, {.note = text("a\0b"sv)}).find("orders.note: the text has a NUL"), std::string::npos);
  EXPECT_NE(refusal(loader, {.note = text("\xff")}).find("orders.note: the text is not UTF-8"), std::string::npos);
  EXPECT_NE(refusal(loader, {.total = text("7")}).find("orders.total: takes an integer"), std::string::npos);
  EXPECT_NE(refusal(loader, {.paid = integer(2)}).find("orders.paid: takes 0 or 1"), std::string::npos);
  EXPECT_NE(refusal(loader, {.when = integer(portico::base::microseconds_max + 1)}).find("years 1 to 9999"),
            std::string::npos);
  add(loader, {});  // what was refused has left nothing
  finish(loader);
  EXPECT_EQ(ask("SELECT id FROM portico.orders"), "a|");
}

TEST_F(PostgresLoaderTest, AKeyThatIsThereTwiceOrAMissingValueStopsTheLoad) {
  {
    PostgresLoader loader(*api_, address());
    add(loader, {});
    add(loader, {});
    EXPECT_THROW(finish(loader), PostgresError);
  }
  {
    PostgresLoader loader(*api_, address());
    add(loader, {.total = {}});
    EXPECT_THROW(finish(loader), PostgresError);
  }
  EXPECT_EQ(ask("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'portico%'"), "0|");
}

}  // namespace
