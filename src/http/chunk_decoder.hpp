#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/limits.hpp"
#include "http/byte_buffer.hpp"

namespace portico::http {

/// Takes the chunked transfer coding off a body (RFC 9112 §7.1), strictly. Extensions and trailer fields are checked
/// and dropped: at most Limits::head_bytes of each, and Limits::head_fields trailer fields. A body has at most
/// Limits::body_bytes, unless restart() says otherwise.
///
///   1a;name=value␍␊ (26 bytes) ␍␊ 0␍␊ Trailer: value␍␊ ␍␊
class ChunkDecoder {
 public:
  enum class Progress : std::uint8_t { NeedMore, Complete, Refused };

  explicit ChunkDecoder(const base::Limits& limits) : limits_(&limits), body_bytes_max_(limits.body_bytes) {}

  void restart(std::size_t body_bytes_max);
  /// Reads `bytes`, the ones that follow those of the call before, and appends data to `body`. After Complete used()
  /// bytes of them belonged to the body; with NeedMore all did. Errors: MalformedRequest, BodyTooLarge, HeadTooLarge.
  [[nodiscard]] Progress decode(std::string_view bytes, ByteBuffer& body);
  [[nodiscard]] std::size_t used() const noexcept { return used_; }
  [[nodiscard]] const base::Error& error() const noexcept { return error_; }

 private:
  enum class State : std::uint8_t {
    SizeBegin,
    Size,
    BlankAfterSize,
    Extension,
    SizeEnd,
    Data,
    DataReturn,
    DataEnd,
    TrailerBegin,
    TrailerName,
    TrailerValue,
    TrailerLineEnd,
    TrailersEnd,
    Done,
  };

  bool take(char c);
  bool take_size_digit(char c);
  bool after_size(char c);
  bool begin_trailer(char c);
  bool count_trailer(State next);
  bool begin_data();
  bool expect(char c, char wanted, State next);
  bool count_extension();
  bool refuse(base::ErrorCode code, std::string message);

  const base::Limits* limits_;
  std::size_t body_bytes_max_;
  State state_ = State::SizeBegin;
  std::uint64_t chunk_left_ = 0;
  std::size_t body_bytes_ = 0;
  std::size_t size_digits_ = 0;
  std::size_t extension_bytes_ = 0;
  std::size_t trailer_bytes_ = 0;
  std::size_t trailer_fields_ = 0;
  std::size_t used_ = 0;
  base::Error error_ = {};
};

}  // namespace portico::http
