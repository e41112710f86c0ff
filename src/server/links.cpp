#include "server/links.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <optional>
#include <stdexcept>

#include "base/text.hpp"
#include "http/head_parser.hpp"

namespace portico::server {
namespace {

using Address = std::array<unsigned char, 16>;

/// An address in its IPv6 form, IPv4 as ::ffff:a.b.c.d (RFC 4291 §2.5.5.2).
std::optional<Address> parse_address(const std::string& text) {
  Address address{};
  if (inet_pton(AF_INET6, text.c_str(), address.data()) == 1) return address;
  address[10] = address[11] = 0xff;
  if (inet_pton(AF_INET, text.c_str(), address.data() + 12) == 1) return address;
  return std::nullopt;
}

bool same_prefix(const Address& a, const Address& b, unsigned bits) {
  const std::size_t whole = bits / 8;
  if (!std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(whole), b.begin())) return false;
  const unsigned rest = bits % 8;
  if (rest == 0) return true;
  const unsigned mask = (0xffU << (8 - rest)) & 0xffU;
  return (a[whole] & mask) == (b[whole] & mask);
}

/// The last element of a list field: the one that the nearest proxy, the trusted one, wrote itself.
std::string_view last_element(std::string_view list) {
  const std::size_t comma = list.rfind(',');
  std::string_view element = comma == std::string_view::npos ? list : list.substr(comma + 1);
  while (!element.empty() && element.front() == ' ') element.remove_prefix(1);
  while (!element.empty() && element.back() == ' ') element.remove_suffix(1);
  return element;
}

/// The last field of that name: where proxies add fields rather than extend one, theirs come behind the client's.
std::string_view last_field(const http::Request& request, std::string_view name) {
  std::string_view value;
  for (const http::HeaderField& field : request.fields) {
    if (http::same_name(field.name, name)) value = field.value;
  }
  return value;
}

}  // namespace

TrustedProxies::TrustedProxies(const std::vector<std::string>& ranges) {
  for (const std::string& text : ranges) {
    const std::size_t slash = text.find('/');
    const auto network = parse_address(text.substr(0, slash));
    const unsigned address_bits = text.find(':') == std::string::npos ? 32 : 128;
    const auto bits = slash == std::string::npos ? std::optional<std::int64_t>(address_bits)
                                                 : base::parse_integer(std::string_view(text).substr(slash + 1));
    if (!network || !bits || *bits < 0 || *bits > address_bits) {
      throw std::invalid_argument("trusted_proxies: '" + text +
                                  "' is neither an address nor a range like 10.0.0.0/8");
    }
    ranges_.push_back({*network, static_cast<unsigned>(*bits) + (128 - address_bits)});
  }
}

bool TrustedProxies::contain(std::string_view address) const {
  if (ranges_.empty()) return false;
  const auto parsed = parse_address(std::string(address));
  return parsed && std::any_of(ranges_.begin(), ranges_.end(), [&](const Range& range) {
           return same_prefix(range.network, *parsed, range.prefix_bits);
         });
}

std::string origin_of(std::string_view public_url, const TrustedProxies& proxies, const http::Request& request) {
  if (!public_url.empty()) return std::string(public_url);
  std::string_view scheme = request.encrypted ? "https" : "http";
  std::string_view host = request.host;
  if (proxies.contain(request.peer_address)) {
    const std::string_view forwarded_scheme = last_element(last_field(request, "X-Forwarded-Proto"));
    const std::string_view forwarded_host = last_element(last_field(request, "X-Forwarded-Host"));
    for (const std::string_view known : {"http", "https"}) {
      if (http::same_name(forwarded_scheme, known)) scheme = known;  // RFC 3986 §3.1: in either case
    }
    if (!forwarded_host.empty() && http::is_host(forwarded_host)) host = forwarded_host;
  }
  return std::string(scheme) + "://" + std::string(host);
}

std::string_view client_address(const TrustedProxies& proxies, const http::Request& request) {
  if (!proxies.contain(request.peer_address)) return request.peer_address;
  return last_element(last_field(request, "X-Forwarded-For"));
}

std::string api_url(std::string_view origin, const contract::Contract& contract) {
  std::string url(origin);
  if (contract.surface->base != "/") url += contract.surface->base;
  if (contract.version_style == contract::VersionStyle::Url) url += "/v" + std::to_string(contract.version);
  return url;
}

std::string target_url(std::string_view origin, const contract::Contract& contract,
                       const contract::Location& location) {
  std::string url = api_url(origin, contract);
  for (const std::string& segment : location.segments) url += "/" + base::percent_encoded(segment);
  return url;
}

std::string below(std::string_view url, std::string_view name) {
  return std::string(url) + "/" + base::percent_encoded(name);
}

std::string page_url(std::string_view origin, const contract::Contract& contract, const contract::Location& location,
                     const operation::Query& query, std::int64_t page) {
  std::string url = target_url(origin, contract, location);
  const std::string wanted = "page=" + std::to_string(page);
  char mark = '?';
  bool placed = false;
  for (const operation::Parameter& parameter : query.parameters) {
    url += std::exchange(mark, '&');
    const bool is_page = parameter.name == "page";
    url += is_page ? std::string_view(wanted) : parameter.raw;
    placed = placed || is_page;
  }
  if (!placed) url.append(1, mark).append(wanted);
  return url;
}

}  // namespace portico::server
