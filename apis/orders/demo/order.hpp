#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "catalogue.hpp"
#include "customer.hpp"
#include "random.hpp"

namespace portico::demo {

/// The demo's "now": nothing in it happened later. Fixed, so that the data is the same whenever it is made.
inline constexpr base::Microseconds last_instant = 1'782'863'999'999'999;   ///< 2026-06-30T23:59:59.999999Z
inline constexpr base::Microseconds first_instant = 1'583'020'800'000'000;  ///< 2020-03-01T00:00:00Z

/// Something with a price: one article of a line, or the shipping. Hundredths all (P7).
struct Charge {
  std::int64_t price = 0;  ///< without tax
  std::int64_t tax_rate = 0;
  std::optional<std::int64_t> discount = {};       ///< off the price with tax
  std::optional<std::int64_t> discount_rate = {};  ///< of the price with tax
};

struct Line {
  const Article* article = nullptr;
  std::int64_t quantity = 1;
  Charge charge;  ///< of one
};

/// `rate` of `amount`, rounded half up to a whole hundredth; both not negative.
[[nodiscard]] std::int64_t share_of(std::int64_t amount, std::int64_t rate);

/// What one costs: price + tax - discounts, where tax and each discount rate are rounded by themselves (share_of).
[[nodiscard]] std::int64_t total_of(const Charge& charge);

enum class ShippingMethod : std::uint8_t { PickupStore, PickupPoint, Postal };
[[nodiscard]] std::string_view name_of(ShippingMethod method);

struct Shipping {
  Address address;
  Charge charge;
  std::string_view name;
  ShippingMethod method = ShippingMethod::Postal;
};

/// How an order ends; each has one status and one status_reason.
enum class Outcome : std::uint8_t {
  Confirmed,
  Cancelled,
  Expired,
  ExpiredChallenge,
  KoGeneric,
  FailedChallenge,
  RejectedByMerchant,
  MerchantFailed,
  Pending,
  PendingConfirmation,
  PendingChallenge,
};
inline constexpr std::size_t outcome_count = 11;

/// The instants of an order's life that have come: created < verified < confirmed < cancelled, created < expired,
/// created < verified < rejected; all up to last_instant, but for `expires_at` of an order that waits.
struct Life {
  Outcome outcome = Outcome::Pending;
  base::Microseconds created = 0;
  base::Microseconds expires_at = 0;
  std::optional<base::Microseconds> verified = {};
  std::optional<base::Microseconds> confirmed = {};
  std::optional<base::Microseconds> cancelled = {};
  std::optional<base::Microseconds> expired = {};
  std::optional<base::Microseconds> rejected = {};
};

/// An order whose `outcome` would come after last_instant is pending instead.
[[nodiscard]] Life make_life(Outcome outcome, base::Microseconds created, Random& random);

/// What orders of production come to: the last weeks' may be pending, older ones are decided.
[[nodiscard]] Outcome draw_outcome(base::Microseconds created, Random& random);

[[nodiscard]] std::string_view status_of(Outcome outcome);
[[nodiscard]] std::optional<std::string_view> reason_of(Outcome outcome);

/// The customer as the shop knew them when they ordered.
enum class Acquaintance : std::uint8_t { Guest, New, Existing };
[[nodiscard]] std::string_view name_of(Acquaintance acquaintance);

struct Visit {
  Acquaintance acquaintance = Acquaintance::Guest;
  base::Microseconds created = 0;                      ///< when the shop first heard of them
  std::optional<base::Microseconds> date_joined = {};  ///< guests: never
  std::optional<base::Microseconds> last_login = {};
};

/// How an order is paid.
enum class Product : std::uint8_t { Instalments, PayLater, PayIn4 };
[[nodiscard]] std::string_view name_of(Product product);

struct Order {
  std::string id;
  std::string mid;
  Life life;
  Customer customer;
  Visit visit;
  Product product = Product::Instalments;
  std::vector<Line> lines;
  Address billing;
  Shipping shipping;
  std::int64_t tax_rate = 0;  ///< of the line that costs most
  std::optional<std::int64_t> discount = {};
  std::optional<std::int64_t> discount_rate = {};
  std::int64_t total_amount = 0;
  std::optional<std::int64_t> refunded_amount = {};
  std::optional<std::int64_t> captured_amount = {};
  std::optional<base::Microseconds> event_date = {};
  std::optional<std::int64_t> downpayment = {};
};

/// Articles (total_of, times the quantity) + shipping (total_of) - the order's discounts; its rate is of that sum.
[[nodiscard]] std::int64_t order_total(const Order& order);

/// What the customer puts into the cart and has sent; fills lines, addresses, charges, discounts and total_amount.
void fill_cart(Order& order, std::span<const Article> catalogue, Random& random);

}  // namespace portico::demo
