#include "store/rows.hpp"

#include <gtest/gtest.h>

namespace portico::store {
namespace {

TEST(Rows, CountsRowsByColumns) {
  Rows rows;
  EXPECT_EQ(rows.size(), 0U);
  rows.clear(2);
  rows.add({.kind = base::Cell::Kind::Integer, .integer = 7});
  rows.add_text("seven");
  rows.add({});
  rows.add_text("");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows.row(0)[0].integer, 7);
  EXPECT_EQ(rows.row(0)[1].text, "seven");
  EXPECT_TRUE(rows.row(1)[0].is_null());
  EXPECT_EQ(rows.row(1)[1].kind, base::Cell::Kind::Text);
  EXPECT_EQ(rows.row(1)[1].text, "");
}

// Small texts and texts of more than a block, again and again: none may move or be written over.
TEST(Rows, TextNeverMoves) {
  Rows rows;
  for (int round = 0; round < 3; ++round) {
    rows.clear(1);
    std::vector<std::string> expected;
    for (std::size_t i = 0; i < 300; ++i) {
      expected.emplace_back(i % 50 == 49 ? 100000 + i : i, static_cast<char>('a' + i % 26));
      rows.add_text(expected.back());
    }
    ASSERT_EQ(rows.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) ASSERT_EQ(rows.row(i)[0].text, expected[i]) << i;
  }
}

TEST(Rows, HoldsWhatCellsPointAtUntilCleared) {
  auto owner = std::make_shared<const std::string>("held");
  const std::weak_ptr<const std::string> life = owner;
  Rows rows;
  rows.clear(2);
  rows.hold(owner);
  base::Cell& cell = rows.add_cell();
  cell.kind = base::Cell::Kind::Text;
  cell.text = *owner;
  EXPECT_TRUE(rows.add_cell().is_null());
  owner.reset();
  Rows moved = std::move(rows);
  ASSERT_FALSE(life.expired());
  EXPECT_EQ(moved.row(0)[0].text, "held");
  EXPECT_EQ(moved.size(), 1U);
  moved.clear(2);
  EXPECT_TRUE(life.expired());
  moved.expect(1);
  EXPECT_TRUE(moved.add_cell().is_null());  // nothing is left of the rows before
}

TEST(Rows, MovesWithItsText) {
  Rows rows;
  rows.clear(1);
  rows.add_text("kept");
  Rows moved = std::move(rows);
  EXPECT_EQ(moved.row(0)[0].text, "kept");
  rows.clear(1);  // what was moved from can be used again
  rows.add_text("new");
  EXPECT_EQ(rows.row(0)[0].text, "new");
  EXPECT_EQ(moved.row(0)[0].text, "kept");
}

}  // namespace
}  // namespace portico::store
