// Small answers to many who ask at once, on sessions whose transport and passes are the test's own.
#include "http/held_answers.hpp"

#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "http/loop_state.hpp"
#include "http/session.hpp"

namespace portico::http {
namespace {

constexpr std::chrono::microseconds for_ever = std::chrono::hours(1);
constexpr std::size_t many = 16;

/// Takes all that is written, and gives what the test sends.
class TestTransport final : public Transport {
 public:
  void open() override { session()->on_open(Outcome::Done); }
  void read(std::span<char> room) override { room_ = room; }
  [[nodiscard]] bool reads() const { return !room_.empty(); }
  Sent write(std::string_view first, std::string_view second) override {
    if (fails) return Sent::Failed;
    written.append(first).append(second);
    unsent_ = first;
    return later ? Sent::Later : Sent::All;
  }
  void finish() override {
    finished = true;
    session()->on_finished();
  }
  void drop(std::span<char> scratch) override { read(scratch); }
  void close() override { closed = true; }
  [[nodiscard]] bool encrypted() const override { return false; }
  [[nodiscard]] int descriptor() override { return -1; }

  void send(std::string_view text) {
    ASSERT_LE(text.size(), room_.size());
    std::memcpy(room_.data(), text.data(), text.size());
    room_ = {};
    session()->on_read(Outcome::Done, text.size());
  }
  /// What is on its way, from where it is.
  [[nodiscard]] std::string_view unsent() const { return unsent_; }
  void end_write() { session()->on_written(Outcome::Done); }

  std::string written;
  bool later = false;  ///< a write ends with end_write()
  bool fails = false;
  bool finished = false;
  bool closed = false;

 private:
  std::span<char> room_;
  std::string_view unsent_;
};

/// A loop that answers each request with its query, or as many bytes as it says.
class HeldAnswersTest : public testing::Test {
 protected:
  explicit HeldAnswersTest(std::chrono::microseconds most = for_ever)
      : state_{.application = {.handle = answer, .refuse = [](Exchange&, const base::Error&) {}},
               .held_answers = HeldAnswers(most)} {
    state_.held_answers.on_end_of_pass([this] { ++passes_begun_; });
  }
  ~HeldAnswersTest() override {
    while (!state_.sessions.empty()) std::shared_ptr<Session>(state_.sessions.back())->abandon();
  }

  void connect(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      transports_.push_back(std::make_shared<TestTransport>());
      std::make_shared<Session>(state_, "127.0.0.1")->start(transports_.back());
    }
  }
  /// A pass in which each of `count` connections is answered.
  void pass(std::size_t count = many) {
    for (std::size_t i = 0; i < count; ++i) ask(i, "warm");
    end_pass();
    for (const auto& transport : transports_) transport->written.clear();
  }
  void ask(std::size_t connection, const std::string& query) {
    transports_.at(connection)->send("GET /?" + query + " HTTP/1.1\r\nHost: h\r\n\r\n");
  }
  void end_pass() {
    passes_begun_ = 0;
    state_.held_answers.end_pass();
  }
  [[nodiscard]] std::size_t answered() const {
    std::size_t count = 0;
    for (const auto& transport : transports_) count += transport->written.empty() ? 0U : 1U;
    return count;
  }
  [[nodiscard]] const std::string& written(std::size_t connection) const {
    return transports_.at(connection)->written;
  }
  TestTransport& transport(std::size_t connection) { return *transports_.at(connection); }

  LoopState state_;
  int passes_begun_ = 0;

