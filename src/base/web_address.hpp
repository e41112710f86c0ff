#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace portico::base {

/// Where an `http` or `https` URL leads, taken apart (RFC 9110 §4.2).
struct WebAddress {
  bool is_secure = false;  ///< https
  std::string host;        ///< lower case; an IPv6 address without brackets
  std::uint16_t port = 0;
  std::string target;  ///< path and query, as a request names them: `/`, `/hooks?id=7`; other than ASCII is encoded

  /// `api.example.com:443`, `[::1]:80`: whose connections these are.
  [[nodiscard]] std::string authority() const;
  /// What the Host field says: the port is left out where it is the scheme's own.
  [[nodiscard]] std::string host_field() const;
};

inline constexpr std::size_t web_address_bytes_max = 8'192;

/// Nothing where `url` is no such URL, or names a user: web_address_bytes_max at most, a host of letters, digits,
/// `-`,
/// `_` and dots or an address, a port from 1 on. A fragment is left out. A host in other letters than ASCII is put
/// into them (IDNA 2008, RFC 5891; UTS 46's mapping, not transitional): `españa.es` is `xn--espaa-rta.es`.
[[nodiscard]] std::optional<WebAddress> parse_web_address(std::string_view url);

}  // namespace portico::base
