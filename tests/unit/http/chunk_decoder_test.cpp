#include "http/chunk_decoder.hpp"

#include <string>

#include <gtest/gtest.h>

namespace portico::http {
namespace {

using base::ErrorCode;
using Progress = ChunkDecoder::Progress;

base::Limits small_limits() {
  base::Limits limits;
  limits.body_bytes = 100;
  limits.head_bytes = 50;
  limits.head_fields = 2;
  return limits;
}

TEST(ChunkDecoder, JoinsChunksHoweverTheyCome) {
  const base::Limits limits = small_limits();
  const std::string bytes = "4\r\nWiki\r\n5 ;a=\"b c\"\r\npedia\r\n00a\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\n";
  for (std::size_t split = 0; split <= bytes.size(); ++split) {
    ChunkDecoder decoder(limits);
    ByteBuffer body;
    const Progress first = decoder.decode(std::string_view(bytes).substr(0, split), body);
    ASSERT_EQ(first, split == bytes.size() ? Progress::Complete : Progress::NeedMore) << split;
    if (first == Progress::NeedMore) {
      ASSERT_EQ(decoder.decode(bytes.substr(split) + "GET", body), Progress::Complete) << split;
      EXPECT_EQ(decoder.used(), bytes.size() - split);
    }
    EXPECT_EQ(body.view(), "Wikipedia0123456789");
  }
}

TEST(ChunkDecoder, RefusesWhatIsNoChunk) {
  const base::Limits limits = small_limits();
  const struct {
    std::string bytes;
    ErrorCode code = ErrorCode::MalformedRequest;
  } refusals[] = {
      {"x\r\n"},
      {"\r\n"},
      {"-1\r\n"},
      {"+1\r\n"},
      {"0x1\r\n"},
      {" 1\r\n"},
      {"1\n"},
      {"1\rX"},
      {"1 \r\n"},
      {"1 x\r\n"},
      {"1;a\nb"},
      {"1;a\rb"},
      {std::string("1;\0\r\n", 5)},
      {"1\r\nab"},
      {"1\r\na\n"},
      {"1\r\na\rX"},
      {"0\r\n\n"},
      {"0\r\n X: a"},
      {"0\r\nX a"},
      {"0\r\nX : a"},
      {"0\r\nX: a\n"},
      {"0\r\nX: a\rb"},
      {"0\r\n: a"},
      {"0000000000000001"},
      {"0\r\n\rX"},
      {"65", ErrorCode::BodyTooLarge},
      {"60\r\n" + std::string(0x60, 'x') + "\r\n5", ErrorCode::BodyTooLarge},
      {"fffffffffffffff", ErrorCode::BodyTooLarge},
      {"1;" + std::string(50, 'x'), ErrorCode::HeadTooLarge},
      {"0\r\nX: " + std::string(50, 'x'), ErrorCode::HeadTooLarge},
      {"0\r\na:\r\nb:\r\nc", ErrorCode::HeadTooLarge},
  };
  for (const auto& refusal : refusals) {
    ChunkDecoder decoder(limits);
    ByteBuffer body;
    EXPECT_EQ(decoder.decode(refusal.bytes, body), Progress::Refused) << refusal.bytes;
    EXPECT_EQ(decoder.error().code, refusal.code) << refusal.bytes << decoder.error().message;
    EXPECT_FALSE(decoder.error().message.empty());
  }
}

TEST(ChunkDecoder, TakesABodyOfExactlyTheLimit) {
  const base::Limits limits = small_limits();
  ChunkDecoder decoder(limits);
  ByteBuffer body;
  EXPECT_EQ(decoder.decode("64\r\n" + std::string(100, 'x') + "\r\n0\r\n\r\n", body), Progress::Complete);
  EXPECT_EQ(body.size(), 100U);
}

}  // namespace
}  // namespace portico::http
