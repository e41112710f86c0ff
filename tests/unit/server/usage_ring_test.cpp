#include "server/usage_ring.hpp"

#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace portico::server {
namespace {

using std::chrono::microseconds;

/// What was taken of an entry, as texts that last.
std::string shown(const UsageEntry& entry) {
  std::string all =
      std::to_string(entry.at) + '|' + std::to_string(entry.took.count()) + '|' + std::to_string(entry.status);
  for (const std::string_view text : {entry.account, entry.request_id, entry.method, entry.path, entry.key_id,
                                      entry.kind, entry.extension, entry.type, entry.message}) {
    all.append(1, '|').append(text);
  }
  return all;
}

std::vector<std::string> taken(UsageRing& ring) {
  std::vector<std::string> all;
  ring.take([&](const UsageEntry& entry) { all.push_back(shown(entry)); });
  return all;
}

TEST(UsageRing, GivesWhatWasAddedInItsOrder) {
  UsageRing ring([] {});
  EXPECT_TRUE(taken(ring).empty());
  ring.add(UsageEntry{.at = 5,
                      .took = microseconds(7),
                      .status = 404,
                      .account = "shop",
                      .request_id = "id",
                      .method = "GET",
                      .path = "/orders/ñ",
                      .key_id = "key",
                      .kind = "private",
                      .extension = "plot",
                      .type = "ObjectNotFoundException",
                      .message = "Not found."});
  ring.add(UsageEntry{.at = 6, .status = 200, .account = "other"});
  const std::vector<std::string> expected = {
      "5|7|404|shop|id|GET|/orders/ñ|key|private|plot|ObjectNotFoundException|Not found.", "6|0|200|other||||||||"};
  EXPECT_EQ(taken(ring), expected);
  EXPECT_TRUE(taken(ring).empty()) << "once";
}

TEST(UsageRing, TakesOfALogEntryWhatIsTheAccountsToKnow) {
  UsageRing ring([] {});
  ring.add(LogEntry{.request_id = "id",
                    .peer = "10.0.0.1",
                    .method = "POST",
                    .path = "/orders",
                    .query = "secret=1",
                    .status = 400,
                    .took = microseconds(9),
                    .account = "shop",
                    .key_id = "key",
                    .extension = "plot",
                    .key_kind = "run",
                    .error_type = "-5",
                    .error_message = "no",
                    .fault = "ours alone"});
  const std::vector<std::string> all = taken(ring);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].substr(all[0].find('|')), "|9|400|shop|id|POST|/orders|key|run|plot|-5|no");
}

TEST(UsageRing, WhatIsTooLongIsCutAndWhatHasNoRoomIsCounted) {
  int calls = 0;
  UsageRing ring([&] { ++calls; }, 4'096);
  const std::string path(2'000, 'p');
  int added = 0;
  for (; ring.take_dropped() == 0; ++added) ring.add(UsageEntry{.status = added, .account = "a", .path = path});
  EXPECT_EQ(calls, 1) << "once, when half of it was full";
  const std::vector<std::string> all = taken(ring);
  ASSERT_EQ(all.size(), static_cast<std::size_t>(added - 1));
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i], "0|0|" + std::to_string(i) + "|a|||" + std::string(512, 'p') + "|||||");
  }
  ring.add(UsageEntry{.account = "b"});
  EXPECT_EQ(taken(ring).size(), 1U) << "there is room again";
  EXPECT_EQ(ring.take_dropped(), 0U);
}

/// Entries of many sizes wrap around the ring's end at every place.
TEST(UsageRing, OneThreadAddsWhileAnotherTakes) {
  constexpr int all = 200'000;
  UsageRing ring([] {}, 4'096);
  std::thread adding([&] {
    const std::string text(300, 'x');
    for (int i = 0; i < all; ++i) {
      ring.add(UsageEntry{
          .at = i, .account = std::string_view(text).substr(0, static_cast<std::size_t>(i % 256)), .path = "/"});
    }
  });
  int seen = 0;
  std::int64_t last = -1;
  std::uint64_t dropped = 0;
  const auto look = [&] {
    ring.take([&](const UsageEntry& entry) {
      ASSERT_GT(entry.at, last);
      ASSERT_EQ(entry.account.size(), static_cast<std::size_t>(entry.at % 256));
      ASSERT_EQ(entry.path, "/");
      last = entry.at;
      ++seen;
    });
    dropped += ring.take_dropped();
  };
  while (last < all - 1 && seen + static_cast<int>(dropped) < all) look();
  adding.join();
  look();
  EXPECT_EQ(static_cast<std::uint64_t>(seen) + dropped, static_cast<std::uint64_t>(all));
  EXPECT_GT(seen, 0);
}

}  // namespace
}  // namespace portico::server
