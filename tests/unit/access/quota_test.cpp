#include "access/quota.hpp"

#include <atomic>
#include <thread>

namespace portico::access {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

const Bucket::Time start = Bucket::Time(seconds(1'000'000));

std::int64_t taken(Bucket& bucket, const model::Rate& rate, Bucket::Time now) {
  std::int64_t count = 0;
  while (bucket.take(rate, now)) ++count;
  return count;
}

TEST(Bucket, BeginsFullAndFillsEvenly) {
  const model::Rate rate{.requests = 6, .seconds = seconds(60)};
  Bucket bucket;
  EXPECT_EQ(taken(bucket, rate, start), 6);
  EXPECT_EQ(taken(bucket, rate, start + microseconds(9'999'999)), 0);
  EXPECT_EQ(taken(bucket, rate, start + seconds(10)), 1);
  EXPECT_EQ(taken(bucket, rate, start + seconds(35)), 2);
  EXPECT_EQ(taken(bucket, rate, start + seconds(40)), 1);  // the half that was left is not lost
  EXPECT_EQ(taken(bucket, rate, start + seconds(100'000)), 6);
}

TEST(Bucket, LosesNothingToRoundingInAMillionSmallSteps) {
  const model::Rate rate{.requests = 7, .seconds = seconds(1)};
  Bucket bucket;
  EXPECT_EQ(taken(bucket, rate, start), 7);
  std::int64_t count = 0;
  for (int step = 1; step <= 1'000'000; ++step) count += taken(bucket, rate, start + microseconds(step));
  EXPECT_EQ(count, 7);
}

TEST(Bucket, TheLargestRateFits) {
  const model::Rate rate{.requests = 10'000'000, .seconds = seconds(86'400)};
  Bucket bucket;
  EXPECT_TRUE(bucket.take(rate, start));
  EXPECT_EQ(bucket.allowance(rate), (Allowance{.limit = 10'000'000, .remaining = 9'999'999, .reset_seconds = 1}));
  EXPECT_TRUE(bucket.take(rate, start + seconds(1'000'000'000)));
  EXPECT_EQ(bucket.allowance(rate).remaining, 9'999'999);
}

TEST(Bucket, SaysWhatIsLeftAndWhenThereIsMore) {
  const model::Rate rate{.requests = 3, .seconds = seconds(60)};
  Bucket bucket;
  EXPECT_TRUE(bucket.take(rate, start));
  EXPECT_EQ(bucket.allowance(rate), (Allowance{.limit = 3, .remaining = 2, .reset_seconds = 20}));
  EXPECT_EQ(bucket.seconds_until_next(rate), 0);
  EXPECT_TRUE(bucket.take(rate, start));
  EXPECT_TRUE(bucket.take(rate, start));
  EXPECT_FALSE(bucket.take(rate, start + microseconds(1)));
  EXPECT_EQ(bucket.allowance(rate), (Allowance{.limit = 3, .remaining = 0, .reset_seconds = 60}));
  EXPECT_EQ(bucket.seconds_until_next(rate), 20);
  EXPECT_FALSE(bucket.take(rate, start + seconds(19)));
  EXPECT_EQ(bucket.seconds_until_next(rate), 1);
}

TEST(Bucket, TimeThatRunsBackwardsFillsNothing) {
  const model::Rate rate{.requests = 1, .seconds = seconds(1)};
  Bucket bucket;
  EXPECT_TRUE(bucket.take(rate, start + seconds(5)));
  EXPECT_FALSE(bucket.take(rate, start));
  EXPECT_FALSE(bucket.take(rate, start + microseconds(5'999'999)));
  EXPECT_TRUE(bucket.take(rate, start + seconds(6)));
}

TEST(Bucket, OfAnotherRateBeginsFull) {
  Bucket bucket;
  const model::Rate small{.requests = 1, .seconds = seconds(60)};
  const model::Rate large{.requests = 5, .seconds = seconds(60)};
  EXPECT_EQ(taken(bucket, small, start), 1);
  EXPECT_EQ(taken(bucket, large, start), 5);
}

TEST(Quotas, KeysDoNotShare) {
  Quotas quotas(100);
  const model::Rate rate{.requests = 1, .seconds = seconds(60)};
  EXPECT_EQ(quotas.enter("a", rate, start).verdict, QuotaVerdict::Admitted);
  EXPECT_EQ(quotas.enter("a", rate, start).verdict, QuotaVerdict::RateSpent);
  EXPECT_EQ(quotas.enter("b", rate, start).verdict, QuotaVerdict::Admitted);
}

TEST(Quotas, APlaceIsGivenBackOnceWhateverBecomesOfIt) {
  Quotas quotas(100);
  const model::Rate rate{.simultaneous = 2};
  Admission first = quotas.enter("a", rate, start);
  {
    const Admission second = quotas.enter("a", rate, start);
    EXPECT_EQ(second.verdict, QuotaVerdict::Admitted);
    const Admission third = quotas.enter("a", rate, start);
    EXPECT_EQ(third.verdict, QuotaVerdict::TooManyAtOnce);
    EXPECT_EQ(third.retry_after, 1);
  }
  Slot moved = std::move(first.slot);
  first.slot.release();  // holds nothing any more
  Admission second = quotas.enter("a", rate, start);
  EXPECT_EQ(second.verdict, QuotaVerdict::Admitted);
  EXPECT_EQ(quotas.enter("a", rate, start).verdict, QuotaVerdict::TooManyAtOnce);
  moved.release();
  moved.release();
  second.slot = Slot();
  const Admission again = quotas.enter("a", rate, start);
  const Admission once_more = quotas.enter("a", rate, start);
  EXPECT_EQ(once_more.verdict, QuotaVerdict::Admitted);
  EXPECT_EQ(quotas.enter("a", rate, start).verdict, QuotaVerdict::TooManyAtOnce);
}

TEST(Quotas, WhoIsRefusedForBeingTooManyTakesNothingOfTheBucket) {
  Quotas quotas(100);
  const model::Rate rate{.simultaneous = 1, .requests = 2, .seconds = seconds(60)};
  {
    const Admission first = quotas.enter("a", rate, start);
    const Admission refused = quotas.enter("a", rate, start);
    EXPECT_EQ(refused.verdict, QuotaVerdict::TooManyAtOnce);
    EXPECT_EQ(refused.allowance.remaining, 1);
  }
  EXPECT_EQ(quotas.enter("a", rate, start).allowance.remaining, 0);
  EXPECT_EQ(quotas.enter("a", rate, start).verdict, QuotaVerdict::RateSpent);
}

TEST(Quotas, TheIdleOnesAreForgottenAndThoseAtWorkAreNot) {
  Quotas quotas(64);  // one in each shard
  const model::Rate rate{.simultaneous = 1};
  const Admission working = quotas.enter("working", rate, start);
  for (int i = 0; i < 10'000; ++i) {
    const Admission other = quotas.enter("key " + std::to_string(i), rate, start);
    ASSERT_EQ(other.verdict, QuotaVerdict::Admitted);
  }
  EXPECT_LE(quotas.size(), 65U);
  EXPECT_EQ(quotas.enter("working", rate, start).verdict, QuotaVerdict::TooManyAtOnce);
}

TEST(Quotas, ManyThreadsGetNoMoreThanThereIs) {
  Quotas quotas(10);
  const model::Rate rate{.simultaneous = 3, .requests = 1'000, .seconds = seconds(60)};
  std::atomic<int> at_work = 0;
  std::atomic<int> most_at_work = 0;
  std::atomic<int> admitted = 0;
  const auto work = [&] {
    for (int i = 0; i < 20'000; ++i) {
      const Admission admission = quotas.enter("a", rate, start);
      if (admission.verdict != QuotaVerdict::Admitted) continue;
      const int now = ++at_work;
      int most = most_at_work;
      while (most < now && !most_at_work.compare_exchange_weak(most, now)) {
      }
      ++admitted;
      --at_work;
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(admitted, 1'000);
  EXPECT_LE(most_at_work, 3);
  EXPECT_EQ(quotas.enter("a", rate, start).verdict, QuotaVerdict::RateSpent);
}

TEST(Quotas, SaysWhatWasTooMuch) {
  const model::Rate rate{.simultaneous = 1, .requests = 6, .seconds = seconds(60)};
  Admission admission;
  admission.verdict = QuotaVerdict::TooManyAtOnce;
  admission.retry_after = 1;
  EXPECT_EQ(refusal_of(admission, rate).message,
            "This key has 1 request under way already, as many as it may at once; wait for one of their answers.");
  admission.verdict = QuotaVerdict::RateSpent;
  admission.retry_after = 10;
  const base::Error error = refusal_of(admission, rate);
  EXPECT_EQ(error.message, "This key has spent its 6 requests in 60 seconds; try again in 10 seconds.");
  EXPECT_EQ(error.retry_after, 10);
  EXPECT_EQ(error.code, base::ErrorCode::TooManyRequests);
}

}  // namespace
}  // namespace portico::access
