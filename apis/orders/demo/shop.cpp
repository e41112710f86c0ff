#include "shop.hpp"

#include <algorithm>
#include <cinttypes>
#include <cstdio>

namespace portico::demo {
namespace {

constexpr base::Microseconds minute = 60'000'000;

CatalogueOrder catalogue_order(const Merchant& merchant) {
  return {.trade = merchant.trade,
          .site = merchant.site,
          .mid_prefix = merchant.article_prefix,
          .size = merchant.articles,
          .opened = first_instant};
}

}  // namespace

const std::array<Merchant, merchant_count>& merchants() {
  static constexpr std::array<Merchant, merchant_count> all = {{
      {.id = "3f0a6c1be5d7429f8a11c0de70a2b951",
       .name = "AplaZame",
       .site = "https://aplazame.example",
       .email = "tienda@aplazame.example",
       .postcode = "28001",
       .created = 1'579'514'400'104'829,
       .share = 70,
       .trade = Trade::Electronics,
       .articles = 600,
       .article_prefix = "EL-"},
      {.id = "b87d20c94e6a4d13a5f2917c3e0d4a68",
       .name = "Muebles Ibáñez e Hijos",
       .site = "https://muebles-ibanez.example",
       .email = "pedidos@muebles-ibanez.example",
       .postcode = "30510",
       .created = 1'580'724'000'771'003,
       .share = 20,
       .trade = Trade::Furniture,
       .articles = 400,
       .article_prefix = "MUE"},
      {.id = "0d94f7a2c35b4e8896e1b2a07f6cd813",
       .name = "Librería Peñalba",
       .site = "https://libreria-penalba.example",
       .email = "hola@libreria-penalba.example",
       .postcode = "09400",
       .created = 1'582'106'400'020'516,
       .share = 10,
       .trade = Trade::Bookshop,
       .articles = 500,
       .article_prefix = "978"},
  }};
  return all;
}

Shop::Shop(const Merchant& merchant, model::Mode mode, Random& random)
    : merchant_(merchant), mode_(mode), catalogue_(make_catalogue(catalogue_order(merchant), random)) {}

void Shop::take_order(base::Microseconds created, Outcome outcome, Order& order, Random& random) {
  Regular& regular = draw_customer(created, random);
  ++regular.orders;
  if (regular.orders > 1) regular.last_login = created - random.between(minute, 90 * minute);
  order.id = random.id();
  order.mid = next_mid(created);
  order.life = make_life(outcome, created, random);
  order.customer = make_customer(regular.seed);
  order.visit = visit_of(regular);
  fill_cart(order, catalogue_, random);
}

Shop::Regular& Shop::draw_customer(base::Microseconds created, Random& random) {
  constexpr unsigned new_in_thousand = 380;
  if (!regulars_.empty() && !random.chance_in_thousand(new_in_thousand)) {
    // Those who came last come back most. A guest does not come back: there is nothing to know them by.
    for (int tries = 0; tries < 4; ++tries) {
      Regular& regular = regulars_[regulars_.size() - 1 - random.below(1 + random.below(regulars_.size()))];
      const bool rested = regular.last_login + 120 * minute < created;
      if (regular.first != Acquaintance::Guest && rested) return regular;
    }
  }
  // An account is made on the way to the first order.
  Regular regular{.seed = random.next(), .created = created - random.between(minute, 40 * minute)};
  if (random.chance_in_thousand(180)) regular.first = Acquaintance::Guest;
  regular.last_login = regular.created;
  regulars_.push_back(regular);
  return regulars_.back();
}

Visit Shop::visit_of(const Regular& regular) {
  Visit visit{.acquaintance = regular.first, .created = regular.created};
  if (regular.first == Acquaintance::Guest) return visit;
  if (regular.orders > 1) visit.acquaintance = Acquaintance::Existing;
  visit.date_joined = regular.created;
  visit.last_login = regular.last_login;
  return visit;
}

KnownCustomer Shop::customer(std::size_t place) const {
  const Regular& regular = regulars_[place];
  return {make_customer(regular.seed), visit_of(regular)};
}

std::string Shop::next_mid(base::Microseconds created) {
  const std::int64_t year = base::date_part(base::DatePart::Year, created, base::TimeZone::utc());
  const bool numbered_by_year = merchant_.trade == Trade::Furniture;
  if (numbered_by_year && year != year_) number_ = 0;
  year_ = year;
  ++number_;
  const bool sandbox = mode_ == model::Mode::Sandbox;
  char text[64];
  switch (merchant_.trade) {
    case Trade::Electronics:
      std::snprintf(text, sizeof text, "%" PRIu64, (sandbox ? 990'000'000 : 145'000'000) + number_);
      return text;
    case Trade::Furniture:
      std::snprintf(text, sizeof text, "%s-%" PRId64 "-%06" PRIu64, sandbox ? "TEST" : "PED", year, number_);
      return text;
    case Trade::Bookshop:
      std::snprintf(text, sizeof text, "%s%07" PRIu64 "-%c", sandbox ? "T" : "L", number_,
                    nif_letter(static_cast<std::int64_t>(number_)));
      return text;
  }
  return {};
}

}  // namespace portico::demo
