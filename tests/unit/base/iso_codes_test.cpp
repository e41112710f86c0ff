#include "base/iso_codes.hpp"

#include <string>

#include <gtest/gtest.h>

namespace portico::base {
namespace {

std::size_t codes_in(CodeList list, std::size_t letters, char first) {
  std::size_t count = 0;
  std::string code(letters, first);
  for (;;) {
    if (is_code(list, code)) ++count;
    std::size_t at = letters;
    while (at > 0 && code[at - 1] == first + 25) code[--at] = first;
    if (at == 0) return count;
    ++code[at - 1];
  }
}

TEST(IsoCodes, FindsTheFirstTheLastAndThoseBetween) {
  for (const char* country : {"AD", "ES", "GB", "XK", "ZW"}) {
    EXPECT_EQ(is_code(CodeList::Country, country), std::string(country) != "XK") << country;
  }
  for (const char* currency : {"AED", "EUR", "XCG", "XXX", "ZWG"}) EXPECT_TRUE(is_code(CodeList::Currency, currency));
  for (const char* language : {"aa", "es", "zu"}) EXPECT_TRUE(is_code(CodeList::Language, language));
}

TEST(IsoCodes, AreCaseSensitiveAndWhole) {
  for (const char* wrong : {"", "E", "es", "ESP", "E ", " E", "ES "}) {
    EXPECT_FALSE(is_code(CodeList::Country, wrong)) << wrong;
  }
  EXPECT_FALSE(is_code(CodeList::Currency, "eur"));
  EXPECT_FALSE(is_code(CodeList::Currency, "HRK"));  // withdrawn in 2023
  EXPECT_FALSE(is_code(CodeList::Language, "ES"));
}

TEST(IsoCodes, AreAsManyAsTheStandardsHave) {
  EXPECT_EQ(codes_in(CodeList::Country, 2, 'A'), 249U);
  EXPECT_EQ(codes_in(CodeList::Currency, 3, 'A'), 178U);
  EXPECT_EQ(codes_in(CodeList::Language, 2, 'a'), 184U);
}

}  // namespace
}  // namespace portico::base
