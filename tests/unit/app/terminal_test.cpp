#include "app/cli/terminal.hpp"

#include <gtest/gtest.h>

#include "app/shell_word.hpp"

namespace portico::app {
namespace {

TEST(Terminal, WhatWouldCommandItIsShownInstead) {
  EXPECT_EQ(printable("Añe 12 €"), "Añe 12 €");
  EXPECT_EQ(printable("a\nb\x1b[31mc\x7f"), "a\\x0ab\\x1b[31mc\\x7f");
  EXPECT_EQ(printable("\xC2\x9B"
                      "2J"),
            "\\x9b2J");
  EXPECT_EQ(printable("a\xE2\x80\xAE"
                      "b\xE2\x80\xA8"),
            "a\\u202eb\\u2028");
  EXPECT_EQ(printable("\xFF"), "\xEF\xBF\xBD");
  EXPECT_EQ(printable(std::string_view("\0", 1)), "\\x00");
}

TEST(Terminal, ATablesCellsKeepToTheirLine) {
  EXPECT_EQ(table({{"ID", "LABEL"}, {"1\n", "a\x1b"}, {"22", ""}}), "ID     LABEL\n1\\x0a  a\\x1b\n22\n");
}

TEST(Terminal, AShellTakesAWordForOne) {
  EXPECT_EQ(shell_word("orders"), "orders");
  EXPECT_EQ(shell_word("Order Details"), "'Order Details'");
  EXPECT_EQ(shell_word("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_word(""), "''");
}

}  // namespace
}  // namespace portico::app
