#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace portico::http {

/// An answer on its way. Reused from request to request, so its strings keep their room.
/// `Date`, `Content-Length`, `Connection` and `X-Request-Id` are the connection's to write, not the application's.
struct Response {
  int status = 200;
  std::string head;  ///< further fields, ready for the wire: `Name: value\r\n` each; see add()
  std::string body;  ///< for HEAD too: its length is announced, the bytes stay here
  std::optional<std::uint64_t> announced_bytes = {};  ///< of an answer to HEAD whose body nobody made: its length
  bool close = false;                                 ///< close the connection after this answer

  void clear() {
    status = 200;
    head.clear();
    body.clear();
    announced_bytes.reset();
    close = false;
  }
  /// `value` must hold no CR, LF or NUL: the caller's names and values are its own or were checked.
  void add(std::string_view name, std::string_view value) {
    head.append(name).append(": ").append(value).append("\r\n");
  }
};

}  // namespace portico::http
