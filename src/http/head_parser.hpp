#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/limits.hpp"
#include "http/request.hpp"

namespace portico::http {

/// How a request's body is delimited (RFC 9112 §6.3).
enum class Framing : std::uint8_t { None, Length, Chunked };

/// A request's head and what it says of body and connection.
struct Head {
  Request request = {};  ///< views into the bytes given to the parser
  Framing framing = Framing::None;
  std::uint64_t content_length = 0;  ///< with Framing::Length
  bool keep_alive = false;           ///< the client wants the connection kept (RFC 9112 §9.3)
  bool expects_continue = false;     ///< the client waits for `100 Continue` (RFC 9110 §10.1.1)
  std::size_t bytes = 0;             ///< length of the head, empty lines before and after it included
};

enum class HeadProgress : std::uint8_t { NeedMore, Complete, Refused };

/// Reads request heads strictly by RFC 9112: what other parsers might read differently is refused, never guessed.
/// Pure: no I/O, no clock. Allocates only where more fields come than ever before, and for an error's text.
///
///   GET /orders?page=2 HTTP/1.1␍␊
///   Host: api.example.com␍␊
///   ␍␊
class HeadParser {
 public:
  explicit HeadParser(const base::Limits& limits) : limits_(&limits) {}

  /// Forgets everything: a new head begins, or the same one again at another address.
  void restart();

  /// `bytes` is all that came since the head's begin. Until restart() each call's bytes must begin at the same
  /// address and with the bytes of the call before. Work is proportional to the new bytes. Errors (see error()):
  /// MalformedRequest, HeadTooLarge, TargetTooLarge; found as early as the bytes allow, but for a target that is too
  /// large: that is told when the fields behind it are read, or there is no room for them.
  [[nodiscard]] HeadProgress parse(std::string_view bytes);

  /// After Complete the whole head; else what has been understood so far.
  [[nodiscard]] Head& head() noexcept { return head_; }
  [[nodiscard]] const Head& head() const noexcept { return head_; }
  [[nodiscard]] const base::Error& error() const noexcept { return error_; }  ///< after Refused
  /// Whether anything but empty lines came.
  [[nodiscard]] bool in_request() const noexcept { return request_line_read_ || line_begin_ < seen_; }
  /// Gives back the room for fields; only between requests.
  void shrink();

 private:
  enum class Line : std::uint8_t { Read, Last, Refused };

  Line take_line(std::string_view line);
  bool take_request_line(std::string_view line);
  bool take_target(std::string_view target);
  bool take_absolute_target(std::string_view target);
  bool take_path_and_query(std::string_view target);
  bool take_version(std::string_view version);
  bool take_field(std::string_view line);
  bool understand_fields();
  bool understand_field(const HeaderField& field);
  bool understand_host();
  bool understand_content_length(std::string_view value);
  bool understand_transfer_coding(std::string_view value);
  void understand_connection(std::string_view value);
  [[nodiscard]] bool has_long_target(std::string_view line) const;
  bool check_unfinished(std::string_view line, std::size_t all_bytes);
  bool refuse_control(std::string_view bytes, std::size_t at);
  bool refuse(base::ErrorCode code, std::string message);
  bool refuse_head_size();
  bool refuse_target_size();
  bool refuse_target();
  bool end_with(base::ErrorCode code, std::string message);
  void note_host();
  [[nodiscard]] bool is_target_refused() const { return target_too_large_ || !target_fault_.empty(); }
  [[nodiscard]] std::string too_long_target() const;

  const base::Limits* limits_;
  Head head_ = {};
  std::vector<HeaderField> fields_ = {};
  base::Error error_ = {};
  std::size_t line_begin_ = 0;
  std::size_t seen_ = 0;  ///< up to here bytes hold nothing that ends or breaks a line
  std::size_t empty_lines_ = 0;
  std::size_t hosts_ = 0;
  std::string_view host_field_ = {};
  std::string_view authority_ = {};  ///< of an absolute target
  bool request_line_read_ = false;
  bool has_content_length_ = false;
  bool has_transfer_coding_ = false;
  bool wants_close_ = false;
  bool wants_keep_alive_ = false;
  std::string target_fault_ = {};  ///< refused, once the rest of the head has said in which form
  bool target_too_large_ = false;  ///< the same
  bool refused_ = false;
};

/// Whether `text` may stand in `Host`: uri-host [ ":" port ] (RFC 9110 §7.2), not empty.
[[nodiscard]] bool is_host(std::string_view text);

}  // namespace portico::http
