#include "store/row_gatherer.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "store/sqlite_reader.hpp"

namespace {

namespace fs = std::filesystem;
using namespace portico;
using base::Cell;
using plan::Statement;
using store::RowGatherer;
using store::Rows;
using store::SqliteConnection;

constexpr std::chrono::seconds long_enough{30};

/// `list` are the columns, as `SELECT list rest`.
Statement selecting(const std::string& list, const std::string& rest) {
  return {.sql = "SELECT " + list + rest, .binds = {}, .columns_end = 7 + list.size()};
}

std::string shown(const Cell& cell) {
  switch (cell.kind) {
    case Cell::Kind::Null:
      return "null";
    case Cell::Kind::Integer:
      return "integer " + std::to_string(cell.integer);
    case Cell::Kind::Real:
      return "real " + std::to_string(cell.real);
    case Cell::Kind::Text:
      return "text " + std::string(cell.text);
  }
  return {};
}

std::vector<std::string> shown(const Rows& rows) {
  std::vector<std::string> cells;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (const Cell& cell : rows.row(row)) cells.push_back(shown(cell));
  }
  return cells;
}

class RowGathererTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "portico-gatherer-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
    SqliteConnection connection(file(), {.mode = store::OpenMode::Create});
    connection.execute("CREATE TABLE things(id INTEGER PRIMARY KEY, size REAL, name TEXT, raw BLOB)");
    connection.execute("INSERT INTO things VALUES (1, 2, 'c', x'6100'), (2, NULL, '', NULL), (3, -0.5, 'b', x'')");
    connection.execute("INSERT INTO things VALUES (4, 7, 'a' || char(0) || 'z', 'x')");
  }
  void TearDown() override { fs::remove_all(directory_); }

  [[nodiscard]] fs::path file() const { return directory_ / "things.db"; }

  /// What read_within gives, and whether it was gathered.
  struct Outcome {
    std::vector<std::string> cells;
    bool gathered = false;
  };
  Outcome gathered(const Statement& statement, std::size_t columns) const {
    SqliteConnection connection(file(), {});
    RowGatherer gatherer(connection);
    Rows rows;
    rows.clear(columns);
    store::SqliteStatement prepared(connection, RowGatherer::gathering(statement));
    prepared.bind_all(statement.binds);
    const bool in_order = gatherer.gather(prepared, rows);
    return {shown(rows), in_order};
  }
  std::vector<std::string> read_plainly(const Statement& statement, std::size_t columns) {
    Rows rows;
    EXPECT_TRUE(reader().read(statement, columns, rows));
    return shown(rows);
  }
  std::vector<std::string> read_within(const Statement& statement, std::size_t columns) {
    Rows rows;
    const auto read = reader().read_within(long_enough, {statement, columns}, rows);
    EXPECT_TRUE(read && *read);
    return shown(rows);
  }

 private:
  store::SqliteReader& reader() {
    if (!reader_) reader_ = std::make_unique<store::SqliteReader>(file(), rules_);
    return *reader_;
  }

  fs::path directory_;
  store::FunctionRules rules_;
  std::unique_ptr<store::SqliteReader> reader_;
};

TEST_F(RowGathererTest, TheColumnsBecomeAFunctionsArguments) {
  EXPECT_EQ(RowGatherer::gathering(selecting("\"a\", \" FROM \"", " FROM \"t\" WHERE \"a\" = ?")),
            "SELECT portico_row(\"a\", \" FROM \") FROM \"t\" WHERE \"a\" = ?");
}

TEST_F(RowGathererTest, AStatementWhoseColumnsAreElsewhereIsRefused) {
  EXPECT_THROW(static_cast<void>(RowGatherer::gathering({.sql = "SELECT a", .columns_end = 9})), std::logic_error);
  EXPECT_THROW(static_cast<void>(RowGatherer::gathering({.sql = "SELECT a", .columns_end = 3})), std::logic_error);
  EXPECT_THROW(static_cast<void>(RowGatherer::gathering({.sql = "VALUES (1)", .columns_end = 8})), std::logic_error);
}

