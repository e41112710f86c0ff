#include <gtest/gtest.h>

#include "deliver/back_off.hpp"
#include "deliver/judge_reply.hpp"
#include "deliver/signature.hpp"

namespace portico::deliver {
namespace {

using change::Verdict;
using std::chrono::microseconds;
using std::chrono::seconds;

TEST(BackOff, DoublesFromASecondToAnHourAndIsSpread) {
  EXPECT_EQ(pause_after(1, 1), seconds(1));
  EXPECT_EQ(pause_after(1, 0), microseconds(500'000));
  EXPECT_EQ(pause_after(2, 1), seconds(2));
  EXPECT_EQ(pause_after(5, 0.5), seconds(12));
  EXPECT_EQ(pause_after(12, 1), seconds(2'048));
  EXPECT_EQ(pause_after(13, 1), seconds(3'600));
  EXPECT_EQ(pause_after(1'000'000, 1), seconds(3'600));
  EXPECT_EQ(pause_after(0, 1), seconds(1));
}

// RFC 4231 §4.3 and §4.7 (a key longer than a block).
TEST(Signature, IsThatOfTheStandard) {
  EXPECT_EQ(hmac_sha256("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hmac_sha256(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Signature, CoversTimestampAndBody) {
  const std::string fields =
      signature_fields({.header_prefix = "X-Acme-", .secret = "s", .id = "i", .timestamp = "17", .body = "{}"});
  EXPECT_EQ(fields,
            "Authorization: Bearer s\r\nX-Acme-Webhook-Id: i\r\nX-Acme-Webhook-Timestamp: 17\r\n"
            "X-Acme-Webhook-Signature: v1=" +
                hmac_sha256("s", "17.{}") + "\r\n");
}

struct Judged {
  base::Result<Reply> reply;
  bool has_answers;
  Verdict verdict;
  std::string answer;
};

TEST(Judging, StatusAndAnswerDecide) {
  model::Webhook plain;
  model::Webhook asking;
  auto ok = std::make_unique<model::Action>();
  ok->name = "ok";
  asking.answers.push_back(std::move(ok));
  const base::Error failure{.code = base::ErrorCode::Unavailable, .message = {}, .detail = "no answer"};
  const std::vector<Judged> judged = {
      {Reply{200, ""}, false, Verdict::Taken, ""},
      {Reply{204, ""}, false, Verdict::Taken, ""},
      {Reply{299, "x"}, false, Verdict::Taken, ""},
      {Reply{301, ""}, false, Verdict::Again, ""},
      {Reply{410, ""}, false, Verdict::GivenUp, ""},
      {Reply{404, ""}, false, Verdict::Again, ""},
      {Reply{500, R"({"status":"ok"})"}, true, Verdict::Again, ""},
      {Reply{200, R"({"status":"ok"})"}, true, Verdict::Answered, "ok"},
      {Reply{200, R"({"status":"ko"})"}, true, Verdict::Again, ""},
      {Reply{200, R"({"status":7})"}, true, Verdict::Again, ""},
      {Reply{200, R"(["ok"])"}, true, Verdict::Again, ""},
      {Reply{200, "ok"}, true, Verdict::Again, ""},
      {Reply{204, ""}, true, Verdict::Again, ""},
      {failure, true, Verdict::Again, ""},
  };
  for (const Judged& row : judged) {
    const Judgement judgement = judge_reply(row.has_answers ? &asking : &plain, row.reply);
    const std::string shown = row.reply ? std::to_string(row.reply->status) + row.reply->body : "none";
    EXPECT_EQ(judgement.verdict, row.verdict) << shown;
    EXPECT_EQ(judgement.answer, row.answer) << shown;
    const bool is_taken = row.verdict == Verdict::Taken || row.verdict == Verdict::Answered;
    EXPECT_EQ(judgement.failure.empty(), is_taken) << shown;
  }
  EXPECT_EQ(judge_reply(nullptr, Reply{200, "x"}).verdict, Verdict::Taken);
}

}  // namespace
}  // namespace portico::deliver
