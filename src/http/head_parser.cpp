#include "http/head_parser.hpp"

#include <algorithm>
#include <utility>

#include "http/characters.hpp"

namespace portico::http {
namespace {

using base::ErrorCode;

constexpr std::size_t empty_lines_max = 8;    // RFC 9112 §2.2 wants at least one ignored
constexpr std::size_t method_bytes_max = 32;  // the longest registered method has 17

struct NamedMethod {
  std::string_view name;
  Method method;
};
constexpr NamedMethod methods[] = {
    {"GET", Method::Get},     {"HEAD", Method::Head},     {"POST", Method::Post},       {"PUT", Method::Put},
    {"PATCH", Method::Patch}, {"DELETE", Method::Delete}, {"OPTIONS", Method::Options},
};

Method method_of(std::string_view name) {
  for (const NamedMethod& known : methods) {
    if (known.name == name) return known.method;
  }
  return Method::Other;
}

/// What may stand in no target, whatever its form; empty: nothing that does.
std::string fault_of_target(std::string_view target) {
  for (const char c : target) {
    if (static_cast<unsigned char>(c) >= 0x80 || c == '\t') {
      return "The target holds " + named_byte(c) + "; such bytes must be percent-encoded.";
    }
    if (c == '#') return "The target holds `#`; fragments are not sent, and `#` as data is `%23`.";
  }
  return {};
}

}  // namespace

void HeadParser::restart() {
  head_ = {};
  fields_.clear();
  if (refused_) error_ = {};
  target_fault_.clear();
  line_begin_ = seen_ = empty_lines_ = hosts_ = 0;
  host_field_ = authority_ = {};
  request_line_read_ = has_content_length_ = has_transfer_coding_ = false;
  wants_close_ = wants_keep_alive_ = target_too_large_ = refused_ = false;
}

void HeadParser::shrink() {
  restart();
  fields_.shrink_to_fit();
}

HeadProgress HeadParser::parse(std::string_view bytes) {
  if (refused_) return HeadProgress::Refused;
  for (;;) {
    const std::size_t at = first_control(bytes, seen_);
    seen_ = at;
    const bool ends_here = at == bytes.size() || (bytes[at] == '\r' && at + 1 == bytes.size());
    if (ends_here) {
      const bool fine = check_unfinished(bytes.substr(line_begin_, at - line_begin_), bytes.size());
      return fine ? HeadProgress::NeedMore : HeadProgress::Refused;
    }
    if (bytes[at] != '\r' || bytes[at + 1] != '\n') {
      // What was wrong before it comes first, as it does where the bytes come one by one.
      const std::size_t fine_bytes = bytes[at] == '\r' ? at + 1 : at;
      const std::string_view line = bytes.substr(line_begin_, at - line_begin_);
      if (!check_unfinished(line, fine_bytes)) return HeadProgress::Refused;
      target_too_large_ = target_too_large_ || (!request_line_read_ && has_long_target(line));
      refuse_control(bytes, at);
      return HeadProgress::Refused;
    }
    const std::string_view line = bytes.substr(line_begin_, at - line_begin_);
    if (at + 2 > limits_->head_bytes && !check_unfinished(line, at + 2)) return HeadProgress::Refused;
    const Line taken = take_line(line);
    if (taken == Line::Refused) return HeadProgress::Refused;
    line_begin_ = seen_ = at + 2;
    if (taken == Line::Last) {
      head_.bytes = line_begin_;
      const bool fine = is_target_refused() ? refuse_target() : understand_fields();
      return fine ? HeadProgress::Complete : HeadProgress::Refused;
    }
  }
}

/// A line of which the end has not come: refused at once where no end could make it good.
bool HeadParser::check_unfinished(std::string_view line, std::size_t all_bytes) {
  if (!request_line_read_ && !line.empty()) {
    const std::size_t method_end = token_length(line.substr(0, method_bytes_max + 1));
    const bool method_fits = method_end > 0 && method_end <= method_bytes_max;
    const bool method_whole = method_fits && method_end < line.size() && line[method_end] == ' ';
    if (!method_whole && (method_end < line.size() || method_end > method_bytes_max)) return take_request_line(line);
  }
  if (all_bytes <= limits_->head_bytes) return true;
  return request_line_read_ || line.empty() ? refuse_head_size() : refuse_target_size();
}

/// Of a request line whose method is fine.
bool HeadParser::has_long_target(std::string_view line) const {
  const std::size_t method_end = std::min(line.find(' '), line.size());
  const std::string_view rest = line.substr(std::min(method_end + 1, line.size()));
  return std::min(rest.find(' '), rest.size()) > limits_->target_bytes;
}

HeadParser::Line HeadParser::take_line(std::string_view line) {
  if (!request_line_read_) {
    if (line.empty()) {
      if (++empty_lines_ <= empty_lines_max) return Line::Read;
      refuse(ErrorCode::MalformedRequest, "More than 8 empty lines stand before the request line.");
      return Line::Refused;
    }
    if (!take_request_line(line)) return Line::Refused;
    request_line_read_ = true;
    return Line::Read;
  }
  if (line.empty()) return Line::Last;
  return take_field(line) ? Line::Read : Line::Refused;
}

/// request-line = method SP request-target SP HTTP-version (RFC 9112 §3)
bool HeadParser::take_request_line(std::string_view line) {
  const std::size_t method_end = token_length(line);
  if (method_end == 0 && line.front() == ' ') {
    return refuse(ErrorCode::MalformedRequest,
                  "The request line begins with a space; it must begin with the method.");
  }
  if (method_end < line.size() && line[method_end] != ' ') {
    return refuse(ErrorCode::MalformedRequest,
                  "The method holds " + named_byte(line[method_end]) +
                      "; a request line is a method, a space, the target, a space and `HTTP/1.1`.");
  }
  if (method_end > method_bytes_max) {
    return refuse(ErrorCode::MalformedRequest, "The method is longer than 32 characters.");
  }
  head_.request.method_name = line.substr(0, method_end);
  head_.request.method = method_of(head_.request.method_name);
  if (method_end == line.size()) {
    return refuse(ErrorCode::MalformedRequest, "The request line ends after the method; the target is missing.");
  }
  const std::string_view rest = line.substr(method_end + 1);
  const std::size_t target_end = rest.find(' ');
  const std::string_view target = rest.substr(0, target_end);
  if (target.size() > limits_->target_bytes) {
    // Refused once the rest of the head has said in which form the client reads that.
    target_too_large_ = true;
    if (target.front() == '/') take_path_and_query(target);
    return true;
  }
  if (!take_target(target)) return false;
  if (target_end == std::string_view::npos) {
    return refuse(ErrorCode::MalformedRequest, "The request line ends after the target; `HTTP/1.1` is missing.");
  }
  return take_version(rest.substr(target_end + 1));
}

/// request-target = origin-form / absolute-form / asterisk-form (RFC 9112 §3.2); authority-form is CONNECT's, which
/// only proxies serve.
bool HeadParser::take_target(std::string_view target) {
  if (target.empty()) {
    return refuse(ErrorCode::MalformedRequest, "The target is empty, or two spaces follow the method.");
  }
  target_fault_ = fault_of_target(target);
  if (!target_fault_.empty()) {  // refused as one that is too long is
    if (target.front() == '/') take_path_and_query(target);
    return true;
  }
  if (head_.request.method_name == "CONNECT") {
    return refuse(ErrorCode::MalformedRequest, "CONNECT is for proxies, which this server is not.");
  }
  if (target.front() == '/') return take_path_and_query(target);
  if (target == "*") {
    if (head_.request.method != Method::Options) {
      return refuse(ErrorCode::MalformedRequest, "The target `*` goes with OPTIONS only.");
    }
    head_.request.target = head_.request.path = target;
    return true;
  }
  return take_absolute_target(target);
}

bool HeadParser::take_path_and_query(std::string_view target) {
  const std::size_t mark = target.find('?');
  head_.request.target = target;
  head_.request.path = target.substr(0, mark);
  head_.request.query = mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
  return true;
}

/// absolute-form, `http://api.example.com/orders?page=2`: its authority stands in for Host (RFC 9112 §3.2.2).
bool HeadParser::take_absolute_target(std::string_view target) {
  const std::size_t colon = target.find("://");
  const std::string_view scheme = target.substr(0, colon == std::string_view::npos ? 0 : colon);
  if (!same_name(scheme, "http") && !same_name(scheme, "https")) {
    return refuse(ErrorCode::MalformedRequest,
                  "The target must begin with `/`, or be a whole URL that begins with `http://` or `https://`.");
  }
  const std::string_view rest = target.substr(colon + 3);
  const std::size_t authority_end = std::min(rest.find_first_of("/?"), rest.size());
  authority_ = rest.substr(0, authority_end);
  if (!is_host(authority_)) {
    return refuse(ErrorCode::MalformedRequest, "The target's authority is not a host name with an optional port.");
  }
  head_.request.host = authority_;
  take_path_and_query(rest.substr(authority_end));
  if (head_.request.path.empty()) head_.request.path = "/";
  if (head_.request.target.empty()) head_.request.target = "/";
  return true;
}

bool HeadParser::take_version(std::string_view version) {
  const bool well_formed = version.size() == 8 && version.starts_with("HTTP/") && is_digit(version[5]) &&
                           version[6] == '.' && is_digit(version[7]);
  if (!well_formed) {
    return refuse(ErrorCode::MalformedRequest,
                  "The request line must end with `HTTP/1.1` or `HTTP/1.0` behind one space.");
  }
  if (version[5] != '1') {
    return refuse(ErrorCode::MalformedRequest,
                  "This server speaks HTTP/1.1 and HTTP/1.0, not " + std::string(version) + ".");
  }
  head_.request.http_1_0 = version[7] == '0';  // a later minor version is read as 1.1 (RFC 9110 §2.5)
  return true;
}

/// field-line = field-name ":" OWS field-value OWS (RFC 9112 §5)
bool HeadParser::take_field(std::string_view line) {
  if (is_blank(line.front())) {
    return refuse(ErrorCode::MalformedRequest,
                  "A header line begins with white space; folding a field over several lines is obsolete.");
  }
  const std::size_t name_end = token_length(line);
  if (name_end == line.size()) {
    return refuse(ErrorCode::MalformedRequest, "A header line has no `:`; it must be a name, `:` and a value.");
  }
  if (line[name_end] != ':') {
    return refuse(ErrorCode::MalformedRequest,
                  is_blank(line[name_end]) ? "White space stands between a header field's name and its `:`."
                                           : "A header field's name holds " + named_byte(line[name_end]) + ".");
  }
  if (name_end == 0) return refuse(ErrorCode::MalformedRequest, "A header field has no name before its `:`.");
  if (fields_.size() >= limits_->head_fields) {
    return refuse(ErrorCode::HeadTooLarge,
                  "The request has more than " + std::to_string(limits_->head_fields) + " header fields.");
  }
  if (fields_.capacity() == 0) fields_.reserve(16);
  fields_.push_back({line.substr(0, name_end), trimmed(line.substr(name_end + 1))});
  head_.request.fields = fields_;
  return true;
}

bool HeadParser::refuse_control(std::string_view bytes, std::size_t at) {
  const char c = bytes[at];
  if (at == 0 && c == 0x16) {
    return refuse(ErrorCode::MalformedRequest,
                  "A TLS handshake came to a port that speaks HTTP without TLS; use http://.");
  }
  if (c == '\n')
    return refuse(ErrorCode::MalformedRequest, "A line of the head ends with LF alone; lines end with CR LF.");
  if (c == '\r') return refuse(ErrorCode::MalformedRequest, "A CR stands in the head without a LF behind it.");
  return refuse(ErrorCode::MalformedRequest, "The head holds a control character, " + named_byte(c) + ".");
}

bool HeadParser::refuse(ErrorCode code, std::string message) {
  if (is_target_refused()) return refuse_target();  // it came first
  return end_with(code, std::move(message));
}

bool HeadParser::refuse_target() {
  if (target_too_large_) return end_with(ErrorCode::TargetTooLarge, too_long_target());
  return end_with(ErrorCode::MalformedRequest, std::move(target_fault_));
}

bool HeadParser::end_with(ErrorCode code, std::string message) {
  refused_ = true;
  error_ = {.code = code, .message = std::move(message)};
  note_host();
  return false;
}

bool HeadParser::refuse_head_size() {
  return refuse(ErrorCode::HeadTooLarge, "Request line and header fields together are longer than " +
                                             std::to_string(limits_->head_bytes) + " bytes.");
}

bool HeadParser::refuse_target_size() {
  return refuse(ErrorCode::TargetTooLarge, too_long_target());
}

std::string HeadParser::too_long_target() const {
  return "The request target is longer than " + std::to_string(std::min(limits_->target_bytes, limits_->head_bytes)) +
         " bytes.";
}

}  // namespace portico::http
