#include "deliver/address_rules.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/text.hpp"

namespace portico::deliver {
namespace {

namespace ip = boost::asio::ip;
using Bytes = std::array<unsigned char, 16>;

struct SpecialRange {
  std::string_view range;
  std::string_view what;
};
/// The special-purpose registries of IANA (RFC 6890 and what came after it), and multicast. The first that fits
/// counts.
constexpr std::array special = {
    SpecialRange{"0.0.0.0/8", "no host's"},
    SpecialRange{"10.0.0.0/8", "private"},
    SpecialRange{"100.64.0.0/10", "shared by a provider's customers"},
    SpecialRange{"127.0.0.0/8", "this machine"},
    SpecialRange{"169.254.0.0/16", "link-local"},
    SpecialRange{"172.16.0.0/12", "private"},
    SpecialRange{"192.0.0.0/24", "reserved for protocols"},
    SpecialRange{"192.0.2.0/24", "for documentation"},
    SpecialRange{"192.88.99.0/24", "a relay of 6to4"},
    SpecialRange{"192.168.0.0/16", "private"},
    SpecialRange{"198.18.0.0/15", "for benchmarks"},
    SpecialRange{"198.51.100.0/24", "for documentation"},
    SpecialRange{"203.0.113.0/24", "for documentation"},
    SpecialRange{"224.0.0.0/4", "multicast"},
    SpecialRange{"240.0.0.0/4", "reserved"},
    SpecialRange{"::1", "this machine"},
    SpecialRange{"::", "no host's"},
    SpecialRange{"fc00::/7", "private"},
    SpecialRange{"fe80::/10", "link-local"},
    SpecialRange{"fec0::/10", "site-local"},
    SpecialRange{"ff00::/8", "multicast"},
    SpecialRange{"2001::/23", "reserved for protocols"},
    SpecialRange{"2001:db8::/32", "for documentation"},
    SpecialRange{"3fff::/20", "for documentation"},
};
constexpr std::string_view global_unicast = "2000::/3";  // all else of IPv6 is reserved (RFC 4291 §2.4)
constexpr std::string_view four_in_six = "::ffff:0:0/96";

constexpr std::size_t four_at = 12;

Bytes of_four(const unsigned char* four) {
  Bytes bytes{};
  bytes[10] = bytes[11] = 0xff;
  std::copy(four, four + 4, bytes.begin() + four_at);
  return bytes;
}

/// An address of IPv4, also one that another leads to: NAT64 (RFC 6052) and 6to4 (RFC 3056); else as it is.
Bytes bytes_of(const ip::address& address) {
  if (address.is_v4()) return of_four(address.to_v4().to_bytes().data());
  const Bytes six = address.to_v6().to_bytes();
  constexpr std::array<unsigned char, four_at> nat64 = {0, 0x64, 0xff, 0x9b};
  if (std::equal(nat64.begin(), nat64.end(), six.begin())) return of_four(six.data() + four_at);
  if (six[0] == 0x20 && six[1] == 0x02) return of_four(six.data() + 2);
  return six;
}

}  // namespace

AddressRules::Range AddressRules::range_of(std::string_view text) {
  const std::string address(text.substr(0, text.find('/')));
  boost::system::error_code error;
  const ip::address parsed = ip::make_address(address, error);
  const auto bits = address.size() == text.size() ? std::optional<std::int64_t>(parsed.is_v4() ? 32 : 128)
                                                  : base::parse_integer(text.substr(address.size() + 1));
  if (error || !bits || *bits < 0 || *bits > (parsed.is_v4() ? 32 : 128)) {
    throw std::invalid_argument(std::string(text) + " is no address, and no range of them");
  }
  Range range;
  range.network = parsed.is_v4() ? of_four(parsed.to_v4().to_bytes().data()) : parsed.to_v6().to_bytes();
  range.prefix_bits = static_cast<unsigned>(*bits) + (parsed.is_v4() ? 96U : 0U);
  return range;
}

bool AddressRules::contains(const Range& range, const Bytes& address) {
  const std::size_t whole = range.prefix_bits / 8;
  if (!std::equal(address.begin(), address.begin() + static_cast<std::ptrdiff_t>(whole), range.network.begin())) {
    return false;
  }
  const unsigned rest = range.prefix_bits % 8;
  if (rest == 0) return true;
  const unsigned mask = (0xffU << (8 - rest)) & 0xffU;
  return (address.at(whole) & mask) == (range.network.at(whole) & mask);
}

const std::vector<AddressRules::NamedRange>& AddressRules::special_ranges() {
  static const std::vector<NamedRange> ranges = [] {
    std::vector<NamedRange> made;
    for (const SpecialRange& row : special) made.push_back({range_of(row.range), row.what});
    return made;
  }();
  return ranges;
}

AddressRules::AddressRules(const std::vector<std::string>& allowed) {
  for (const std::string& text : allowed) allowed_.push_back(range_of(text));
}

std::string AddressRules::refusal(const ip::address& address) const {
  static const Range global = range_of(global_unicast);
  static const Range four = range_of(four_in_six);
  const Bytes bytes = bytes_of(address);
  const auto holds = [&bytes](const Range& range) { return contains(range, bytes); };
  if (std::any_of(allowed_.begin(), allowed_.end(), holds)) return {};
  for (const NamedRange& row : special_ranges()) {
    if (holds(row.range)) return address.to_string() + " is " + std::string(row.what);
  }
  if (holds(global) || holds(four)) return {};
  return address.to_string() + " is reserved";
}

}  // namespace portico::deliver
