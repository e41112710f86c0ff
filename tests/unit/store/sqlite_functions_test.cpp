#include "store/sqlite_functions.hpp"

#include "base/time.hpp"

namespace portico::store {
namespace {

/// The functions that read what the tables of others hold.
class SqliteFunctions : public testing::Test {
 protected:
  SqliteFunctions() { define_functions(connection_, rules_); }

  /// An integer as its digits, null as `null`.
  std::string value(const std::string& expression) {
    SqliteStatement statement(connection_, "SELECT " + expression);
    EXPECT_TRUE(statement.step());
    const base::Cell cell = statement.cell(0);
    return cell.is_null() ? "null" : std::to_string(cell.integer);
  }

  FunctionRules rules_;
  SqliteConnection connection_{":memory:", {.mode = OpenMode::Create, .durability = Durability::None}};
};

TEST_F(SqliteFunctions, ReadWrittenInstants) {
  const std::string expected =
      std::to_string(base::parse_timestamp("2005-05-24T22:53:30Z", rules_.time_zone).value());
  for (const char* text : {"2005-05-24 22:53:30", "2005-05-24T22:53:30", "2005-05-24 22:53:30.000000",
                           "2005-05-25 00:53:30+02", "2005-05-25 00:53:30+02:00", "2005-05-24 22:53:30Z"}) {
    EXPECT_EQ(value("portico_instant('" + std::string(text) + "')"), expected) << text;
  }
  EXPECT_EQ(value("portico_instant('1970-01-02')"), "86400000000");
  EXPECT_EQ(value("portico_instant('1970-01-01 00:00:00.5')"), "500000");
  for (const char* none : {"''", "'0000-00-00 00:00:00'", "'x'", "NULL", "12", "'2005-02-30'"}) {
    EXPECT_EQ(value("portico_instant(" + std::string(none) + ")"), "null") << none;
  }
}

TEST_F(SqliteFunctions, CountHundredths) {
  for (const char* number : {"4.99", "'4.99'", "'4.985'", "4.985", "4.9949"}) {
    EXPECT_EQ(value("portico_hundredths(" + std::string(number) + ")"), "499") << number;
  }
  EXPECT_EQ(value("portico_hundredths(5)"), "500");
  EXPECT_EQ(value("portico_hundredths(-1.005)"), "-101");
  for (const char* none : {"NULL", "''", "'x'", "9e999", "9223372036854775807"}) {
    EXPECT_EQ(value("portico_hundredths(" + std::string(none) + ")"), "null") << none;
  }
}

TEST_F(SqliteFunctions, ShowWholeNumbersAlone) {
  EXPECT_EQ(value("portico_whole(-9223372036854775808)"), "-9223372036854775808");
  EXPECT_EQ(value("portico_whole(12.0)"), "12");
  EXPECT_EQ(value("portico_whole('12.00')"), "12");
  EXPECT_EQ(value("portico_whole(1e15)"), "1000000000000000");
  for (const char* none : {"NULL", "''", "'x'", "1.5", "-0.5", "1e20", "9223372036854775808.0", "9e999"}) {
    EXPECT_EQ(value("portico_whole(" + std::string(none) + ")"), "null") << none;
  }
}

TEST_F(SqliteFunctions, KnowJsonWhateverItsNumbers) {
  for (const char* json :
       {"null", "\"x\"", "[1, 2.5, -0.0]", "1000000000000000000000000000000", "[-1000000000000000000000000000000]",
        "1e999", "{\"a\": 1e-9999, \"12345\": \"1234\"}", "[\"\\\"123\", 123456789012345678901234567890.5E+300]"}) {
    EXPECT_EQ(value("json_valid('" + std::string(json) + "')"), "1") << json;
  }
  for (const char* other : {"", "x", "01", "-01", "000", "1.", ".5", "1e", "12345678901234567890123.", "[1,]",
                            "{\"a\": 1", "\"1234", "012345678901234567890123", "NaN", "1 2"}) {
    EXPECT_EQ(value("json_valid('" + std::string(other) + "')"), "0") << other;
  }
}

TEST_F(SqliteFunctions, CountMicroseconds) {
  EXPECT_EQ(value("portico_seconds(1443809745.101838)"), "1443809745101838");
  EXPECT_EQ(value("portico_seconds(-1)"), "-1000000");
  EXPECT_EQ(value("portico_seconds('253402300799')"), "253402300799000000");
  EXPECT_EQ(value("portico_seconds(NULL)"), "null");
}

}  // namespace
}  // namespace portico::store
