#include "platform/passwords.hpp"

#include <array>
#include <new>

#include <sodium.h>

namespace portico::platform {
namespace {

// Of libsodium's choices the one for people who wait; several may sign in at once on a small machine.
constexpr unsigned long long operations = crypto_pwhash_OPSLIMIT_INTERACTIVE;
constexpr std::size_t memory_bytes = crypto_pwhash_MEMLIMIT_INTERACTIVE;

/// Of 128 random bits that nobody kept: to do the same work where there is no user. As costly as those of users.
constexpr const char* hash_of_nobody =
    "$argon2id$v=19$m=65536,t=2,p=1$dmkDO+YZMnfG2J8729dm5Q$Ns7zllzzvuu0NGhuU0vYO1NIvfyg3BE24pWHrNHbmzI";

}  // namespace

std::string hash_of_password(std::string_view password) {
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  if (crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), operations, memory_bytes,
                            crypto_pwhash_ALG_ARGON2ID13) != 0) {
    throw std::bad_alloc();
  }
  return hash.data();
}

bool is_password(std::string_view password, const std::string& hash) {
  const char* const compared = hash.empty() ? hash_of_nobody : hash.c_str();
  const bool same = crypto_pwhash_str_verify(compared, password.data(), password.size()) == 0;
  return same && !hash.empty();
}

}  // namespace portico::platform
