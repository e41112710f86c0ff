#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "contract/contract.hpp"
#include "contract/locate.hpp"
#include "http/request.hpp"
#include "operation/parse_query.hpp"

namespace portico::server {

/// The proxies whose X-Forwarded-Proto and X-Forwarded-Host are believed (P12).
class TrustedProxies {
 public:
  /// `ranges`: addresses or CIDR ranges, as `trusted_proxies:` lists them. Throws std::invalid_argument for one that
  /// is neither; the loader has refused those before.
  explicit TrustedProxies(const std::vector<std::string>& ranges);
  [[nodiscard]] bool contain(std::string_view address) const;

 private:
  struct Range {
    std::array<unsigned char, 16> network{};  // IPv4 as ::ffff:a.b.c.d
    unsigned prefix_bits = 0;
  };
  std::vector<Range> ranges_;
};

/// Where the client reached us, up to the path: the configured public URL, else the scheme and host of the request,
/// else those that a trusted proxy forwarded (P12). Without a trailing slash: `https://api.example.com`.
[[nodiscard]] std::string origin_of(std::string_view public_url, const TrustedProxies& proxies,
                                    const http::Request& request);

/// Who asks: the address of the connection, or, where that is a trusted proxy's, the last that it says it has seen
/// (X-Forwarded-For); empty where it says nothing.
[[nodiscard]] std::string_view client_address(const TrustedProxies& proxies, const http::Request& request);

/// The absolute URL of the API, without a trailing slash; the version named where the client named it (P12).
[[nodiscard]] std::string api_url(std::string_view origin, const contract::Contract& contract);

/// The absolute URL that was asked for, without its query; the version named where the client named it (P12).
[[nodiscard]] std::string target_url(std::string_view origin, const contract::Contract& contract,
                                     const contract::Location& location);

/// The URL of what has that name below `url`: `…/orders` and `a/b` give `…/orders/a%2Fb`.
[[nodiscard]] std::string below(std::string_view url, std::string_view name);

/// The absolute URL of another page of the same list: every other parameter kept as it was sent, in its place, and
/// the version named where the client named it (P12).
[[nodiscard]] std::string page_url(std::string_view origin, const contract::Contract& contract,
                                   const contract::Location& location, const operation::Query& query,
                                   std::int64_t page);

}  // namespace portico::server
