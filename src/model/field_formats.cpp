#include "model/field_formats.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <string>

#include "base/ascii.hpp"
#include "base/code_points.hpp"
#include "base/text.hpp"
#include "base/web_address.hpp"

namespace portico::model {
namespace {

constexpr std::size_t address_bytes_max = 254;
constexpr std::size_t mailbox_bytes_max = 64;
constexpr std::size_t host_bytes_max = 253;
constexpr std::size_t label_letters_max = 63;

/// Code points beyond ASCII that no one sees, or that are white space: in no name.
struct CodePointRange {
  char32_t first;
  char32_t last;
};
constexpr std::array<CodePointRange, 12> unseen = {{
    {0x80, 0xA0},      // controls, no-break space
    {0xAD, 0xAD},      // soft hyphen
    {0x1680, 0x1680},  // Ogham space
    {0x180E, 0x180E},
    {0x2000, 0x200B},  // spaces
    {0x200E, 0x200F},  // marks of direction; the joiners before them are parts of names
    {0x2028, 0x202F},
    {0x205F, 0x206F},
    {0x3000, 0x3000},  // ideographic space
    {0xE000, 0xF8FF},  // private use
    {0xFEFF, 0xFEFF},
    {0xFFF0, 0xFFFF},
}};

bool is_seen(char32_t value) {
  if (value >= 0xE0000) return false;  // tags, variation selectors, private use
  return std::none_of(unseen.begin(), unseen.end(),
                      [value](const CodePointRange& range) { return value >= range.first && value <= range.last; });
}

bool is_digit(char letter) {
  return letter >= '0' && letter <= '9';
}

bool is_letter_or_digit(char letter) {
  const char lower = base::to_ascii_lower(letter);
  return is_digit(letter) || (lower >= 'a' && lower <= 'z');
}

/// Every ASCII character is one that `allowed` takes, all others are seen. Nothing for what is not so, else how many.
template <typename Allowed>
std::optional<std::size_t> letters_of(std::string_view text, const Allowed& allowed) {
  std::size_t letters = 0;
  for (std::size_t at = 0; at < text.size(); ++letters) {
    const base::CodePoint point = base::decode(text, at);
    if (!point.well_formed) return std::nullopt;
    if (point.bytes == 1 ? !allowed(text[at]) : !is_seen(point.value)) return std::nullopt;
    at += point.bytes;
  }
  return letters;
}

enum class Underscores : bool { No, Yes };

bool is_label(std::string_view label, Underscores underscores) {
  if (label.empty() || label.front() == '-' || label.back() == '-') return false;
  const auto letters = letters_of(label, [underscores](char letter) {
    return is_letter_or_digit(letter) || letter == '-' || (letter == '_' && underscores == Underscores::Yes);
  });
  return letters && *letters <= label_letters_max;
}

bool is_host_name(std::string_view host, Underscores underscores) {
  if (host.size() > host_bytes_max) return false;
  for (std::size_t begin = 0; begin <= host.size();) {
    const std::size_t end = std::min(host.find('.', begin), host.size());
    if (!is_label(host.substr(begin, end - begin), underscores)) return false;
    begin = end + 1;
  }
  return true;
}

bool is_ip_address(int family, std::string_view text) {
  std::array<unsigned char, sizeof(in6_addr)> address = {};
  return text.find('\0') == std::string_view::npos &&
         inet_pton(family, std::string(text).c_str(), address.data()) == 1;
}

bool is_host(std::string_view host) {
  if (host.starts_with('[')) {
    return host.size() > 2 && host.ends_with(']') && is_ip_address(AF_INET6, host.substr(1, host.size() - 2));
  }
  if (host.ends_with('.')) host.remove_suffix(1);  // the root, which a full name may end with
  const std::string_view last = host.substr(host.rfind('.') + 1);
  // What ends with a number is an address to everything that reads URLs.
  if (!last.empty() && std::all_of(last.begin(), last.end(), is_digit)) return is_ip_address(AF_INET, host);
  return is_host_name(host, Underscores::Yes);
}

bool is_port(std::string_view port) {
  constexpr std::int64_t port_max = 65'535;
  if (port.size() > 5 || !std::all_of(port.begin(), port.end(), is_digit)) return false;
  const auto number = base::parse_integer(port);
  return number && *number >= 1 && *number <= port_max;
}

bool is_authority(std::string_view authority) {
  const std::size_t bracket = authority.rfind(']');
  const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon == std::string_view::npos) return is_host(authority);
  return is_host(authority.substr(0, colon)) && is_port(authority.substr(colon + 1));
}

/// What follows the scheme, or a null text.
std::string_view behind_scheme(std::string_view url) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    const auto same = [](char ours, char theirs) { return ours == base::to_ascii_lower(theirs); };
    if (url.size() > scheme.size() && std::equal(scheme.begin(), scheme.end(), url.begin(), same)) {
      return url.substr(scheme.size());
    }
  }
  return {};
}

}  // namespace

bool is_email(std::string_view text) {
  if (text.size() > address_bytes_max) return false;
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos || at == 0 || at > mailbox_bytes_max) return false;
  const auto in_mailbox = [](char letter) {
    return is_letter_or_digit(letter) ||
           std::string_view(".!#$%&'*+/=?^_`{|}~-").find(letter) != std::string_view::npos;
  };
  return letters_of(text.substr(0, at), in_mailbox) && is_host_name(text.substr(at + 1), Underscores::No);
}

bool is_url(std::string_view text) {
  const auto allowed = [](char letter) {
    return letter > ' ' && letter != 0x7F && std::string_view("\"<>\\").find(letter) == std::string_view::npos;
  };
  const std::string_view rest = behind_scheme(text);
  return !rest.empty() && letters_of(text, allowed) && is_authority(rest.substr(0, rest.find_first_of("/?#"))) &&
         base::parse_web_address(text).has_value();  // so what is taken can be sent to
}

}  // namespace portico::model