TEST_F(RowGathererTest, CellsOfEveryKindAreAsAPlainReadingHasThem) {
  const Statement all = selecting("id, size, name, raw", " FROM things ORDER BY id");
  const Outcome outcome = gathered(all, 4);
  EXPECT_TRUE(outcome.gathered);
  const std::vector<std::string> expected = {"integer 1",
                                             "real 2.000000",
                                             "text c",
                                             std::string("text a\0", 7),
                                             "integer 2",
                                             "null",
                                             "text ",
                                             "null",
                                             "integer 3",
                                             "real -0.500000",
                                             "text b",
                                             "text ",
                                             "integer 4",
                                             "real 7.000000",
                                             std::string("text a\0z", 8),
                                             "text x"};
  EXPECT_EQ(outcome.cells, expected);
  EXPECT_EQ(read_plainly(all, 4), expected);
  EXPECT_EQ(read_within(all, 4), expected);
}

TEST_F(RowGathererTest, AWindowGathersItsRowsAlone) {
  Statement window = selecting("id", " FROM things WHERE id > ? ORDER BY id DESC LIMIT ? OFFSET ?");
  window.binds = {std::int64_t{1}, std::int64_t{1}, std::int64_t{1}};
  const Outcome outcome = gathered(window, 1);
  EXPECT_TRUE(outcome.gathered);
  EXPECT_EQ(outcome.cells, std::vector<std::string>{"integer 3"});
  EXPECT_EQ(read_within(window, 1), std::vector<std::string>{"integer 3"});
}

TEST_F(RowGathererTest, WhatSqliteSortsIsNotGatheredButReadInItsOrder) {
  const Statement sorted = selecting("id, name", " FROM things ORDER BY name LIMIT 2");
  EXPECT_FALSE(gathered(sorted, 2).gathered);
  const std::vector<std::string> expected = {"integer 2", "text ", "integer 4", std::string("text a\0z", 8)};
  EXPECT_EQ(read_within(sorted, 2), expected);
  EXPECT_EQ(read_within(sorted, 2), expected);  // and once it is known to be sorted
}

TEST_F(RowGathererTest, RowsThatAreSortedAwayAreNotLeft) {
  const Statement first =
      selecting("id", " FROM things ORDER BY size + id * 100 LIMIT 1");  // in order, as it happens
  EXPECT_FALSE(gathered(first, 1).gathered);
  EXPECT_EQ(read_within(first, 1), std::vector<std::string>{"integer 2"});  // null is the least
}

TEST_F(RowGathererTest, AsManyColumnsAsAFunctionTakesAndMore) {
  SqliteConnection connection(file(), {});
  const RowGatherer gatherer(connection);
  for (const std::size_t columns : {127U, 128U}) {
    std::string list = "id";
    while (static_cast<std::size_t>(std::count(list.begin(), list.end(), ',')) + 1 < columns) list += ", name";
    const Statement wide = selecting(list, " FROM things ORDER BY id");
    EXPECT_EQ(gatherer.takes(wide, columns), columns == 127);
    EXPECT_EQ(read_within(wide, columns), read_plainly(wide, columns));
    EXPECT_EQ(read_within(wide, columns).size(), 4 * columns);
  }
  EXPECT_FALSE(gatherer.takes({.sql = "SELECT id FROM things"}, 1)) << "it does not say where its columns end";
}

TEST_F(RowGathererTest, ARowOfAnotherWidthIsAnError) {
  Rows rows;
  SqliteConnection connection(file(), {});
  RowGatherer gatherer(connection);
  rows.clear(2);
  store::SqliteStatement prepared(connection, RowGatherer::gathering(selecting("id", " FROM things")));
  EXPECT_THROW(static_cast<void>(gatherer.gather(prepared, rows)), store::SqliteError);
}

TEST_F(RowGathererTest, TheFunctionIsNotForViewsOfADatabase) {
  SqliteConnection(file(), {.mode = store::OpenMode::ReadWrite})
      .execute("CREATE VIEW rows AS SELECT portico_row(id) AS row FROM things");
  const Statement of_view = selecting("\"row\"", " FROM rows");
  Rows rows;
  store::FunctionRules rules;
  store::SqliteReader reader(file(), rules);
  EXPECT_FALSE(reader.read_within(long_enough, {of_view, 1}, rows));
}

}  // namespace
