#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>

#include "http/response.hpp"

namespace portico::http {

/// What becomes of the connection, as the answer announces it. HTTP/1.1 keeps it without a word (RFC 9112 §9.3).
enum class Announce : std::uint8_t { Nothing, Close, KeepAlive };

struct AnswerLine {
  std::string_view date = {};  ///< as in RFC 9110 §5.6.7
  std::string_view request_id = {};
  Announce announce = Announce::Nothing;
};

/// Whether an answer of that status ever has content; `Content-Length` goes with it (RFC 9110 §8.6).
[[nodiscard]] bool has_content(int status);

/// The answer's head, with the empty line behind it, appended to `out`.
void write_head(std::string& out, const Response& response, const AnswerLine& line);

/// `Sun, 06 Nov 1994 08:49:37 GMT` of a time in seconds since 1970-01-01.
[[nodiscard]] std::string http_date(std::int64_t seconds);

/// Request ids: unique, cheap, not secret. A random half tells loops and processes apart, the other half counts.
class RequestIds {
 public:
  RequestIds();
  void next(std::span<char, 32> out);

 private:
  std::array<char, 16> start_ = {};
  std::uint64_t count_ = 0;
};

}  // namespace portico::http
