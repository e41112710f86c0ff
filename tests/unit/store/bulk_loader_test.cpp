#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "model/load_yaml.hpp"
#include "store/sqlite_connection.hpp"
#include "store/sqlite_loader.hpp"

namespace {

namespace fs = std::filesystem;
using portico::base::Cell;
using portico::model::Api;
using portico::store::OpenMode;
using portico::store::SqliteConnection;
using portico::store::SqliteError;
using portico::store::SqliteFileLoader;
using portico::store::SqliteStatement;

constexpr const char* description = R"(
vendor: acme
versions: [1]
apis:
  partner: {base: /, dialect: media-type}
accounts: shops
resources:
  orders:
    owner: shop
    operations: [list, retrieve]
    ordering: {default: [-total]}
    fields:
      id: {type: id}
      total: {type: integer}
      note: {type: string, "null": true}
      lines: {type: list, of: {type: string}}
  shops:
    operations: [retrieve]
    fields:
      id: {type: id}
)";

Cell text(std::string_view value) {
  return {.kind = Cell::Kind::Text, .text = value};
}
Cell integer(std::int64_t value) {
  return {.kind = Cell::Kind::Integer, .integer = value};
}

class BulkLoaderTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "portico-bulk-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
    auto loaded = portico::model::load_yaml(description);
    ASSERT_TRUE(std::holds_alternative<std::shared_ptr<const Api>>(loaded));
    api_ = std::get<std::shared_ptr<const Api>>(loaded);
  }
  void TearDown() override { fs::remove_all(directory_); }

  [[nodiscard]] fs::path file() const { return directory_ / "production.db"; }
  [[nodiscard]] const portico::model::Resource& orders() const { return *api_->find_resource("orders"); }
  void add(SqliteFileLoader& loader, std::string_view id, std::int64_t total, Cell note = {}) const {
    const std::vector<Cell> cells = {text(id), integer(total), note, text(R"(["a"])")};
    loader.add({.resource = orders(), .owner = "shop1", .cells = cells});
  }
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(directory_), fs::directory_iterator{}));
  }
  static void finish(SqliteFileLoader& loader) {
    loader.build([](std::size_t, std::size_t) {});
    loader.put_in_place();
  }

  fs::path directory_;
  std::shared_ptr<const Api> api_;
};

TEST_F(BulkLoaderTest, LoadsRowsAsTheyWereGiven) {
  {
    SqliteFileLoader loader(*api_, file());
    add(loader, "a", 7, text("ñandú"));
    add(loader, "b", 9);
    add(loader, "c", 8, text(""));
    finish(loader);
  }
  SqliteConnection connection(file(), {.mode = OpenMode::ReadOnly});
  SqliteStatement rows(connection, "SELECT id, total, note, lines, shop FROM orders ORDER BY id");
  ASSERT_TRUE(rows.step());
  EXPECT_EQ(rows.text(0), "a");
  EXPECT_EQ(rows.integer(1), 7);
  EXPECT_EQ(rows.text(2), "ñandú");
  EXPECT_EQ(rows.text(3), R"(["a"])");
  EXPECT_EQ(rows.text(4), "shop1");
  ASSERT_TRUE(rows.step());
  EXPECT_TRUE(rows.cell(2).is_null());
  ASSERT_TRUE(rows.step());
  EXPECT_EQ(rows.cell(2).kind, Cell::Kind::Text);  // the empty text is not null
  EXPECT_FALSE(rows.step());
}

TEST_F(BulkLoaderTest, LeavesOneFileInWalModeWithIndexesAndStatistics) {
  {
    SqliteFileLoader loader(*api_, file());
    for (int row = 0; row < 100; ++row) add(loader, "id" + std::to_string(row), row);
    finish(loader);
  }
  EXPECT_EQ(files(), 1U);
  EXPECT_EQ(fs::status(file()).permissions() & fs::perms::others_all, fs::perms::none);
  SqliteConnection connection(file(), {.mode = OpenMode::ReadWrite});
  SqliteStatement mode(connection, "PRAGMA journal_mode");
  ASSERT_TRUE(mode.step());
  EXPECT_EQ(mode.text(0), "wal");
  SqliteStatement statistics(connection, "SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'orders'");
  ASSERT_TRUE(statistics.step());
  EXPECT_EQ(statistics.integer(0), 2);
  SqliteStatement plan(connection,
                       "EXPLAIN QUERY PLAN SELECT id FROM orders WHERE shop = ? ORDER BY total DESC, id DESC");
  ASSERT_TRUE(plan.step());
  EXPECT_NE(plan.text(3).find("COVERING INDEX orders_by_total"), std::string::npos) << plan.text(3);
  EXPECT_FALSE(plan.step());  // no sorting
}

