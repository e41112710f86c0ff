#include "store/sqlite_reader.hpp"

#include <filesystem>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "store/sqlite_functions.hpp"

namespace {

namespace fs = std::filesystem;
using namespace portico;
using base::ErrorCode;
using store::SqliteConnection;
using store::SqliteReader;

/// A database of five rows.
class ConnectionTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "portico-reader-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
    SqliteConnection connection(production(), {.mode = store::OpenMode::Create});
    connection.execute("CREATE TABLE things(id TEXT)");
    for (int row = 0; row < 5; ++row) connection.execute("INSERT INTO things VALUES ('x')");
  }
  void TearDown() override { fs::remove_all(directory_); }

  [[nodiscard]] fs::path production() const { return directory_ / "production.db"; }
  void insert_one() const {
    SqliteConnection(production(), {.mode = store::OpenMode::ReadWrite}).execute("INSERT INTO things VALUES ('new')");
  }

  [[nodiscard]] static int statements(const SqliteConnection& connection) {
    int count = 0;
    for (auto* next = sqlite3_next_stmt(connection.handle(), nullptr); next != nullptr;
         next = sqlite3_next_stmt(connection.handle(), next)) {
      ++count;
    }
    return count;
  }

  fs::path directory_;
};

TEST_F(ConnectionTest, TheStatementUnusedForLongestMakesRoom) {
  SqliteConnection connection(production(), {});
  store::StatementCache cache(2);
  const auto* first = &cache.find(connection, "SELECT 1");
  static_cast<void>(cache.find(connection, "SELECT 2"));
  EXPECT_EQ(&cache.find(connection, "SELECT 1"), first);
  static_cast<void>(cache.find(connection, "SELECT 3"));  // in place of 2
  EXPECT_EQ(statements(connection), 2);
  EXPECT_EQ(&cache.find(connection, "SELECT 1"), first);
  EXPECT_STREQ(sqlite3_sql(cache.find(connection, "SELECT 2").handle()), "SELECT 2");
  EXPECT_EQ(statements(connection), 2);
}

void throw_words(sqlite3_context* /*context*/, int /*count*/, sqlite3_value** /*arguments*/) {
  throw std::runtime_error("thrown inside");
}
void throw_no_memory(sqlite3_context* /*context*/, int /*count*/, sqlite3_value** /*arguments*/) {
  throw std::bad_alloc();
}

void define(const SqliteConnection& connection, const char* name, store::FunctionBody body) {
  ASSERT_EQ(
      sqlite3_create_function_v2(connection.handle(), name, 0, SQLITE_UTF8, nullptr, body, nullptr, nullptr, nullptr),
      SQLITE_OK);
}

TEST_F(ConnectionTest, AnExceptionInAFunctionBecomesTheStatementsError) {
  SqliteConnection connection(production(), {});
  define(connection, "words", store::without_exceptions<throw_words>);
  define(connection, "no_memory", store::without_exceptions<throw_no_memory>);
  store::SqliteStatement words(connection, "SELECT words() FROM things");
  try {
    static_cast<void>(words.step());
    FAIL() << "the exception was lost";
  } catch (const store::SqliteError& error) {
    EXPECT_EQ(error.primary_code(), SQLITE_ERROR);
    EXPECT_NE(std::string(error.what()).find("thrown inside"), std::string::npos) << error.what();
  }
  store::SqliteStatement no_memory(connection, "SELECT no_memory() FROM things");
  try {
    static_cast<void>(no_memory.step());
    FAIL() << "the exception was lost";
  } catch (const store::SqliteError& error) {
    EXPECT_EQ(error.primary_code(), SQLITE_NOMEM);
  }
  insert_one();
  store::SqliteStatement count(connection, "SELECT count(*) FROM things");
  ASSERT_TRUE(count.step());
  EXPECT_EQ(count.integer(0), 6);
}

TEST_F(ConnectionTest, AReadingThatIsLeftByAnExceptionHoldsNoSnapshot) {
  SqliteConnection connection(production(), {});
  store::SqliteStatement rows(connection, "SELECT id FROM things");
  try {
    const store::Reading reading(rows);
    ASSERT_TRUE(rows.step());
    throw std::bad_alloc();
  } catch (const std::bad_alloc&) {
    insert_one();
  }
  store::SqliteStatement count(connection, "SELECT count(*) FROM things");
  ASSERT_TRUE(count.step());
  EXPECT_EQ(count.integer(0), 6);
}

}  // namespace
