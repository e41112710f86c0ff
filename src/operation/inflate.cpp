#include "operation/inflate.hpp"

#include <algorithm>
#include <array>
#include <new>

#define ZLIB_CONST  // its input is const
#include <zlib.h>

#include "base/error.hpp"

namespace portico::operation {
namespace {

using base::Error;
using base::ErrorCode;

Error damaged(const std::string& what) {
  return {.code = ErrorCode::MalformedBody,
          .message = "The body is not gzip, which its Content-Encoding names: " + what + "."};
}

/// zlib's state, for one body.
class Inflater {
 public:
  explicit Inflater(std::string_view bytes) : left_(bytes) {
    constexpr int largest_window = 15;
    constexpr int only_gzip = 16;
    if (inflateInit2(&stream_, largest_window + only_gzip) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  base::Result<std::string> inflate_all(std::size_t bytes_max);

 private:
  enum class Step : std::uint8_t { More, MemberEnd, CutOff, Damaged };
  Step step(std::string& out);
  bool begins_member();
  void feed();
  [[nodiscard]] bool is_used_up() const { return stream_.avail_in == 0 && left_.empty(); }

  z_stream stream_ = {};
  std::string_view left_;  // not yet given to zlib, which counts in 32 bits
};

void Inflater::feed() {
  constexpr std::size_t piece_max = std::size_t{1} << 30U;
  if (stream_.avail_in != 0) return;
  const std::string_view piece = left_.substr(0, piece_max);
  left_.remove_prefix(piece.size());
  // The type that zlib has for bytes asks for the cast.
  stream_.next_in = reinterpret_cast<const Bytef*>(piece.data());
  stream_.avail_in = static_cast<uInt>(piece.size());
}

/// Whether what comes next begins as every member does, as far as it is there (RFC 1952 §2.3.1).
bool Inflater::begins_member() {
  feed();
  return stream_.next_in[0] == 0x1F && (stream_.avail_in < 2 || stream_.next_in[1] == 0x8B);
}

Inflater::Step Inflater::step(std::string& out) {
  std::array<char, 16 * 1024> room;
  feed();
  stream_.next_out = reinterpret_cast<Bytef*>(room.data());
  stream_.avail_out = static_cast<uInt>(room.size());
  const int status = inflate(&stream_, Z_NO_FLUSH);
  if (status == Z_MEM_ERROR) throw std::bad_alloc();
  out.append(room.data(), room.size() - stream_.avail_out);
  if (status == Z_STREAM_END) return Step::MemberEnd;
  if (status == Z_BUF_ERROR) return Step::CutOff;  // all input is used up, and all output has been given
  return status == Z_OK ? Step::More : Step::Damaged;
}

base::Result<std::string> Inflater::inflate_all(std::size_t bytes_max) {
  std::string out;
  if (is_used_up() || !begins_member()) return damaged("it does not begin with the bytes 1F 8B");
  for (;;) {
    const Step made = step(out);
    if (out.size() > bytes_max) {
      return Error{.code = ErrorCode::BodyTooLarge,
                   .message = "The body is longer than " + std::to_string(bytes_max) + " bytes once inflated."};
    }
    switch (made) {
      case Step::More:
        break;
      case Step::MemberEnd:
        if (is_used_up()) return out;
        if (!begins_member()) return damaged("behind its end there are bytes that are no gzip");
        inflateReset(&stream_);  // RFC 1952 §2.2: members follow each other
        break;
      case Step::CutOff:
        return damaged("it is cut off");
      case Step::Damaged:
        return damaged(stream_.msg == nullptr ? "it is damaged" : stream_.msg);
    }
  }
}

}  // namespace

base::Result<std::string> inflate_gzip(std::string_view bytes, std::size_t bytes_max) {
  return Inflater(bytes).inflate_all(bytes_max);
}

}  // namespace portico::operation