TEST_F(BulkLoaderTest, SaysBeforeEachIndexHowFarItIs) {
  SqliteFileLoader loader(*api_, file());
  std::vector<std::size_t> done;
  loader.build([&](std::size_t place, std::size_t all) {
    EXPECT_EQ(all, 3U);
    done.push_back(place);
  });
  EXPECT_EQ(done, (std::vector<std::size_t>{0, 1, 2, 3}));
}

TEST_F(BulkLoaderTest, WithoutFinishNothingIsLeft) {
  {
    SqliteFileLoader loader(*api_, file());
    add(loader, "a", 7);
    EXPECT_EQ(files(), 1U);
  }
  EXPECT_EQ(files(), 0U);
}

TEST_F(BulkLoaderTest, NeverTouchesADatabaseThatIsThere) {
  std::ofstream(file()) << "precious";
  try {
    SqliteFileLoader loader(*api_, file());
    FAIL() << "loaded over " << file();
  } catch (const std::runtime_error& refusal) {
    EXPECT_NE(std::string(refusal.what()).find("exists already"), std::string::npos) << refusal.what();
  }
  EXPECT_EQ(fs::file_size(file()), 8U);
  EXPECT_EQ(files(), 1U);
}

TEST_F(BulkLoaderTest, ADatabaseThatAppearsMeanwhileIsNotReplaced) {
  {
    SqliteFileLoader loader(*api_, file());
    std::ofstream(file()) << "precious";
    EXPECT_THROW(finish(loader), std::runtime_error);
  }
  EXPECT_EQ(fs::file_size(file()), 8U);
  EXPECT_EQ(files(), 1U);
}

TEST_F(BulkLoaderTest, RefusesTheJournalOfAnotherDatabase) {
  std::ofstream(directory_ / "production.db-wal") << "stray";
  EXPECT_THROW(SqliteFileLoader(*api_, file()), std::runtime_error);
}

TEST_F(BulkLoaderTest, TwoLoadsOfOneFileDoNotMeet) {
  SqliteFileLoader first(*api_, file());
  EXPECT_THROW(SqliteFileLoader(*api_, file()), std::runtime_error);
  add(first, "a", 7);
  finish(first);
  EXPECT_TRUE(fs::exists(file()));
}

TEST_F(BulkLoaderTest, WhatAKilledLoadLeftIsWiped) {
  std::ofstream(directory_ / "production.db.loading") << std::string(10'000, 'x');
  SqliteFileLoader loader(*api_, file());
  add(loader, "a", 7);
  finish(loader);
  EXPECT_EQ(files(), 1U);
}

TEST_F(BulkLoaderTest, KeepsTheRulesOfTheColumns) {
  SqliteFileLoader loader(*api_, file());
  const auto load = [&](const std::vector<Cell>& cells) {
    loader.add({.resource = orders(), .owner = "shop1", .cells = cells});
  };
  EXPECT_THROW(load({text("a"), {}, {}, text("[]")}), SqliteError);           // not null
  EXPECT_THROW(load({text("a"), text("7x"), {}, text("[]")}), SqliteError);   // an integer column
  EXPECT_THROW(load({text("a"), integer(7), {}, text("[1,")}), SqliteError);  // not JSON
  EXPECT_THROW(load({text("a"), integer(7), {}}), std::logic_error);          // a cell too few
}

TEST_F(BulkLoaderTest, AKeyThatIsThereTwiceStopsTheLoad) {
  {
    SqliteFileLoader loader(*api_, file());
    add(loader, "a", 7);
    add(loader, "a", 8);
    EXPECT_THROW(finish(loader), SqliteError);
  }
  EXPECT_EQ(files(), 0U);
}

}  // namespace
