#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "model/api.hpp"

namespace portico::access {

/// Of credentials (P2).
enum class KeyKind : std::uint8_t {
  Private,  ///< server side: everything the account may do
  Public,   ///< browser side: only what the description allows it
  Access,   ///< an OAuth2 access token: what the private key may that it was made with, for a time
  Run,      ///< an extension's, for one run of it (E2)
  Test,     ///< an extension's in development, for calls from outside (E3)
};
[[nodiscard]] std::string_view name_of(KeyKind kind);  ///< `private`, `public`, `access`, `run`, `test`
[[nodiscard]] std::optional<KeyKind> find_kind(std::string_view name);

/// In which modes a key works (P5).
enum class KeyModes : std::uint8_t { Production, Sandbox, Both };
[[nodiscard]] std::string_view name_of(KeyModes modes);  ///< `production`, `sandbox`, `both`
[[nodiscard]] std::optional<KeyModes> find_modes(std::string_view name);
[[nodiscard]] bool works_in(KeyModes modes, model::Mode mode);

/// What an access token may do (RFC 6749 §3.3).
enum class Scope : std::uint8_t { Everything, Reading };
[[nodiscard]] std::string_view name_of(Scope scope);  ///< empty, `read`
[[nodiscard]] std::optional<Scope> find_scope(std::string_view name);

/// What is kept of a key or an access token. Who reads it cannot make the token of it.
struct KeyRecord {
  std::string id;           ///< lower-case hex digits, 16 of a key, 32 of a token: the token's public part
  std::string secret_hash;  ///< BLAKE2b-256 of the secret as written: 32 bytes
  std::string account;      ///< the account's id
  KeyKind kind = KeyKind::Public;
  KeyModes modes = KeyModes::Production;
  std::string label;  ///< whatever tells the owner which one it is
  base::Microseconds created = 0;
  std::optional<base::Microseconds> expires = {};  ///< from then on it is not valid
  std::optional<base::Microseconds> revoked = {};
  // Of access tokens, which share all else but id, hash and times with their key.
  std::string parent = {};  ///< the id of the private key that it was made with, and ends with; empty: a key
  Scope scope = Scope::Everything;
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

struct TokenSpecification {
  Scope scope = Scope::Everything;
  std::chrono::seconds lifetime{3600};
  base::Microseconds now = 0;
};

/// A new access token of a private key: 256 random bits and an id of its own. It expires with the key at the latest.
[[nodiscard]] NewKey make_access_token(const KeyRecord& key, const TokenSpecification& specification);

struct RunTokenSpecification {
  KeyKind kind = KeyKind::Run;  ///< Run or Test
  std::string account;
  std::chrono::seconds lifetime{600};
  base::Microseconds now = 0;
};

/// A new token of an extension: 256 random bits and an id of its own. It is good in production.
[[nodiscard]] NewKey make_run_token(RunTokenSpecification specification);

/// BLAKE2b-256 of a secret of 256 random bits as written: 32 bytes, what is kept of it.
[[nodiscard]] std::string hash_of_secret(std::string_view secret);

/// Whether that id is one of a token (Access, Run, Test), and not of a key.
[[nodiscard]] bool is_token_id(std::string_view id);

/// A token's parts; views into the text that was parsed.
struct TokenParts {
  KeyKind kind = KeyKind::Public;
  std::string_view id;      ///< lower-case hex digits: 16 of a key, 32 of a token (Access, Run, Test)
  std::string_view secret;  ///< 64 lower-case hex digits
};

/// Takes a token apart; nothing where it is not exactly of the written form (see key.cpp). Allocates nothing.
[[nodiscard]] std::optional<TokenParts> parse_token(std::string_view text);

/// Whether the token is this key's: its kind, its id and the hash of its secret, compared in constant time.
[[nodiscard]] bool matches(const TokenParts& token, const KeyRecord& record);

}  // namespace portico::access