 private:
  static void answer(Exchange& exchange) {
    const std::string query(exchange.request().query);
    exchange.response().body = query == "large" ? std::string(100'000, 'x') : query;
    exchange.complete();
  }

  std::vector<std::shared_ptr<TestTransport>> transports_;
};

TEST_F(HeldAnswersTest, HalfOfAPassIsSentTogether) {
  connect(many);
  pass();
  for (std::size_t i = 0; i < 7; ++i) ask(i, "a");
  EXPECT_EQ(passes_begun_, 1);
  EXPECT_EQ(answered(), 0U);
  ask(7, "a");
  EXPECT_EQ(answered(), 8U);
  for (std::size_t i = 8; i < 11; ++i) ask(i, "a");
  EXPECT_EQ(answered(), 8U);
  end_pass();
  EXPECT_EQ(answered(), 11U);
  EXPECT_TRUE(written(3).ends_with("\r\n\r\na")) << written(3);
}

TEST_F(HeldAnswersTest, NobodyWaitsWhereFewAskAtOnce) {
  connect(many);
  pass(2);
  ask(0, "a");
  EXPECT_EQ(answered(), 1U);
  ask(1, "a");
  EXPECT_EQ(answered(), 2U);
}

TEST_F(HeldAnswersTest, NobodyWaitsWhereThereAreFew) {
  connect(3);
  for (int i = 0; i < 20; ++i) ask(0, "a");  // even in one pass
  EXPECT_EQ(passes_begun_, 0);
  ask(1, "a");
  EXPECT_EQ(answered(), 2U);
}

TEST_F(HeldAnswersTest, APassOfFewEndsWhatThePassBeforeHasTaught) {
  connect(many);
  pass();
  pass(1);
  ask(0, "a");
  EXPECT_EQ(answered(), 1U);
}

class ShortlyHeldAnswersTest : public HeldAnswersTest {
 protected:
  ShortlyHeldAnswersTest() : HeldAnswersTest(std::chrono::microseconds{-1}) {}
};

TEST_F(ShortlyHeldAnswersTest, WhatHasWaitedLongIsSentBeforeTheNextIsWorkedOn) {
  connect(many);
  pass();
  state_.application.handle = [this](Exchange& exchange) {
    EXPECT_EQ(answered(), exchange.request().query == "first" ? 0U : 1U);
    exchange.complete();
  };
  ask(0, "first");
  EXPECT_EQ(answered(), 0U);
  ask(1, "second");
}

TEST_F(HeldAnswersTest, PipelinedAnswersWaitTogetherInOrderAndComeOnce) {
  connect(many);
  pass();
  transport(0).send("GET /?a HTTP/1.1\r\nHost: h\r\n\r\nGET /?b HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(answered(), 0U);
  end_pass();
  end_pass();
  const std::size_t first = written(0).find("\r\n\r\na");
  const std::size_t second = written(0).find("\r\n\r\nb");
  EXPECT_LT(first, second);
  EXPECT_NE(second, std::string::npos);
  EXPECT_EQ(second, written(0).size() - 5);
}

TEST_F(HeldAnswersTest, NothingIsReadBeforeTheAnswerIsSentInFull) {
  connect(many);
  pass();
  EXPECT_TRUE(transport(0).reads());
  ask(0, "a");
  EXPECT_FALSE(transport(0).reads());
  transport(0).later = true;
  end_pass();
  EXPECT_EQ(answered(), 1U);
  EXPECT_FALSE(transport(0).reads());
  for (int second = 0; second < 5; ++second) {  // nor is the room given back that it is sent from
    ++state_.second;
    std::shared_ptr<Session>(state_.sessions[0])->tick();
  }
  EXPECT_TRUE(transport(0).unsent().ends_with("\r\n\r\na"));
  transport(0).later = false;
  transport(0).end_write();
  EXPECT_TRUE(transport(0).reads());
  ask(0, "b");
  end_pass();
  EXPECT_TRUE(written(0).ends_with("\r\n\r\nb"));
}

TEST_F(HeldAnswersTest, ALargeAnswerIsSentAtOnce) {
  connect(many);
  pass();
  ask(0, "a");
  ask(1, "large");
  EXPECT_EQ(written(0), "");
  EXPECT_TRUE(written(1).ends_with("xxx"));
  end_pass();
  EXPECT_TRUE(written(0).ends_with("\r\n\r\na"));
}

TEST_F(HeldAnswersTest, AnEndOfTheConnectionOrOfTheServerLosesNoAnswer) {
  connect(many);
  pass();
  for (std::size_t i = 0; i < 3; ++i) ask(i, "a");
  const std::vector<std::shared_ptr<Session>> sessions = state_.sessions;
  sessions[0]->drain();
  EXPECT_TRUE(written(0).ends_with("\r\n\r\na"));
  sessions[1]->abandon();
  EXPECT_TRUE(written(1).ends_with("\r\n\r\na"));
  EXPECT_TRUE(transport(1).closed);
  end_pass();
  EXPECT_TRUE(written(2).ends_with("\r\n\r\na"));
}

TEST_F(HeldAnswersTest, AConnectionWhoseAnswerIsStillOnItsWayWhenTheServerDrainsEndsAfterIt) {
  connect(many);
  pass();
  ask(0, "a");
  transport(0).later = true;
  const std::shared_ptr<Session> session = state_.sessions[0];
  state_.draining = true;
  session->drain();
  EXPECT_TRUE(written(0).ends_with("\r\n\r\na"));
  EXPECT_FALSE(transport(0).finished);
  transport(0).end_write();
  EXPECT_TRUE(transport(0).finished);
}

TEST_F(HeldAnswersTest, AConnectionThatFailedMeanwhileHarmsNothing) {
  connect(many);
  pass();
  ask(0, "a");
  ask(1, "a");
  transport(0).fails = true;
  end_pass();
  EXPECT_TRUE(transport(0).closed);
  EXPECT_TRUE(written(1).ends_with("\r\n\r\na"));
}

}  // namespace
}  // namespace portico::http
