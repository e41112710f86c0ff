// What the fields of a head say of the request's framing: the part of HeadParser that runs once all of them are read.
#include <array>
#include <charconv>

#include "http/characters.hpp"
#include "http/head_parser.hpp"

namespace portico::http {
namespace {

using base::ErrorCode;

/// unreserved / sub-delims / "%" (RFC 3986 §2)
constexpr std::array<bool, 256> host_table = [] {
  std::array<bool, 256> table{};
  for (const char c : std::string_view("-._~%!$&'()*+,;=")) table[static_cast<unsigned char>(c)] = true;
  for (char c = '0'; c < 0x7F; ++c) {
    if (is_digit(c) || is_letter(c)) table[static_cast<unsigned char>(c)] = true;
  }
  return table;
}();

bool is_hex(char c) {
  return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f');
}

/// reg-name (RFC 3986 §3.2.2), not empty.
bool is_registered_name(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!host_table[static_cast<unsigned char>(text[i])]) return false;
    if (text[i] == '%' && (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2]))) return false;
  }
  return !text.empty();
}

/// IP-literal = "[" ( IPv6address / IPvFuture ) "]": its form only; nobody connects to it.
bool is_address_literal(std::string_view text) {
  if (text.size() < 4 || text.front() != '[' || text.back() != ']') return false;
  for (const char c : text.substr(1, text.size() - 2)) {
    if (!is_hex(c) && c != ':' && c != '.') return false;
  }
  return text.find(':') != std::string_view::npos;
}

}  // namespace

bool is_host(std::string_view text) {
  const std::size_t bracket = text.rfind(']');
  const std::size_t colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  const std::string_view name = text.substr(0, colon);
  if (!is_registered_name(name) && !is_address_literal(name)) return false;
  if (colon == std::string_view::npos) return true;
  const std::string_view port = text.substr(colon + 1);
  for (const char c : port) {
    if (!is_digit(c)) return false;
  }
  std::uint32_t number = 0;
  const auto read = std::from_chars(port.data(), port.data() + port.size(), number);
  return port.empty() || (read.ec == std::errc{} && number <= 65535);
}

bool HeadParser::understand_fields() {
  for (const HeaderField& field : fields_) {
    if (!understand_field(field)) return false;
  }
  if (!understand_host()) return false;
  if (has_transfer_coding_ && has_content_length_) {
    return refuse(
        ErrorCode::MalformedRequest,
        "The request has both Content-Length and Transfer-Encoding; only one of them may say where it ends.");
  }
  head_.keep_alive = !wants_close_ && (!head_.request.http_1_0 || wants_keep_alive_);
  return true;
}

/// By length first: most fields are none of these, and one comparison shows it.
bool HeadParser::understand_field(const HeaderField& field) {
  switch (field.name.size()) {
    case 4:
      if (!same_name(field.name, "Host")) return true;
      ++hosts_;
      host_field_ = field.value;
      return true;
    case 6:
      if (!same_name(field.name, "Expect") || head_.request.http_1_0) return true;  // RFC 9110 §10.1.1
      if (!same_name(field.value, "100-continue")) {
        return refuse(ErrorCode::MalformedRequest, "The only expectation that can be met is `100-continue`.");
      }
      head_.expects_continue = true;
      return true;
    case 10:
      if (same_name(field.name, "Connection")) understand_connection(field.value);
      return true;
    case 14:
      return !same_name(field.name, "Content-Length") || understand_content_length(field.value);
    case 17:
      return !same_name(field.name, "Transfer-Encoding") || understand_transfer_coding(field.value);
    default:
      return true;
  }
}

/// Of a head that is refused before its fields are understood: what its one Host field says, if it came.
void HeadParser::note_host() {
  if (!authority_.empty()) return;
  std::size_t hosts = 0;
  for (const HeaderField& field : fields_) {
    if (!same_name(field.name, "Host")) continue;
    const bool is_one = ++hosts == 1 && is_host(field.value);
    head_.request.host = is_one ? field.value : std::string_view();
  }
}

bool HeadParser::understand_host() {
  if (hosts_ > 1) return refuse(ErrorCode::MalformedRequest, "The request has more than one Host field.");
  if (hosts_ == 0) {
    if (head_.request.http_1_0) return true;
    return refuse(ErrorCode::MalformedRequest, "The request has no Host field, which HTTP/1.1 demands.");
  }
  if (!is_host(host_field_)) {
    return refuse(
        ErrorCode::MalformedRequest,
        "The Host field must be a host name or address with an optional port, as in `Host: api.example.com`.");
  }
  head_.request.host = authority_.empty() ? host_field_ : authority_;
  return true;
}

bool HeadParser::understand_content_length(std::string_view value) {
  if (has_content_length_) {
    return refuse(ErrorCode::MalformedRequest, "The request has more than one Content-Length field.");
  }
  has_content_length_ = true;
  const char* const end = value.data() + value.size();
  const auto read = std::from_chars(value.data(), end, head_.content_length);
  if (value.empty() || read.ec == std::errc::invalid_argument || read.ptr != end) {
    return refuse(ErrorCode::MalformedRequest, "Content-Length must be one number of bytes, in decimal digits only.");
  }
  if (read.ec != std::errc{}) {
    return refuse(ErrorCode::MalformedRequest, "Content-Length is a larger number than 64 bits hold.");
  }
  head_.framing = Framing::Length;
  return true;
}

bool HeadParser::understand_transfer_coding(std::string_view value) {
  if (head_.request.http_1_0) {
    return refuse(ErrorCode::MalformedRequest, "HTTP/1.0 knows no Transfer-Encoding.");
  }
  if (has_transfer_coding_ || !same_name(value, "chunked")) {
    return refuse(ErrorCode::MalformedRequest, "Transfer-Encoding must be `chunked`, once, and nothing else.");
  }
  has_transfer_coding_ = true;
  head_.framing = Framing::Chunked;
  return true;
}

/// Connection = #connection-option, `keep-alive, TE` (RFC 9110 §7.6.1)
void HeadParser::understand_connection(std::string_view value) {
  for (;;) {
    const std::size_t comma = value.find(',');
    const std::string_view option = trimmed(value.substr(0, comma));
    wants_close_ = wants_close_ || same_name(option, "close");
    wants_keep_alive_ = wants_keep_alive_ || same_name(option, "keep-alive");
    if (comma == std::string_view::npos) return;
    value.remove_prefix(comma + 1);
  }
}

}  // namespace portico::http
