#include "app/load/csv_reader.hpp"

#include <sstream>

#include <gtest/gtest.h>

namespace portico::app {
namespace {

/// Each record as `LINE:cell|"cell"`, or `LINE!fault`; quoted cells stand in quotes.
std::vector<std::string> read_all(const std::string& text, char separator = ',', std::size_t bytes_max = 1000) {
  std::istringstream in(text);
  CsvReader reader(in, separator, bytes_max);
  std::vector<std::string> all;
  for (CsvReader::Record record; reader.next(record);) {
    std::string shown = std::to_string(record.line) + (record.fault.empty() ? ":" : "!" + record.fault);
    for (std::size_t i = 0; record.fault.empty() && i < record.cells.size(); ++i) {
      const CsvReader::Cell& cell = record.cells[i];
      shown += (i > 0 ? "|" : "") + (cell.is_quoted ? '"' + cell.text + '"' : cell.text);
    }
    all.push_back(shown);
  }
  return all;
}

using Records = std::vector<std::string>;

TEST(CsvReaderTest, CellsAreSplitAndUnquoted) {
  EXPECT_EQ(read_all("a,b,c\n1,,\"\"\n"), (Records{"1:a|b|c", "2:1||\"\""}));
  EXPECT_EQ(read_all("\"a,b\",\"say \"\"hi\"\"\",c d\n"), (Records{"1:\"a,b\"|\"say \"hi\"\"|c d"}));
  EXPECT_EQ(read_all("a;b,c\n", ';'), (Records{"1:a|b,c"}));
  EXPECT_EQ(read_all("a\tb\n", '\t'), (Records{"1:a|b"}));
}

TEST(CsvReaderTest, LinesEndAsTheyDoAnywhere) {
  EXPECT_EQ(read_all("a,b\r\n1,2\r\n"), (Records{"1:a|b", "2:1|2"}));
  EXPECT_EQ(read_all("a\n\n\r\n\nb"), (Records{"1:a", "5:b"}));
  EXPECT_EQ(read_all("\"1\r\n2\n3\",x\r\ny,z"), (Records{"1:\"1\r\n2\n3\"|x", "4:y|z"}));
  EXPECT_EQ(read_all(""), Records{});
  EXPECT_EQ(read_all("\n\n"), Records{});
  EXPECT_EQ(read_all("a,"), Records{"1:a|"});
}

TEST(CsvReaderTest, AByteOrderMarkIsNoPartOfTheFirstCell) {
  EXPECT_EQ(read_all("\xef\xbb\xbfid,b\n"), Records{"1:id|b"});
  EXPECT_EQ(read_all("\xef\xbb\xbf\"id\"\n"), Records{"1:\"id\""});
}

TEST(CsvReaderTest, WhatIsBrokenIsToldAndTheNextRecordIsRead) {
  EXPECT_EQ(read_all("a\"b,c\n1,2\n"),
            (Records{"1!A quote stands within a cell that does not begin with one.", "2:1|2"}));
  EXPECT_EQ(read_all("\"a\"b,c\n1,2\n"),
            (Records{"1!A cell goes on behind the quote that closes it; a quote within one is doubled.", "2:1|2"}));
  EXPECT_EQ(read_all("a\rb\nc"), (Records{"1!A carriage return stands in it without a line feed behind it.", "2:c"}));
  EXPECT_EQ(read_all("a\n\"b,c\n1,2\n"),
            (Records{"1:a", "2!A quote opens in it that never closes, so that all behind it belongs to it."}));
}

TEST(CsvReaderTest, ARecordOverTheLimitIsToldAndTheNextOneIsRead) {
  const std::string told = "!It is longer than 7 bytes (the limit `body_bytes`).";
  EXPECT_EQ(read_all("abcde,f\n0123456789\n1\n", ',', 7), (Records{"1:abcde|f", "2" + told, "3:1"}));
  EXPECT_EQ(read_all("\"01\n2,3\"\"4\n56789\",a,b\n1\n", ',', 7), (Records{"1" + told, "4:1"}));
  EXPECT_EQ(read_all("\"0123456789\n1\n", ',', 7),
            (Records{"1!A quote opens in it that never closes, so that all behind it belongs to it."}));
}

TEST(CsvReaderTest, ARecordIsKeptAsItStands) {
  std::istringstream in("\"a\"\"\",\"b\r\nc\"\r\nd\n");
  CsvReader reader(in, ',', 100);
  CsvReader::Record record;
  ASSERT_TRUE(reader.next(record));
  EXPECT_EQ(record.raw, "\"a\"\"\",\"b\r\nc\"");
  EXPECT_EQ(reader.bytes_read(), 14U);
}

}  // namespace
}  // namespace portico::app
