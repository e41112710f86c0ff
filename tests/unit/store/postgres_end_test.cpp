// One connection to PostgreSQL: what its owner learns of its end.
#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "store/postgres_session.hpp"
#include "support/postgres_server.hpp"

namespace {

using namespace portico;
using std::chrono::milliseconds;
using store::PostgresFailure;
using store::PostgresSession;
using support::PostgresServer;

const plan::Statement question = {.sql = "SELECT 1", .binds = {}};

class Question : public store::PostgresRequest {
 public:
  void take(PostgresSession& session) override { session.send(*this, question); }
  void take_rows(PostgresSession& /*session*/, const store::PostgresResult& /*rows*/) override { ++answers; }
  void fail(base::Error /*error*/) override {}
  int answers = 0;
};

/// Asks again when it has an answer.
class Conversation final : public Question {
 public:
  void take_rows(PostgresSession& session, const store::PostgresResult& rows) override {
    Question::take_rows(session, rows);
    session.send(*this, question);
  }
};

/// A session on a loop, and what it tells its owner.
class PostgresEndTest : public testing::Test, public PostgresSession::Owner {
 protected:
  void SetUp() override {
    session_->open(target_, target_.hosts());
    ASSERT_TRUE(run_until([&] { return session_->is_open() && session_->in_flight() == 0; }));
  }

  bool run_until(const std::function<bool()>& done) {
    const auto end = PostgresSession::Clock::now() + std::chrono::seconds(10);
    while (!done() && PostgresSession::Clock::now() < end) {
      io_.restart();
      io_.run_one_for(milliseconds(20));
    }
    return done();
  }

  /// The loop does not run meanwhile, and so does not learn of it.
  void end_it_unnoticed() {
    const std::vector<base::Value> binds = {static_cast<std::int64_t>(session_->process_id())};
    store::PostgresConnection admin(PostgresServer::shared().address());
    ASSERT_EQ(admin.run("SELECT pg_terminate_backend($1, 5000)", binds).text(0, 0), "t");
  }

  /// By the server; the loop does not run.
  void wait_until_answered() {
    store::PostgresConnection admin(PostgresServer::shared().address());
    const std::vector<base::Value> binds = {static_cast<std::int64_t>(session_->process_id()), question.sql};
    const char* const asked = "SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND state = 'idle' AND query = $2";
    const auto end = PostgresSession::Clock::now() + std::chrono::seconds(10);
    while (admin.run(asked, binds).rows() == 0) ASSERT_LT(PostgresSession::Clock::now(), end);
  }

  void opened(PostgresSession& /*session*/) override {}
  void lost(PostgresSession& /*session*/, const PostgresFailure& failure,
            const PostgresSession::Unanswered& unanswered) override {
    failure_ = failure;
    unanswered_ = unanswered;
  }
  void refused(PostgresSession& /*session*/, store::PostgresRequest& /*request*/,
               const PostgresFailure& /*failure*/) override {}
  void has_room(PostgresSession& /*session*/) override {}
  void heard() override {}

  boost::asio::io_context io_{1};
  store::PostgresTarget target_{PostgresServer::shared().address()};
  std::shared_ptr<int> life_ = std::make_shared<int>();
  std::shared_ptr<PostgresSession> session_ =
      std::make_shared<PostgresSession>(io_, *this, life_, PostgresSession::Settings{});
  std::optional<PostgresFailure> failure_;
  PostgresSession::Unanswered unanswered_;
};

TEST_F(PostgresEndTest, WhyAServerEndedItIsKnownToWhoeverOnlySends) {
  end_it_unnoticed();
  std::array<Question, 4> questions;
  for (Question& one : questions) session_->send(one, question);
  EXPECT_FALSE(session_->is_open()) << "nothing more is to be sent";
  ASSERT_TRUE(run_until([&] { return failure_.has_value(); }));
  EXPECT_EQ(failure_->sqlstate, "57P01") << failure_->words;
  const std::size_t running = unanswered_.running == nullptr ? 0 : 1;
  EXPECT_EQ(unanswered_.others.size() + running, questions.size());
}

TEST_F(PostgresEndTest, WhatCameBeforeTheEndIsTaken) {
  Conversation two_questions;
  session_->send(two_questions, question);
  wait_until_answered();
  end_it_unnoticed();
  ASSERT_TRUE(run_until([&] { return failure_.has_value(); }));
  EXPECT_EQ(two_questions.answers, 1);
  EXPECT_EQ(failure_->sqlstate, "57P01") << failure_->words;
  EXPECT_EQ(unanswered_.running, &two_questions) << "its second question";
}

}  // namespace
