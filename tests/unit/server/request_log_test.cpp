#include "server/request_log.hpp"

#include <array>
#include <unistd.h>

#include <gtest/gtest.h>

namespace portico::server {
namespace {

std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 4096> part{};
  for (ssize_t got = 0; (got = ::read(descriptor, part.data(), part.size())) > 0;) {
    text.append(part.data(), static_cast<std::size_t>(got));
  }
  return text;
}

TEST(RequestLog, WritesALineWithoutSecrets) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  {
    RequestLog log(pipe[1]);
    log.add({.request_id = "ab",
             .peer = "::1",
             .method = "GET",
             .path = "/orders/\"\n\xff",
             .query = "q=secret&page=2&=x&flag",
             .status = 200,
             .body_bytes = 12,
             .took = std::chrono::microseconds(34),
             .contract = "shop.v1",
             .account = "acc",
             .key_id = "k1",
             .fault = ""});
  }
  ::close(pipe[1]);
  const std::string line = read_all(pipe[0]);
  ::close(pipe[0]);
  EXPECT_EQ(line.substr(0, 10), R"({"time":"2)");
  EXPECT_NE(
      line.find(
          R"(","request":"ab","peer":"::1","method":"GET","path":"/orders/\"\u000a\u00ff","parameters":"q&page&&flag",)"
          R"("status":200,"bytes":12,"microseconds":34,"contract":"shop.v1","account":"acc","key":"k1"})"),
      std::string::npos)
      << line;
  EXPECT_EQ(line.find("secret"), std::string::npos);
  EXPECT_EQ(line.back(), '\n');
}

}  // namespace
}  // namespace portico::server
