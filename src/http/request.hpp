#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace portico::http {

enum class Method : std::uint8_t { Get, Head, Post, Put, Patch, Delete, Options, Other };

/// Whether two header-field names are the same: compared without case, ASCII (RFC 9110 §5.1).
[[nodiscard]] bool same_name(std::string_view a, std::string_view b);

struct HeaderField {
  std::string_view name;   ///< as sent; compare without case
  std::string_view value;  ///< without surrounding white space
};

/// A request whose head has been read and found well-formed (RFC 9112). All views point into the connection's buffer
/// and live until the exchange completes.
struct Request {
  Method method = Method::Other;
  std::string_view method_name;  ///< as sent
  std::string_view target;       ///< as sent, in origin form: path and query
  std::string_view path;         ///< up to the `?`, still percent-encoded
  std::string_view query;        ///< behind the `?`, still percent-encoded; empty without one
  std::string_view host;         ///< the one Host field, an absolute target's (RFC 9112 §3.2), else the connection's
  std::span<const HeaderField> fields;
  std::string_view body;          ///< whole, transfer coding removed
  std::string_view peer_address;  ///< of the connection: `127.0.0.1`, `::1`
  bool encrypted = false;         ///< TLS on this connection
  bool http_1_0 = false;

  /// The value of the first field of that name (compared without case), or an empty view with a null pointer.
  [[nodiscard]] std::string_view field(std::string_view name) const;
};

}  // namespace portico::http
