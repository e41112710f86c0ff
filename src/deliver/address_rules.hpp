#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/ip/address.hpp>

namespace portico::deliver {

/// Which addresses messages may go to: public ones, and what `webhooks: {allow: …}` lists. A client that names a
/// target must not reach what only this machine or its network can (SSRF). Immutable; thread-safe.
class AddressRules {
 public:
  /// Addresses or CIDR ranges. Throws std::invalid_argument for what is neither; the loader has refused those before.
  explicit AddressRules(const std::vector<std::string>& allowed);

  /// Why nothing is sent there: `10.0.0.1 is private`; empty: it may be. An IPv4 address within an IPv6 one (mapped,
  /// NAT64, 6to4) counts as itself.
  [[nodiscard]] std::string refusal(const boost::asio::ip::address& address) const;

 private:
  struct Range {
    std::array<unsigned char, 16> network{};  // IPv4 as ::ffff:a.b.c.d
    unsigned prefix_bits = 0;
  };
  [[nodiscard]] static Range range_of(std::string_view text);
  [[nodiscard]] static bool contains(const Range& range, const std::array<unsigned char, 16>& address);

  struct NamedRange {
    Range range;
    std::string_view what;
  };
  [[nodiscard]] static const std::vector<NamedRange>& special_ranges();

  std::vector<Range> allowed_;
};

}  // namespace portico::deliver
