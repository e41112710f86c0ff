#pragma once

#include <string>
#include <string_view>

namespace portico::deliver {

/// HMAC-SHA256 (RFC 2104) of `text` in lower-case hex.
[[nodiscard]] std::string hmac_sha256(std::string_view secret, std::string_view text);

/// What a message's header fields say.
struct Signing {
  std::string_view header_prefix;  ///< `X-Acme-`
  std::string_view secret;         ///< the account's
  std::string_view id;             ///< the message's
  std::string timestamp;           ///< of this try: seconds since 1970
  std::string_view body;
};

/// The fields that say whose message it is and prove it, each with its line's end: `Authorization: Bearer SECRET`,
/// `X-Acme-Webhook-Id`, `X-Acme-Webhook-Timestamp`, and `X-Acme-Webhook-Signature: v1=HEX`, the HMAC of timestamp,
/// `.` and body.
[[nodiscard]] std::string signature_fields(const Signing& signing);

}  // namespace portico::deliver
