#include "http/response_writer.hpp"

#include <charconv>
#include <cstdio>
#include <cstring>
#include <ctime>

namespace portico::http {
namespace {

struct StatusLine {
  int status;
  std::string_view text;
};

constexpr StatusLine status_lines[] = {
    {200, "HTTP/1.1 200 OK\r\nDate: "},
    {201, "HTTP/1.1 201 Created\r\nDate: "},
    {202, "HTTP/1.1 202 Accepted\r\nDate: "},
    {204, "HTTP/1.1 204 No Content\r\nDate: "},
    {206, "HTTP/1.1 206 Partial Content\r\nDate: "},
    {301, "HTTP/1.1 301 Moved Permanently\r\nDate: "},
    {302, "HTTP/1.1 302 Found\r\nDate: "},
    {303, "HTTP/1.1 303 See Other\r\nDate: "},
    {304, "HTTP/1.1 304 Not Modified\r\nDate: "},
    {307, "HTTP/1.1 307 Temporary Redirect\r\nDate: "},
    {308, "HTTP/1.1 308 Permanent Redirect\r\nDate: "},
    {400, "HTTP/1.1 400 Bad Request\r\nDate: "},
    {401, "HTTP/1.1 401 Unauthorized\r\nDate: "},
    {403, "HTTP/1.1 403 Forbidden\r\nDate: "},
    {404, "HTTP/1.1 404 Not Found\r\nDate: "},
    {405, "HTTP/1.1 405 Method Not Allowed\r\nDate: "},
    {406, "HTTP/1.1 406 Not Acceptable\r\nDate: "},
    {408, "HTTP/1.1 408 Request Timeout\r\nDate: "},
    {409, "HTTP/1.1 409 Conflict\r\nDate: "},
    {410, "HTTP/1.1 410 Gone\r\nDate: "},
    {412, "HTTP/1.1 412 Precondition Failed\r\nDate: "},
    {413, "HTTP/1.1 413 Content Too Large\r\nDate: "},
    {414, "HTTP/1.1 414 URI Too Long\r\nDate: "},
    {415, "HTTP/1.1 415 Unsupported Media Type\r\nDate: "},
    {416, "HTTP/1.1 416 Range Not Satisfiable\r\nDate: "},
    {417, "HTTP/1.1 417 Expectation Failed\r\nDate: "},
    {422, "HTTP/1.1 422 Unprocessable Content\r\nDate: "},
    {428, "HTTP/1.1 428 Precondition Required\r\nDate: "},
    {429, "HTTP/1.1 429 Too Many Requests\r\nDate: "},
    {431, "HTTP/1.1 431 Request Header Fields Too Large\r\nDate: "},
    {500, "HTTP/1.1 500 Internal Server Error\r\nDate: "},
    {501, "HTTP/1.1 501 Not Implemented\r\nDate: "},
    {502, "HTTP/1.1 502 Bad Gateway\r\nDate: "},
    {503, "HTTP/1.1 503 Service Unavailable\r\nDate: "},
    {504, "HTTP/1.1 504 Gateway Timeout\r\nDate: "},
};

void append_status_line(std::string& out, int status) {
  for (const StatusLine& line : status_lines) {
    if (line.status == status) {
      out.append(line.text);
      return;
    }
  }
  out.append("HTTP/1.1 ")
      .append(std::to_string(status))
      .append(" \r\nDate: ");  // RFC 9112 §4: the reason may be empty
}

constexpr std::string_view announcements[] = {"\r\n", "\r\nConnection: close\r\n", "\r\nConnection: keep-alive\r\n"};

void write_hex(std::uint64_t number, char* out) {
  constexpr std::string_view digits = "0123456789abcdef";
  for (int i = 15; i >= 0; --i) {
    out[i] = digits[number & 15U];
    number >>= 4U;
  }
}

}  // namespace

bool has_content(int status) {
  return status >= 200 && status != 204 && status != 304;
}

void write_head(std::string& out, const Response& response, const AnswerLine& line) {
  append_status_line(out, response.status);
  out.append(line.date);
  if (has_content(response.status)) {
    char digits[20];
    const auto written =
        std::to_chars(digits, digits + sizeof digits, response.announced_bytes.value_or(response.body.size()));
    out.append("\r\nContent-Length: ").append(digits, written.ptr);
  }
  out.append("\r\nX-Request-Id: ").append(line.request_id);
  out.append(announcements[static_cast<std::size_t>(line.announce)]);
  out.append(response.head).append("\r\n");
}

std::string http_date(std::int64_t seconds) {
  constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts = {};
  gmtime_r(&time, &parts);
  char text[64];
  const int length =
      std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[parts.tm_wday], parts.tm_mday,
                    months[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
  return {text, static_cast<std::size_t>(length)};
}

RequestIds::RequestIds() {
  std::random_device random;
  const auto draw = [&random] { return (std::uint64_t{random()} << 32U) | random(); };
  write_hex(draw(), start_.data());
  count_ = draw();
}

void RequestIds::next(std::span<char, 32> out) {
  std::memcpy(out.data(), start_.data(), start_.size());
  write_hex(count_++, out.data() + start_.size());
}

}  // namespace portico::http
