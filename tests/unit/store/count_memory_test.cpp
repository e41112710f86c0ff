#include "store/count_memory.hpp"

#include <gtest/gtest.h>

namespace {

using namespace portico;
using store::CountMemory;

plan::Statement statement_of(base::Value value) {
  return {.sql = "SELECT ?", .binds = {std::move(value)}};
}

TEST(CountMemory, ACountIsOfOneVersion) {
  CountMemory memory(10);
  memory.keep(statement_of("a"), "1", 10);
  ASSERT_NE(memory.find(statement_of("a"), "1"), nullptr);
  EXPECT_EQ(*memory.find(statement_of("a"), "1"), 10);
  EXPECT_EQ(memory.find(statement_of("a"), "2"), nullptr);
  ASSERT_NE(memory.find(statement_of("a")), nullptr) << "whatever its version";
  EXPECT_EQ(memory.find(statement_of("a"))->version, "1");
  memory.keep(statement_of("a"), "2", 11);
  EXPECT_EQ(memory.find(statement_of("a"), "1"), nullptr);
  EXPECT_EQ(*memory.find(statement_of("a"), "2"), 11);
  memory.forget();
  EXPECT_EQ(memory.find(statement_of("a")), nullptr);
}

TEST(CountMemory, BindsOfAnotherKindAreAnotherStatement) {
  CountMemory memory(10);
  memory.keep(statement_of("1"), "1", 10);
  EXPECT_EQ(memory.find(statement_of(std::int64_t{1})), nullptr);
  EXPECT_EQ(memory.find(statement_of(1.0)), nullptr);
  EXPECT_EQ(memory.find(statement_of(std::monostate())), nullptr);
  EXPECT_EQ(memory.find({.sql = "SELECT ?", .binds = {"1", "2"}}), nullptr);
}

TEST(CountMemory, MakesRoomWhenFull) {
  CountMemory memory(2);
  memory.keep(statement_of("a"), "1", 10);
  memory.keep(statement_of("b"), "1", 20);
  EXPECT_EQ(*memory.find(statement_of("a"), "1"), 10);
  EXPECT_EQ(*memory.find(statement_of("b"), "1"), 20);
  memory.keep(statement_of("c"), "1", 30);
  EXPECT_EQ(memory.find(statement_of("a")), nullptr);
  EXPECT_EQ(*memory.find(statement_of("c"), "1"), 30);
}

TEST(CountMemory, KeepsNothingLarge) {
  CountMemory memory(2);
  memory.keep(statement_of(std::string(4000, 'x')), "1", 10);
  memory.keep(statement_of(std::string(5000, 'x')), "1", 20);
  memory.keep(statement_of("short"), std::string(1000, '1'), 30);
  EXPECT_NE(memory.find(statement_of(std::string(4000, 'x'))), nullptr);
  EXPECT_EQ(memory.find(statement_of(std::string(5000, 'x'))), nullptr);
  EXPECT_EQ(memory.find(statement_of("short")), nullptr);
}

}  // namespace
