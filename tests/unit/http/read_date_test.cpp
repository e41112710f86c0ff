#include "http/read_date.hpp"

#include <gtest/gtest.h>

#include "http/response_writer.hpp"

namespace portico::http {
namespace {

constexpr std::int64_t example = 784111777;

TEST(ReadDate, TakesAllThreeForms) {
  for (const std::string_view text :
       {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"}) {
    EXPECT_EQ(read_date(text), example) << text;
  }
  EXPECT_EQ(read_date("Thu Jan 31 00:00:00 1980"), 318124800);
  EXPECT_EQ(read_date("Friday, 29-Feb-08 00:00:00 GMT"), 1204243200);
}

TEST(ReadDate, ReadsWhatIsWritten) {
  for (const std::int64_t seconds : {std::int64_t{0}, std::int64_t{1}, std::int64_t{951782400}, example,
                                     std::int64_t{4102444799}, std::int64_t{253402300799}}) {
    EXPECT_EQ(read_date(http_date(seconds)), seconds);
  }
}

TEST(ReadDate, AnythingElseIsNone) {
  for (const std::string_view text :
       {"", "Sun", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 29 Feb 1900 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:00 GMT", "Sun, 00 Nov 1994 08:49:37 GMT",
        "Son, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ", " Sun, 06 Nov 1994 08:49:37 GMT",
        "1994-11-06T08:49:37Z", "Sun Nov 6 08:49:37 1994", "\"Sun, 06 Nov 1994 08:49:37 GMT\"", "0"}) {
    EXPECT_EQ(read_date(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace portico::http
