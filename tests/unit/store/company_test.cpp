#include "store/company.hpp"

#include <gtest/gtest.h>

namespace portico::store {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr Company::Duration none = {};

TEST(Company, IsWaitedForWhereACommitTakesLongForAPartOfThat) {
  Company company;
  EXPECT_EQ(company.patience(), none);
  company.note(milliseconds(4), 16, 15);
  EXPECT_EQ(company.patience(), none) << "one slow commit";
  company.note(milliseconds(6), 16, 15);
  EXPECT_EQ(company.patience(), milliseconds(1));
  EXPECT_EQ(company.expected(), 31U) << "who was told, and who waits";
  company.note(milliseconds(8), 31, 0);
  EXPECT_EQ(company.patience(), microseconds(1'500));
  EXPECT_EQ(company.expected(), 31U);
  company.note(milliseconds(400), 31, 0);
  company.note(milliseconds(400), 31, 0);
  EXPECT_EQ(company.patience(), milliseconds(25));
}

TEST(Company, IsNotWaitedForWhereACommitTakesLittle) {
  Company company;
  for (int commit = 0; commit < 3; ++commit) {
    company.note(microseconds(499), 16, 15);
    EXPECT_EQ(company.patience(), none);
  }
}

TEST(Company, IsNotWaitedForAfterAFailure) {
  Company company;
  company.note(milliseconds(4), 16, 15);
  company.note(milliseconds(4), 16, 15);
  company.note({}, 0, 15);
  EXPECT_EQ(company.patience(), none);
}

TEST(Company, OfOneWhoIsAloneIsNobody) {
  Company company;
  company.note(milliseconds(4), 1, 0);
  company.note(milliseconds(4), 1, 0);
  EXPECT_EQ(company.expected(), 1U) << "who has come";
}

}  // namespace
}  // namespace portico::store
