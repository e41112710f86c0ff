#include "deliver/signature.hpp"

#include <array>

#include <sodium.h>

#include "base/ids.hpp"

namespace portico::deliver {
namespace {

const unsigned char* bytes_of(std::string_view text) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the library counts in unsigned bytes
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::string hmac_sha256(std::string_view secret, std::string_view text) {
  crypto_auth_hmacsha256_state state;
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> hash{};
  crypto_auth_hmacsha256_init(&state, bytes_of(secret), secret.size());
  crypto_auth_hmacsha256_update(&state, bytes_of(text), text.size());
  crypto_auth_hmacsha256_final(&state, hash.data());
  return base::to_hex(std::string(hash.begin(), hash.end()));
}

std::string signature_fields(const Signing& signing) {
  std::string signed_text = signing.timestamp;
  signed_text.append(1, '.').append(signing.body);
  const std::string prefix(signing.header_prefix);
  std::string fields = "Authorization: Bearer ";
  fields.append(signing.secret).append("\r\n");
  fields.append(prefix).append("Webhook-Id: ").append(signing.id).append("\r\n");
  fields.append(prefix).append("Webhook-Timestamp: ").append(signing.timestamp).append("\r\n");
  fields.append(prefix).append("Webhook-Signature: v1=").append(hmac_sha256(signing.secret, signed_text));
  return fields.append("\r\n");
}

}  // namespace portico::deliver
