#include "base/ids.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <sodium.h>

namespace portico::base {

bool is_id(std::string_view text) {
  return text.size() == 32 && std::all_of(text.begin(), text.end(), [](char digit) {
           return (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f');
         });
}

std::string make_id() {
  static const int ready = sodium_init();  // -1: no source of randomness
  if (ready < 0) throw std::runtime_error("libsodium cannot start: the system gives no random numbers");
  std::array<char, 16> bytes = {};
  randombytes_buf(bytes.data(), bytes.size());
  return to_hex({bytes.data(), bytes.size()});
}

std::string to_hex(std::string_view bytes) {
  std::string hex(bytes.size() * 2, '\0');
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the library counts in unsigned bytes
  const auto* from = reinterpret_cast<const unsigned char*>(bytes.data());
  sodium_bin2hex(hex.data(), hex.size() + 1, from, bytes.size());  // ends with the NUL that the string has anyway
  return hex;
}

std::string from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return {};
  std::string bytes(text.size() / 2, '\0');
  std::size_t length = 0;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the library counts in unsigned bytes
  auto* const out = reinterpret_cast<unsigned char*>(bytes.data());
  if (sodium_hex2bin(out, bytes.size(), text.data(), text.size(), nullptr, &length, nullptr) != 0) return {};
  return bytes;
}

}  // namespace portico::base
