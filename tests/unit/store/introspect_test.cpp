#include "store/introspect.hpp"

#include <filesystem>

#include <gtest/gtest.h>

#include "store/sqlite_connection.hpp"

namespace portico::store {
namespace {

using Values = std::vector<std::string>;

Values values_of(std::string_view check) {
  const auto listed = listed_values(check);
  return listed ? listed->values : Values{};
}

TEST(ListedValues, AreReadInBothDatabasesWords) {
  EXPECT_EQ(values_of("CHECK ((state = ANY (ARRAY['new'::text, 'old'::text, 'it''s'::text])))"),
            (Values{"new", "old", "it's"}));
  EXPECT_EQ(
      values_of("CHECK (((state)::text = ANY ((ARRAY['a'::character varying(3), 'b'::character varying])::text[])))"),
      (Values{"a", "b"}));
  EXPECT_EQ(values_of("CHECK ((level = ANY (ARRAY[1, 2, '-1'::integer])))"), (Values{"1", "2", "-1"}));
  EXPECT_EQ(values_of("CHECK (((kind = 'a'::bpchar) OR (kind = 'b'::bpchar) OR (kind IS NULL)))"),
            (Values{"a", "b"}));
  EXPECT_EQ(values_of("(\"The State\" in ('x', /* and */ 'y') or \"The State\" is null)"), (Values{"x", "y"}));
  EXPECT_EQ(listed_values("([The State] IN ('x','y'))")->column, "The State");
  EXPECT_EQ(listed_values("CHECK (VALUE IN ('s', 'm'))")->column, "value");
}

TEST(ListedValues, AnyOtherCheckListsNothing) {
  for (const char* check :
       {"(a > 1)", "(a IN ('x') AND b = 1)", "(a IN ('x','y') OR b = 'z')", "(NOT a IN ('x','y'))",
        "(length(a) IN (1, 2))", "(a IN ('x'))", "(a IN (SELECT b FROM c))", "(a = b)", "(a IN ('x','y') || '')", "",
        "(", "(a = ANY (ARRAY['x', 'y'])) = false"}) {
    EXPECT_FALSE(listed_values(check).has_value()) << check;
  }
}

TEST(ChecksIn, AreThoseOfTheStatementAndNotOfItsComments) {
  const auto checks = checks_in(
      "CREATE TABLE t (a TEXT CHECK (a IN ('x', ')')), -- CHECK (no)\n \"check\" INT, "
      "b INT DEFAULT (1), CONSTRAINT c CHECK (length(a) > (2)))");
  EXPECT_EQ(checks, (Values{"(a IN ('x', ')'))", "(length(a) > (2))"}));
}

class SqliteFile : public testing::Test {
 protected:
  SqliteFile() : file_(std::filesystem::path(testing::TempDir()) / "introspect_test.db") {
    std::filesystem::remove(file_);
    connection_ = std::make_unique<SqliteConnection>(
        file_, SqliteOptions{.mode = OpenMode::Create, .durability = Durability::None});
  }
  ~SqliteFile() override { std::filesystem::remove(file_); }

  Catalog read(const std::string& script) {
    connection_->execute(script);
    connection_.reset();
    return introspect_sqlite(file_);
  }

  static ColumnKind kind(const Catalog& catalog, std::string_view column) {
    return catalog.tables.front().find_column(column)->kind;
  }

  std::filesystem::path file_;
  std::unique_ptr<SqliteConnection> connection_;
};

TEST_F(SqliteFile, DeclaredTypesCountWhereThereAreNoValues) {
  const Catalog catalog = read(
      "CREATE TABLE t (a INT, b VARCHAR(20), c BLOB, d, e REAL, f BOOLEAN, g DATETIME, h DATE, i DECIMAL(8,2), j "
      "NUMERIC(8), "
      "k NUMERIC, l JSON, m INTEGER_OR_TEXT, n MONEY)");
  using enum ColumnKind;
  const std::vector<std::pair<std::string_view, ColumnKind>> kinds = {
      {"a", Integer}, {"b", Text},           {"c", Binary},   {"d", TextLike}, {"e", Number},
      {"f", Boolean}, {"g", LocalTimestamp}, {"h", Date},     {"i", Decimal},  {"j", Integer},
      {"k", Number},  {"l", Json},           {"m", TextLike}, {"n", Decimal}};
  for (const auto& [column, expected] : kinds) EXPECT_EQ(kind(catalog, column), expected) << column;
  EXPECT_EQ(catalog.tables.front().find_column("b")->length, 20);
  EXPECT_EQ(catalog.tables.front().find_column("i")->scale, 2);
}

TEST_F(SqliteFile, ValuesCountMore) {
  const Catalog catalog = read(
      "CREATE TABLE t (a INT, b TEXT, c DECIMAL(8,2), d DECIMAL(8,2), e BOOLEAN, f DATETIME, g DATETIME, h INT, i "
      "TEXT);"
      "INSERT INTO t VALUES (1, '2024-02-29', 12.5, 1.005, 1, 1500000000, '2024-01-01 10:00:00', 1, '2024-02-30'),"
      "(1.5, '2024-03-01', 3, 1, 2, 1600000000, '2024-01-01 10:00:00.5', 'x', NULL)");
  using enum ColumnKind;
  const std::vector<std::pair<std::string_view, ColumnKind>> kinds = {
      {"a", Number},       {"b", Date},           {"c", Decimal},  {"d", Number}, {"e", Integer},
      {"f", EpochSeconds}, {"g", LocalTimestamp}, {"h", TextLike}, {"i", Text}};
  for (const auto& [column, expected] : kinds) EXPECT_EQ(kind(catalog, column), expected) << column;
}

TEST_F(SqliteFile, KeysReferencesAndIndexesAreReadInTheCaseOfTheirTables) {
  const Catalog catalog = read(
      "CREATE TABLE Other (Id INTEGER PRIMARY KEY);"
      "CREATE TABLE a (x TEXT PRIMARY KEY, other INTEGER REFERENCES OTHER, n TEXT COLLATE NOCASE UNIQUE, p INT);"
      "CREATE INDEX part ON a (p) WHERE p > 1; CREATE INDEX expr ON a (p, lower(n));"
      "INSERT INTO a VALUES ('k', 1, 'n', 2)");
  const Table& table = *catalog.find_table("", "a");
  ASSERT_EQ(table.foreign_keys.size(), 1U);
  EXPECT_EQ(table.foreign_keys.front().table, "Other");
  EXPECT_EQ(table.foreign_keys.front().target_columns, Values{"Id"});
  EXPECT_FALSE(table.find_column("x")->nullable) << "no null is there";
  for (const Index& index : table.indexes) {
    EXPECT_EQ(index.is_bytewise, index.columns.front() != "n");
    EXPECT_EQ(index.is_unique, index.columns.front() != "p");
  }
}

TEST_F(SqliteFile, APrimaryKeyWithNullsSaysSo) {
  const Catalog catalog = read("CREATE TABLE a (x TEXT PRIMARY KEY); INSERT INTO a VALUES (NULL), ('k')");
  EXPECT_TRUE(catalog.tables.front().find_column("x")->nullable);
}

TEST_F(SqliteFile, ABrokenViewIsLeftOutAndTheRestRead) {
  const Catalog catalog = read("CREATE TABLE a (x TEXT); CREATE VIEW v AS SELECT y FROM nowhere");
  EXPECT_EQ(catalog.tables.size(), 1U);
  ASSERT_EQ(catalog.left_out.size(), 1U);
  EXPECT_EQ(catalog.left_out.front().name, "v");
}

}  // namespace
}  // namespace portico::store
