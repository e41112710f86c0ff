#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "model/api.hpp"

namespace portico::access {

/// Server side, everything the account may do; or browser side, only what the description allows it (P2).
enum class KeyKind : std::uint8_t { Private, Public };
[[nodiscard]] std::string_view name_of(KeyKind kind);  ///< `private`, `public`
[[nodiscard]] std::optional<KeyKind> find_kind(std::string_view name);

/// In which modes a key works (P5).
enum class KeyModes : std::uint8_t { Production, Sandbox, Both };
[[nodiscard]] std::string_view name_of(KeyModes modes);  ///< `production`, `sandbox`, `both`
[[nodiscard]] std::optional<KeyModes> find_modes(std::string_view name);
[[nodiscard]] bool works_in(KeyModes modes, model::Mode mode);

/// What is kept of a key. Who reads it cannot make the token of it.
struct KeyRecord {
  std::string id;           ///< 16 lower-case hex digits; the token's public part
  std::string secret_hash;  ///< BLAKE2b-256 of the secret as written: 32 bytes
  std::string account;      ///< the account's id
  KeyKind kind = KeyKind::Public;
  KeyModes modes = KeyModes::Production;
  std::string label;  ///< whatever tells the owner which one it is
  base::Microseconds created = 0;
  std::optional<base::Microseconds> expires = {};  ///< from then on it is not valid
  std::optional<base::Microseconds> revoked = {};
  bool operator==(const KeyRecord&) const = default;
};

struct KeySpecification {
  std::string account;
  KeyKind kind = KeyKind::Public;
  KeyModes modes = KeyModes::Production;
  std::string label = {};
  std::optional<base::Microseconds> expires = {};
  base::Microseconds now = 0;
};

struct NewKey {
  std::string token;  ///< a private key's is shown once, and kept nowhere
  KeyRecord record;
};

/// A new key with a random id and a random secret of 256 bits.
[[nodiscard]] NewKey make_key(KeySpecification specification);

/// A token's parts; views into the text that was parsed.
struct TokenParts {
  KeyKind kind = KeyKind::Public;
  std::string_view id;      ///< 16 lower-case hex digits
  std::string_view secret;  ///< 64 lower-case hex digits
};

/// Takes a token apart; nothing where it is not exactly of the written form (see key.cpp). Allocates nothing.
[[nodiscard]] std::optional<TokenParts> parse_token(std::string_view text);

/// Whether the token is this key's: its kind, its id and the hash of its secret, compared in constant time.
[[nodiscard]] bool matches(const TokenParts& token, const KeyRecord& record);

}  // namespace portico::access
