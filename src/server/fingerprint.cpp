#include "server/fingerprint.hpp"

#include <array>
#include <charconv>

#include <sodium.h>

#include "base/ids.hpp"

namespace portico::server {
namespace {

constexpr std::size_t hash_bytes = crypto_generichash_BYTES;
static_assert(hash_bytes == 32);

/// Hashes parts one behind the other, each behind its length, so that no part's end can pass for the next one's
/// start.
class PartHash {
 public:
  PartHash() { crypto_generichash_init(&state_, nullptr, 0, hash_bytes); }

  void add(std::string_view part) {
    add(part.size());
    update(part);
  }

  void add(std::size_t number) {
    std::array<char, 24> digits{};
    char* const end = std::to_chars(digits.data(), digits.data() + digits.size() - 1, number).ptr;
    *end = ':';
    update({digits.data(), static_cast<std::size_t>(end + 1 - digits.data())});
  }

  [[nodiscard]] std::string hex() {
    std::array<char, hash_bytes> hash{};
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the library counts in unsigned bytes
    crypto_generichash_final(&state_, reinterpret_cast<unsigned char*>(hash.data()), hash.size());
    return base::to_hex({hash.data(), hash.size()});
  }

 private:
  void update(std::string_view bytes) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the library counts in unsigned bytes
    crypto_generichash_update(&state_, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  }

  crypto_generichash_state state_;
};

}  // namespace

std::string fingerprint_of(const http::Request& request, const contract::Location& location,
                           const contract::Contract& contract) {
  PartHash hash;
  hash.add(request.method_name);
  hash.add(contract.surface->base);
  hash.add(location.segments.size());
  for (const std::string& segment : location.segments) hash.add(segment);
  hash.add(request.query);
  hash.add(static_cast<std::size_t>(contract.version));
  hash.add(static_cast<std::size_t>(contract.version_style));
  hash.add(static_cast<std::size_t>(contract.mode));
  hash.add(contract.content_type);
  hash.add(request.field("Content-Type"));
  hash.add(request.field("Content-Encoding"));
  hash.add(request.body);
  return hash.hex();
}

}  // namespace portico::server
