#include "http/chunk_decoder.hpp"

#include <algorithm>
#include <utility>

#include "http/characters.hpp"

namespace portico::http {
namespace {

using base::ErrorCode;

constexpr std::size_t size_digits_max = 15;  // leading zeros counted; no sum of two such sizes overflows

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  const char letter = lower(c);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

}  // namespace

void ChunkDecoder::restart(std::size_t body_bytes_max) {
  const base::Limits* const limits = limits_;
  *this = ChunkDecoder(*limits);
  body_bytes_max_ = body_bytes_max;
}

ChunkDecoder::Progress ChunkDecoder::decode(std::string_view bytes, ByteBuffer& body) {
  used_ = 0;
  while (used_ < bytes.size()) {
    if (state_ == State::Data) {
      const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(chunk_left_, bytes.size() - used_));
      body.append(bytes.substr(used_, count), body_bytes_max_);
      used_ += count;
      chunk_left_ -= count;
      if (chunk_left_ == 0) state_ = State::DataReturn;
      continue;
    }
    if (!take(bytes[used_])) return Progress::Refused;
    ++used_;
    if (state_ == State::Done) return Progress::Complete;
  }
  return Progress::NeedMore;
}

bool ChunkDecoder::take(char c) {
  switch (state_) {
    case State::SizeBegin:
    case State::Size:
      return take_size_digit(c);
    case State::BlankAfterSize:
      return after_size(c);
    case State::Extension:
      if (c == '\r') return expect(c, '\r', State::SizeEnd);
      if (is_control(c)) {
        return refuse(ErrorCode::MalformedRequest,
                      "A chunk extension holds " + named_byte(c) + "; its line ends with CR LF.");
      }
      return count_extension();
    case State::SizeEnd:
      return expect(c, '\n', State::Data) && begin_data();
    case State::DataReturn:
      return expect(c, '\r', State::DataEnd);
    case State::DataEnd:
      return expect(c, '\n', State::SizeBegin);
    case State::TrailerBegin:
      return begin_trailer(c);
    case State::TrailerName:
      if (c == ':') return count_trailer(State::TrailerValue);
      if (is_token_char(c)) return count_trailer(State::TrailerName);
      return refuse(ErrorCode::MalformedRequest, "A trailer field's name holds " + named_byte(c) + ".");
    case State::TrailerValue:
      if (c == '\r') return expect(c, '\r', State::TrailerLineEnd);
      if (!is_control(c)) return count_trailer(State::TrailerValue);
      return refuse(ErrorCode::MalformedRequest,
                    "A trailer field holds " + named_byte(c) + "; its line ends with CR LF.");
    case State::TrailerLineEnd:
      return expect(c, '\n', State::TrailerBegin);
    case State::TrailersEnd:
      return expect(c, '\n', State::Done);
    case State::Data:
    case State::Done:
      break;
  }
  return true;
}

/// chunk-size = 1*HEXDIG
bool ChunkDecoder::take_size_digit(char c) {
  const int value = hex_value(c);
  if (value < 0) {
    if (state_ == State::SizeBegin) {
      return refuse(ErrorCode::MalformedRequest,
                    "A chunk must begin with its size in hexadecimal digits, not with " + named_byte(c) + ".");
    }
    return after_size(c);
  }
  if (state_ == State::SizeBegin) {
    state_ = State::Size;
    chunk_left_ = size_digits_ = 0;
  }
  if (++size_digits_ > size_digits_max) {
    return refuse(ErrorCode::MalformedRequest, "A chunk's size has more than 15 digits.");
  }
  chunk_left_ = chunk_left_ * 16 + static_cast<std::uint64_t>(value);
  if (body_bytes_ + chunk_left_ > body_bytes_max_) {
    return refuse(ErrorCode::BodyTooLarge, "The body is longer than " + std::to_string(body_bytes_max_) + " bytes.");
  }
  return true;
}

/// chunk-ext = *( BWS ";" BWS chunk-ext-name … ): blanks are allowed, but only before a `;`.
bool ChunkDecoder::after_size(char c) {
  if (c == '\r' && state_ == State::Size) return expect(c, '\r', State::SizeEnd);
  if (c == ';') {
    state_ = State::Extension;
    return count_extension();
  }
  if (is_blank(c)) {
    state_ = State::BlankAfterSize;
    return count_extension();
  }
  return refuse(
      ErrorCode::MalformedRequest,
      "A chunk's size must be followed by CR LF, or by `;` and an extension, not by " + named_byte(c) + ".");
}

bool ChunkDecoder::begin_data() {
  body_bytes_ += static_cast<std::size_t>(chunk_left_);
  state_ = chunk_left_ == 0 ? State::TrailerBegin : State::Data;
  return true;
}

bool ChunkDecoder::begin_trailer(char c) {
  if (c == '\r') return expect(c, '\r', State::TrailersEnd);
  if (!is_token_char(c)) {
    return refuse(ErrorCode::MalformedRequest,
                  "Behind the last chunk must stand an empty line or trailer fields, not " + named_byte(c) + ".");
  }
  if (++trailer_fields_ > limits_->head_fields) {
    return refuse(ErrorCode::HeadTooLarge,
                  "The body has more than " + std::to_string(limits_->head_fields) + " trailer fields.");
  }
  return count_trailer(State::TrailerName);
}

bool ChunkDecoder::count_trailer(State next) {
  state_ = next;
  if (++trailer_bytes_ <= limits_->head_bytes) return true;
  return refuse(ErrorCode::HeadTooLarge,
                "The trailer fields are longer than " + std::to_string(limits_->head_bytes) + " bytes.");
}

bool ChunkDecoder::expect(char c, char wanted, State next) {
  state_ = next;
  if (c == wanted) return true;
  return refuse(ErrorCode::MalformedRequest, "The lines and the data of a chunked body end with CR LF; " +
                                                 named_byte(c) + " stands there instead.");
}

bool ChunkDecoder::count_extension() {
  if (++extension_bytes_ <= limits_->head_bytes) return true;
  return refuse(ErrorCode::HeadTooLarge,
                "The chunk extensions are longer than " + std::to_string(limits_->head_bytes) + " bytes.");
}

bool ChunkDecoder::refuse(ErrorCode code, std::string message) {
  error_ = {.code = code, .message = std::move(message)};
  return false;
}

}  // namespace portico::http
