#include "http/local_address.hpp"

#include <arpa/inet.h>
#include <array>
#include <cstring>
#include <netinet/in.h>
#include <string_view>
#include <sys/socket.h>

namespace portico::http {
namespace {

constexpr std::string_view mapped_prefix = "::ffff:";  // RFC 4291 §2.5.5.2

template <typename Address>
Address read_as(const sockaddr_storage& storage) {
  Address address;
  std::memcpy(&address, &storage, sizeof address);
  return address;
}

}  // namespace

std::string local_address(int descriptor) {
  sockaddr_storage storage = {};
  socklen_t size = sizeof storage;
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return {};
  std::array<char, INET6_ADDRSTRLEN> text = {};
  if (storage.ss_family == AF_INET) {
    const auto address = read_as<sockaddr_in>(storage);
    ::inet_ntop(AF_INET, &address.sin_addr, text.data(), text.size());
    return std::string(text.data()) + ":" + std::to_string(ntohs(address.sin_port));
  }
  if (storage.ss_family != AF_INET6) return {};
  const auto address = read_as<sockaddr_in6>(storage);
  ::inet_ntop(AF_INET6, &address.sin6_addr, text.data(), text.size());
  std::string host(text.data());
  const bool is_mapped = IN6_IS_ADDR_V4MAPPED(&address.sin6_addr);
  host = is_mapped ? host.substr(mapped_prefix.size()) : "[" + host + "]";
  return host + ":" + std::to_string(ntohs(address.sin6_port));
}

}  // namespace portico::http
