#include "base/ids.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>
#include <utility>

#include <sodium.h>

namespace portico::base {

bool is_id(std::string_view text) {
  return text.size() == 32 && std::all_of(text.begin(), text.end(), [](char digit) {
           return (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f');
         });
}

namespace {

using IdBytes = std::array<std::uint8_t, 16>;

/// Each from the system, which is asked for many at once: a call costs it more than the bytes.
IdBytes random_bytes() {
  static const int ready = sodium_init();  // -1: no source of randomness
  if (ready < 0) throw std::runtime_error("libsodium cannot start: the system gives no random numbers");
  static thread_local std::array<IdBytes, 64> drawn;
  static thread_local std::size_t left = 0;
  if (left == 0) {
    randombytes_buf(drawn.data(), sizeof drawn);
    left = drawn.size();
  }
  return std::exchange(drawn.at(--left), {});
}

std::string digits_of(const IdBytes& bytes) {
  std::string hex(bytes.size() * 2, '\0');
  sodium_bin2hex(hex.data(), hex.size() + 1, bytes.data(),
                 bytes.size());  // ends with the NUL that the string has anyway
  return hex;
}

}  // namespace

std::string make_id() {
  return digits_of(random_bytes());
}

std::string make_row_id(Microseconds now) {
  IdBytes bytes = random_bytes();
  auto milliseconds = static_cast<std::uint64_t>(std::max<Microseconds>(now, 0)) / 1'000;
  for (int at = 5; at >= 0; --at, milliseconds >>= 8) {
    bytes.at(static_cast<std::size_t>(at)) = static_cast<std::uint8_t>(milliseconds & 0xFF);
  }
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0F) | 0x70);  // the version
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3F) | 0x80);  // the variant
  return digits_of(bytes);
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
