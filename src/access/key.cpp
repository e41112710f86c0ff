#include "access/key.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <sodium.h>

#include "base/enum_names.hpp"
#include "base/ids.hpp"

namespace portico::access {
namespace {

constexpr std::size_t id_digits = 16;
constexpr std::size_t token_id_digits = 32;
constexpr std::size_t secret_digits = 64;
constexpr std::size_t hash_bytes = crypto_generichash_BYTES;
static_assert(hash_bytes == 32);

constexpr std::array<std::string_view, 5> kind_names = {"private", "public", "access", "run", "test"};
constexpr std::array<std::string_view, 2> scope_names = {"", "read"};
constexpr std::array<std::string_view, 3> modes_names = {"production", "sandbox", "both"};

using Hash = std::array<unsigned char, hash_bytes>;

// A fast hash does: a secret of 256 random bits cannot be guessed, however fast the guesses are.
Hash hash_of(std::string_view secret) {
  Hash hash = {};
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the library counts in unsigned bytes
  const auto* const bytes = reinterpret_cast<const unsigned char*>(secret.data());
  crypto_generichash(hash.data(), hash.size(), bytes, secret.size(), nullptr, 0);
  return hash;
}

std::size_t digits_of_id(KeyKind kind) {
  switch (kind) {
    case KeyKind::Private:
    case KeyKind::Public:
      return id_digits;
    case KeyKind::Access:
    case KeyKind::Run:
    case KeyKind::Test:
      return token_id_digits;
  }
  return id_digits;
}

bool is_lower_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char digit) { return (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f'); });
}

}  // namespace

std::string_view name_of(KeyKind kind) {
  return kind_names.at(static_cast<std::size_t>(kind));
}

std::optional<KeyKind> find_kind(std::string_view name) {
  return base::find_name<KeyKind>(kind_names, name);
}

std::string_view name_of(KeyModes modes) {
  return modes_names.at(static_cast<std::size_t>(modes));
}

std::optional<KeyModes> find_modes(std::string_view name) {
  return base::find_name<KeyModes>(modes_names, name);
}

std::string_view name_of(Scope scope) {
  return scope_names.at(static_cast<std::size_t>(scope));
}

std::optional<Scope> find_scope(std::string_view name) {
  return base::find_name<Scope>(scope_names, name);
}

bool works_in(KeyModes modes, model::Mode mode) {
  switch (modes) {
    case KeyModes::Production:
      return mode == model::Mode::Production;
    case KeyModes::Sandbox:
      return mode == model::Mode::Sandbox;
    case KeyModes::Both:
      return true;
  }
  return false;
}

NewKey make_key(KeySpecification specification) {
  const std::string secret = base::make_id() + base::make_id();
  const Hash hash = hash_of(secret);
  NewKey made;
  made.record = {.id = base::make_id().substr(0, id_digits),
                 .secret_hash = std::string(hash.begin(), hash.end()),
                 .account = std::move(specification.account),
                 .kind = specification.kind,
                 .modes = specification.modes,
                 .label = std::move(specification.label),
                 .created = specification.now,
                 .expires = specification.expires};
  made.token.append(name_of(specification.kind)).append("_").append(made.record.id).append("_").append(secret);
  return made;
}

NewKey make_access_token(const KeyRecord& key, const TokenSpecification& specification) {
  const std::string secret = base::make_id() + base::make_id();
  const Hash hash = hash_of(secret);
  const base::Microseconds end =
      specification.now + std::chrono::duration_cast<std::chrono::microseconds>(specification.lifetime).count();
  NewKey made;
  made.record = {.id = base::make_id(),
                 .secret_hash = std::string(hash.begin(), hash.end()),
                 .account = key.account,
                 .kind = KeyKind::Access,
                 .modes = key.modes,
                 .label = {},
                 .created = specification.now,
                 .expires = std::min(end, key.expires.value_or(end)),
                 .parent = key.id,
                 .scope = specification.scope};
  made.token.append(name_of(KeyKind::Access)).append("_").append(made.record.id).append("_").append(secret);
  return made;
}

NewKey make_run_token(RunTokenSpecification specification) {
  const std::string secret = base::make_id() + base::make_id();
  NewKey made;
  made.record = {.id = base::make_id(),
                 .secret_hash = hash_of_secret(secret),
                 .account = std::move(specification.account),
                 .kind = specification.kind,
                 .modes = KeyModes::Production,
                 .label = {},
                 .created = specification.now,
                 .expires = specification.now +
                            std::chrono::duration_cast<std::chrono::microseconds>(specification.lifetime).count()};
  made.token.append(name_of(specification.kind)).append("_").append(made.record.id).append("_").append(secret);
  return made;
}

std::string hash_of_secret(std::string_view secret) {
  const Hash hash = hash_of(secret);
  return {hash.begin(), hash.end()};
}

bool is_token_id(std::string_view id) {
  return id.size() == token_id_digits;
}

// token = kind "_" id "_" secret; the id of what is no key is twice as long
//   public_0123456789abcdef_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
std::optional<TokenParts> parse_token(std::string_view text) {
  const auto kind = find_kind(text.substr(0, text.find('_')));
  if (!kind) return std::nullopt;
  const std::string_view rest = text.substr(name_of(*kind).size());
  const std::size_t digits = digits_of_id(*kind);
  if (rest.size() != 1 + digits + 1 + secret_digits || rest[0] != '_' || rest[1 + digits] != '_') {
    return std::nullopt;
  }
  const TokenParts parts = {.kind = *kind, .id = rest.substr(1, digits), .secret = rest.substr(1 + digits + 1)};
  if (!is_lower_hex(parts.id) || !is_lower_hex(parts.secret)) return std::nullopt;
  return parts;
}

bool matches(const TokenParts& token, const KeyRecord& record) {
  const Hash hash = hash_of(token.secret);
  if (record.secret_hash.size() != hash.size()) return false;
  const bool same_secret = sodium_memcmp(hash.data(), record.secret_hash.data(), hash.size()) == 0;
  return same_secret && token.kind == record.kind && token.id == record.id;
}

}  // namespace portico::access
