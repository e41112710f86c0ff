#include "deliver/claim.hpp"

#include "plan/outbox_statements.hpp"
#include "unit/change/telling_shop.hpp"

namespace portico::deliver {
namespace {

class Claimed : public change::TellingShop {
 protected:
  /// A message that is due at `now + at`, to that host.
  void add(const std::string& id, const std::string& host, base::Microseconds at = 0) {
    plan::OutboxEntry entry{.id = id, .resource = "orders", .row = "1", .webhook = "paid"};
    entry.target = "https://" + host + "/";
    entry.host = host;
    entry.body = "{}";
    entry.created = now + at;
    entry.expires = now + at + 1'000;
    const plan::Scope scope{.account = "acme", .version = 2};
    database_->answer({.statement = plan::add_to_outbox(planner_, scope, entry)});
  }

  std::vector<std::string> claim(ClaimWish wish) {
    wish.planner = planner_of();
    if (wish.now == 0) wish.now = now;
    wish.until = wish.now + 1'000;
    const auto claim = make_claim(std::move(wish));
    run(*claim);
    leaves_some_ = claim->leaves_some();
    messages_ = claim->messages();
    std::vector<std::string> ids;
    for (const change::Message& message : messages_) ids.push_back(message.id);
    std::sort(ids.begin(), ids.end());
    return ids;
  }

  std::shared_ptr<const plan::Planner> planner_of() { return std::make_shared<plan::Planner>(api_, GetParam()); }
  bool leaves_some_ = false;
  std::vector<change::Message> messages_;
};
INSTANTIATE_ON_BOTH_STORES(Claimed);

using Ids = std::vector<std::string>;

TEST_P(Claimed, WhatIsDueOnceUntilItsLeaseEnds) {
  add("a", "one:443");
  add("b", "one:443", 500);
  EXPECT_EQ(claim({.room = 9, .room_per_host = 9}), Ids{"a"});
  ASSERT_EQ(messages_.size(), 1U);
  EXPECT_EQ(messages_[0].tries, 1);
  EXPECT_EQ(messages_[0].account, "acme");
  EXPECT_EQ(messages_[0].target, "https://one:443/");
  EXPECT_EQ(messages_[0].expires, now + 1'000);
  EXPECT_EQ(claim({.room = 9, .room_per_host = 9}), Ids{});
  EXPECT_EQ(claim({.now = now + 1'000, .room = 9, .room_per_host = 9}), (Ids{"a", "b"}));
}

TEST_P(Claimed, ASlowHostTakesNoRoomOfOthers) {
  for (const char* id : {"a", "b", "c", "d"}) add(id, "slow:443");
  add("e", "quick:443", 0);
  EXPECT_EQ(claim({.room = 9, .room_per_host = 2}), (Ids{"a", "b", "e"}));
  EXPECT_TRUE(leaves_some_);
  EXPECT_EQ(claim({.room = 9, .room_per_host = 2, .busy = {{"slow:443", 2}}}), Ids{});
  EXPECT_EQ(claim({.room = 9, .room_per_host = 2, .busy = {{"slow:443", 1}}}), Ids{"c"});
}

TEST_P(Claimed, NoMoreThanThereIsRoomFor) {
  for (const char* id : {"a", "b", "c"}) add(id, std::string(id) + ":80");
  EXPECT_EQ(claim({.room = 2, .room_per_host = 1}), (Ids{"a", "b"}));
  EXPECT_TRUE(leaves_some_);
  EXPECT_EQ(claim({.room = 2, .room_per_host = 1}), Ids{"c"});
  EXPECT_FALSE(leaves_some_);
}

TEST_P(Claimed, TheOtherModeHasAnOutboxOfItsOwn) {
  if (GetParam() == plan::SqlFlavor::Sqlite) return;  // there it is another file
  add("a", "one:443");
  const plan::Outbox sandbox{.planner = planner_, .mode = model::Mode::Sandbox};
  EXPECT_NE(plan::hold_entry(sandbox, "a").statement.sql.find("_sandbox"), std::string::npos);
}

TEST_P(Claimed, WhatWasDoneLongAgoIsForgotten) {
  for (const char* id : {"a", "b", "c", "d"}) add(id, "one:443");
  const plan::Outbox outbox{.planner = planner_};
  const auto settle = [&](const std::string& id, plan::OutboxState state, base::Microseconds changed) {
    database_->answer({.statement = plan::settle_entry(
                           outbox, id, {.state = state, .tries = 1, .next_try = now, .changed = changed})});
  };
  settle("a", plan::OutboxState::Done, now - 2);
  settle("b", plan::OutboxState::GivenUp, now - 2);
  settle("c", plan::OutboxState::Done, now);
  settle("d", plan::OutboxState::Waiting, now - 2);
  run(*make_sweep({.planner = planner_of(), .oldest = now - 1}));
  EXPECT_EQ(messages(), "2");
  EXPECT_EQ(messages("id IN ('c', 'd')"), "2");
}

TEST_P(Claimed, WhatWasGivenUpWaitsAgainWhereSomebodyWantsIt) {
  add("a", "one:443");
  const plan::Outbox outbox{.planner = planner_};
  const auto retry = [&] {
    return database_
        ->answer({.statement = plan::retry_entry(outbox, {.id = "a", .now = now + 7, .expires = now + 9})})
        .changed;
  };
  const auto settle = [&](plan::OutboxState state) {
    database_->answer({.statement = plan::settle_entry(outbox, "a", {.state = state, .tries = 1, .changed = now})});
  };
  settle(plan::OutboxState::Done);
  EXPECT_EQ(retry(), 0);
  settle(plan::OutboxState::GivenUp);
  EXPECT_EQ(retry(), 1);
  EXPECT_EQ(claim({.now = now + 6, .room = 9, .room_per_host = 9}), Ids{});
  EXPECT_EQ(claim({.now = now + 7, .room = 9, .room_per_host = 9}), Ids{"a"});
  EXPECT_EQ(messages_[0].expires, now + 9);
}

}  // namespace
}  // namespace portico::deliver
