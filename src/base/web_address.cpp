#include "base/web_address.hpp"

#include <algorithm>
#include <array>
#include <idn2.h>
#include <memory>

#include "base/ascii.hpp"
#include "base/text.hpp"

namespace portico::base {
namespace {

constexpr std::size_t host_bytes_max = 253;  // RFC 1035 §2.3.4
constexpr std::int64_t port_max = 65'535;

struct Scheme {
  std::string_view prefix;
  bool is_secure;
  std::uint16_t port;
};
constexpr std::array<Scheme, 2> schemes = {{{"http://", false, 80}, {"https://", true, 443}}};

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), to_ascii_lower);
  return out;
}

bool is_letter_or_digit(char character) {
  return (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9');
}

bool is_name(std::string_view host) {
  return !host.empty() && host.size() <= host_bytes_max && std::all_of(host.begin(), host.end(), [](char character) {
    return is_letter_or_digit(character) || character == '-' || character == '_' || character == '.';
  });
}

bool is_address(std::string_view host) {
  return host.find(':') != std::string_view::npos && std::all_of(host.begin(), host.end(), [](char character) {
           const bool is_hex = (character >= 'a' && character <= 'f') || (character >= '0' && character <= '9');
           return is_hex || character == ':' || character == '.';
         });
}

/// In ASCII, lower case; empty where that cannot be.
std::string host_name(std::string_view host) {
  const bool is_ascii =
      std::all_of(host.begin(), host.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (is_ascii) return lower(host);
  char* found = nullptr;
  const std::string text(host);
  if (idn2_to_ascii_8z(text.c_str(), &found, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT) != IDN2_OK) return {};
  const std::unique_ptr<char, decltype(&idn2_free)> owned(found, &idn2_free);
  return owned.get();
}

/// Host and port, or nothing but false.
bool read_authority(std::string_view authority, WebAddress& address) {
  std::string_view port;
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    if (end == std::string_view::npos) return false;
    address.host = lower(authority.substr(1, end - 1));
    if (!is_address(address.host)) return false;
    port = authority.substr(end + 1);
  } else {
    const std::size_t colon = std::min(authority.find(':'), authority.size());
    address.host = host_name(authority.substr(0, colon));
    if (!is_name(address.host)) return false;
    port = authority.substr(colon);
  }
  if (port.empty() || port == ":") return true;
  const auto number = port.front() == ':' ? parse_integer(port.substr(1)) : std::nullopt;
  if (!number || *number < 1 || *number > port_max) return false;
  address.port = static_cast<std::uint16_t>(*number);
  return true;
}

/// As a request line takes it; empty where there are characters that no URL has.
std::string target_of(std::string_view rest) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string target = rest.starts_with('/') ? "" : "/";
  for (const char character : rest) {
    const auto byte = static_cast<unsigned char>(character);
    if (byte <= 0x20 || byte == 0x7F) return {};
    if (byte < 0x80) {
      target += character;
    } else {
      target.append(1, '%').append(1, digits[byte >> 4U]).append(1, digits[byte & 15U]);
    }
  }
  return target;
}

std::string bracketed(const std::string& host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

}  // namespace

std::string WebAddress::authority() const {
  return bracketed(host) + ":" + std::to_string(port);
}

std::string WebAddress::host_field() const {
  const Scheme& scheme = schemes.at(is_secure ? 1 : 0);
  return port == scheme.port ? bracketed(host) : authority();
}

std::optional<WebAddress> parse_web_address(std::string_view url) {
  if (url.size() > web_address_bytes_max) return std::nullopt;
  for (const Scheme& scheme : schemes) {
    if (lower(url.substr(0, scheme.prefix.size())) != scheme.prefix) continue;
    url.remove_prefix(scheme.prefix.size());
    url = url.substr(0, url.find('#'));
    const std::size_t end = std::min(url.find_first_of("/?"), url.size());
    WebAddress address{.is_secure = scheme.is_secure, .host = {}, .port = scheme.port, .target = {}};
    if (!read_authority(url.substr(0, end), address)) return std::nullopt;
    address.target = target_of(url.substr(end));
    if (address.target.empty()) return std::nullopt;
    return address;
  }
  return std::nullopt;
}

}  // namespace portico::base
