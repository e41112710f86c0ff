#include "order.hpp"

#include <algorithm>
#include <array>

namespace portico::demo {
namespace {

constexpr base::Microseconds second = 1'000'000;
constexpr base::Microseconds minute = 60 * second;
constexpr base::Microseconds hour = 60 * minute;
constexpr base::Microseconds day = 24 * hour;

/// How long an order may wait for its customer and its merchant.
constexpr base::Microseconds patience = 2 * day;
constexpr base::Microseconds pending_patience = 30 * day;
constexpr base::Microseconds pending_window = 21 * day;

struct OutcomeTerms {
  std::string_view status;
  std::string_view reason;  ///< empty: none
  unsigned weight;          ///< among the decided orders of production
};
constexpr std::array<OutcomeTerms, outcome_count> outcomes = {{
    {"ok", "", 790},
    {"ko", "", 45},
    {"ko", "expired", 55},
    {"ko", "expired_challenge", 25},
    {"ko", "ko_generic", 40},
    {"ko", "failed_challenge", 20},
    {"ko", "confirmation_rejected_by_merchant", 12},
    {"ko", "merchant_failed_to_confirm", 13},
    {"pending", "", 0},
    {"pending", "confirmation_required", 0},
    {"pending", "challenge_required", 0},
}};
constexpr std::array<Outcome, 3> pending_outcomes = {Outcome::Pending, Outcome::PendingConfirmation,
                                                     Outcome::PendingChallenge};

base::Microseconds after(base::Microseconds instant, base::Microseconds least, base::Microseconds most,
                         Random& random) {
  return instant + random.between(least, most);
}

void confirm(Life& life, Random& random) {
  life.verified = after(life.created, 15 * second, 25 * minute, random);
  const bool at_once = random.chance_in_thousand(850);
  life.confirmed = after(*life.verified, second, at_once ? 3 * minute : 20 * hour, random);
}

void expire(Life& life, Random& random) {
  constexpr std::array<base::Microseconds, 3> waits = {hour, day, patience};
  life.expires_at = life.created + random.one_of(waits);
  life.expired = after(life.expires_at, 0, minute, random);
}

void reject(Life& life, Random& random) {
  switch (life.outcome) {
    case Outcome::RejectedByMerchant:
      life.verified = after(life.created, 15 * second, 25 * minute, random);
      life.rejected = after(*life.verified, second, 2 * minute, random);
      return;
    case Outcome::MerchantFailed:
      life.verified = after(life.created, 15 * second, 25 * minute, random);
      life.rejected = after(*life.verified, day, day + 10 * minute, random);
      return;
    case Outcome::Confirmed:
    case Outcome::Cancelled:
    case Outcome::Expired:
    case Outcome::ExpiredChallenge:
    case Outcome::KoGeneric:
    case Outcome::FailedChallenge:
    case Outcome::Pending:
    case Outcome::PendingConfirmation:
    case Outcome::PendingChallenge:
      life.rejected = after(life.created, 20 * second, 10 * minute, random);
      return;
  }
}

void live(Life& life, Random& random) {
  switch (life.outcome) {
    case Outcome::Confirmed:
      return confirm(life, random);
    case Outcome::Cancelled:
      confirm(life, random);
      life.cancelled = after(*life.confirmed, hour, 40 * day, random);
      if (*life.cancelled <= last_instant) return;
      life.cancelled.reset();  // not yet
      life.outcome = Outcome::Confirmed;
      return;
    case Outcome::Expired:
    case Outcome::ExpiredChallenge:
      return expire(life, random);
    case Outcome::KoGeneric:
    case Outcome::FailedChallenge:
    case Outcome::RejectedByMerchant:
    case Outcome::MerchantFailed:
      return reject(life, random);
    case Outcome::Pending:
    case Outcome::PendingConfirmation:
    case Outcome::PendingChallenge:
      life.expires_at = life.created + pending_patience;
      return;
  }
}

base::Microseconds latest(const Life& life) {
  return std::max({life.created, life.verified.value_or(0), life.confirmed.value_or(0), life.cancelled.value_or(0),
                   life.expired.value_or(0), life.rejected.value_or(0)});
}

// --- The cart
// ---------------------------------------------------------------------------------------------------------

/// Articles early in the catalogue sell best.
const Article& draw_article(std::span<const Article> catalogue, Random& random) {
  return catalogue[random.below(1 + random.below(catalogue.size()))];
}

void discount_line(Charge& charge, Random& random) {
  if (random.chance_in_thousand(120)) charge.discount_rate = 500 * random.between(1, 6);
  const std::int64_t tenth = charge.price / 10;
  if (tenth > 100 && random.chance_in_thousand(60)) charge.discount = tenth / 100 * 100;
}

void fill_lines(Order& order, std::span<const Article> catalogue, Random& random) {
  constexpr std::array<unsigned, 5> line_weights = {480, 270, 140, 70, 40};
  constexpr std::array<unsigned, 4> quantity_weights = {820, 120, 40, 20};
  const std::size_t lines = 1 + random.weighted(line_weights);
  order.lines.clear();
  std::int64_t most = -1;
  for (std::size_t tries = 0; order.lines.size() < lines && tries < 20; ++tries) {
    const Article& article = draw_article(catalogue, random);
    const auto same = [&](const Line& line) { return line.article == &article; };
    if (std::any_of(order.lines.begin(), order.lines.end(), same)) continue;
    Line line{.article = &article,
              .quantity = static_cast<std::int64_t>(1 + random.weighted(quantity_weights)),
              .charge = {.price = article.price, .tax_rate = article.tax_rate}};
    discount_line(line.charge, random);
    const std::int64_t cost = total_of(line.charge) * line.quantity;
    if (cost > most) order.tax_rate = article.tax_rate;
    most = std::max(most, cost);
    order.lines.push_back(line);
  }
}

struct Carrier {
  std::string_view name;
  ShippingMethod method;
  std::int64_t price;  ///< without tax
};
constexpr std::array<Carrier, 7> carriers = {{
    {"Correos Exprés", ShippingMethod::Postal, 411},
    {"Mensajería Núñez 24 h", ShippingMethod::Postal, 578},
    {"Envío estándar", ShippingMethod::Postal, 326},
    {"Envío gratuito", ShippingMethod::Postal, 0},
    {"Punto de recogida", ShippingMethod::PickupPoint, 247},
    {"Quiosco de la esquina", ShippingMethod::PickupPoint, 165},
    {"Recogida en tienda", ShippingMethod::PickupStore, 0},
}};
constexpr std::array<unsigned, carriers.size()> carrier_weights = {230, 150, 250, 170, 90, 30, 80};

void ship(Order& order, Random& random) {
  const Carrier& carrier = carriers[random.weighted(carrier_weights)];
  order.shipping.name = carrier.name;
  order.shipping.method = carrier.method;
  order.shipping.charge = {.price = carrier.price, .tax_rate = 2100};
  if (carrier.price > 0 && random.chance_in_thousand(70)) order.shipping.charge.discount_rate = 5000;
  if (carrier.price > 200 && random.chance_in_thousand(40)) order.shipping.charge.discount = 100;
  order.billing = order.customer.address;
  order.shipping.address = order.customer.address;
  if (!random.chance_in_thousand(110)) return;
  // A present: it goes to somebody else.
  order.shipping.address = make_customer(random.next()).address;
}

void discount_order(Order& order, Random& random) {
  order.discount.reset();
  order.discount_rate.reset();
  order.total_amount = order_total(order);
  if (order.total_amount > 5'000 && random.chance_in_thousand(90)) {
    order.discount = 500 * random.between(1, std::min<std::int64_t>(4, order.total_amount / 2'500));
  }
  if (random.chance_in_thousand(70)) order.discount_rate = 100 * random.between(2, 15);
  order.total_amount = order_total(order);
}

}  // namespace

std::int64_t share_of(std::int64_t amount, std::int64_t rate) {
  return (amount * rate + 5'000) / 10'000;
}

std::int64_t total_of(const Charge& charge) {
  const std::int64_t with_tax = charge.price + share_of(charge.price, charge.tax_rate);
  return with_tax - charge.discount.value_or(0) - share_of(with_tax, charge.discount_rate.value_or(0));
}

std::int64_t order_total(const Order& order) {
  std::int64_t sum = total_of(order.shipping.charge);
  for (const Line& line : order.lines) sum += total_of(line.charge) * line.quantity;
  return sum - order.discount.value_or(0) - share_of(sum, order.discount_rate.value_or(0));
}

std::string_view name_of(ShippingMethod method) {
  constexpr std::array<std::string_view, 3> names = {"pickup_store", "pickup_point", "postal"};
  return names[static_cast<std::size_t>(method)];
}

std::string_view name_of(Product product) {
  constexpr std::array<std::string_view, 3> names = {"instalments", "pay_later", "pay_in_4"};
  return names[static_cast<std::size_t>(product)];
}

std::string_view name_of(Acquaintance acquaintance) {
  constexpr std::array<std::string_view, 3> names = {"g", "n", "e"};
  return names[static_cast<std::size_t>(acquaintance)];
}

std::string_view status_of(Outcome outcome) {
  return outcomes[static_cast<std::size_t>(outcome)].status;
}

std::optional<std::string_view> reason_of(Outcome outcome) {
  const std::string_view reason = outcomes[static_cast<std::size_t>(outcome)].reason;
  return reason.empty() ? std::nullopt : std::optional(reason);
}

Life make_life(Outcome outcome, base::Microseconds created, Random& random) {
  Life life{.outcome = outcome, .created = created, .expires_at = created + patience};
  live(life, random);
  if (latest(life) <= last_instant) return life;
  return {.outcome = random.one_of(pending_outcomes), .created = created, .expires_at = created + pending_patience};
}

Outcome draw_outcome(base::Microseconds created, Random& random) {
  if (created > last_instant - pending_window && random.chance_in_thousand(600)) {
    return random.one_of(pending_outcomes);
  }
  std::array<unsigned, outcome_count> weights{};
  std::transform(outcomes.begin(), outcomes.end(), weights.begin(), [](const auto& terms) { return terms.weight; });
  return static_cast<Outcome>(random.weighted(weights));
}

void fill_cart(Order& order, std::span<const Article> catalogue, Random& random) {
  fill_lines(order, catalogue, random);
  ship(order, random);
  discount_order(order, random);
  order.event_date.reset();
  if (random.chance_in_thousand(25)) order.event_date = order.life.created + random.between(10, 150) * day;
  constexpr std::array<unsigned, 3> product_weights = {600, 250, 150};
  order.product = static_cast<Product>(random.weighted(product_weights));
  order.downpayment.reset();
  if (order.product == Product::Instalments && order.total_amount > 20'000 && random.chance_in_thousand(500)) {
    order.downpayment = share_of(order.total_amount, 500 * random.between(1, 5));
  }
}

}  // namespace portico::demo
