#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue.hpp"
#include "customer.hpp"
#include "model/api.hpp"
#include "order.hpp"
#include "random.hpp"

namespace portico::demo {

/// A merchant of the demo. The id does not depend on the seed, so that a key stays good when the data is made anew.
struct Merchant {
  std::string_view id;
  std::string_view name;
  std::string_view site;
  std::string_view email;
  std::string_view postcode;
  base::Microseconds created = 0;
  unsigned share = 0;  ///< of all orders, in per cent
  Trade trade = Trade::Electronics;
  std::size_t articles = 0;
  std::string_view article_prefix;
};
inline constexpr std::size_t merchant_count = 3;
[[nodiscard]] const std::array<Merchant, merchant_count>& merchants();

/// What becomes a row of the customers: as known at the end.
struct KnownCustomer {
  Customer customer;
  Visit visit;
};

/// A merchant's catalogue, customers and numbering, as orders come in.
class Shop {
 public:
  Shop(const Merchant& merchant, model::Mode mode, Random& random);

  [[nodiscard]] const Merchant& merchant() const noexcept { return merchant_; }
  [[nodiscard]] const std::vector<Article>& catalogue() const noexcept { return catalogue_; }

  /// The next order, made at `created` (never before the last one), which comes to `outcome`. Writes over `order`.
  void take_order(base::Microseconds created, Outcome outcome, Order& order, Random& random);

  [[nodiscard]] std::size_t customers() const noexcept { return regulars_.size(); }
  [[nodiscard]] KnownCustomer customer(std::size_t place) const;

 private:
  /// All that is kept of a customer: the rest follows from the seed.
  struct Regular {
    std::uint64_t seed = 0;
    base::Microseconds created = 0;
    base::Microseconds last_login = 0;
    std::uint32_t orders = 0;
    Acquaintance first = Acquaintance::New;  ///< at the first order
  };
  [[nodiscard]] Regular& draw_customer(base::Microseconds created, Random& random);
  [[nodiscard]] static Visit visit_of(const Regular& regular);
  [[nodiscard]] std::string next_mid(base::Microseconds created);

  const Merchant& merchant_;
  model::Mode mode_;
  std::vector<Article> catalogue_;
  std::vector<Regular> regulars_;
  std::uint64_t number_ = 0;
  std::int64_t year_ = 0;  ///< of the last order
};

}  // namespace portico::demo
