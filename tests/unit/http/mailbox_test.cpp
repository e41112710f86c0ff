#include <stdexcept>
#include <string>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "http/loop.hpp"

namespace portico::http {
namespace {

TEST(Mailbox, BringsWhatCameInItsOrderAndWakesTheLoopOnce) {
  asio::io_context io(1);
  Mailbox mailbox(io);
  std::string seen;
  mailbox.post([&] { seen += 'a'; });
  mailbox.post([&] {
    seen += 'b';
    mailbox.post([&] { seen += 'd'; });
  });
  mailbox.post([&] { seen += 'c'; });
  EXPECT_EQ(seen, "");
  EXPECT_EQ(io.run(), 2U) << "how often the loop was woken";
  EXPECT_EQ(seen, "abcd");
}

TEST(Mailbox, AFaultInOneLosesNoneOfTheOthers) {
  asio::io_context io(1);
  Mailbox mailbox(io);
  std::string seen;
  mailbox.post([&] { seen += 'a'; });
  mailbox.post([&] {
    mailbox.post([&] { seen += 'c'; });
    throw std::runtime_error("a fault of ours");
  });
  mailbox.post([&] { seen += 'b'; });
  EXPECT_THROW(io.run(), std::runtime_error);
  EXPECT_EQ(seen, "a");
  io.run();
  EXPECT_EQ(seen, "abc");
  io.restart();
  mailbox.post([&] { seen += 'd'; });
  io.run();
  EXPECT_EQ(seen, "abcd");
}

TEST(Mailbox, GivesWhatStillWaitsToWhoEndsIt) {
  asio::io_context io(1);
  Mailbox mailbox(io);
  bool ran = false;
  mailbox.post([&] { ran = true; });
  EXPECT_EQ(mailbox.end().size(), 1U);
  mailbox.post([&] { ran = true; });
  io.run();
  EXPECT_FALSE(ran);
  EXPECT_TRUE(mailbox.end().empty());
}

}  // namespace
}  // namespace portico::http
