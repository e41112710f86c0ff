#include "campaigns.hpp"

#include <algorithm>
#include <array>

#include "order.hpp"

namespace portico::demo {
namespace {

constexpr base::Microseconds hour = 3'600'000'000;
constexpr base::Microseconds day = 24 * hour;

/// A time of the year when shops make an offer.
struct Season {
  std::string_view name;
  int month;  ///< it starts on the first
  std::int64_t days;
};
constexpr std::array<Season, 5> seasons = {{
    {"Rebajas de enero", 1, 37},
    {"Día de la madre", 5, 10},
    {"Rebajas de verano", 7, 45},
    {"Vuelta al cole", 9, 20},
    {"Navidad sin intereses", 12, 31},
}};

constexpr std::array<std::string_view, 4> counts = {"[2,3]", "[2,3,4]", "[3,6,10,12]", "[4]"};

base::Microseconds start_of(int year, int month) {
  const std::string text = std::to_string(year) + (month < 10 ? "-0" : "-") + std::to_string(month) + "-01T00:00:00Z";
  return base::parse_timestamp(text, base::TimeZone::utc()).value_or(first_instant);
}

void choose_articles(Campaign& campaign, const std::vector<Article>& catalogue, Random& random) {
  const auto wanted = static_cast<std::size_t>(random.between(3, 25));
  for (std::size_t tries = 0; campaign.articles.size() < wanted && tries < 100; ++tries) {
    const Article* article = &random.one_of(catalogue);
    auto& chosen = campaign.articles;
    if (std::find(chosen.begin(), chosen.end(), article) == chosen.end()) chosen.push_back(article);
  }
}

Campaign make_campaign(const Season& season, int year, Random& random) {
  Campaign campaign{.id = random.id(), .name = std::string(season.name) + " " + std::to_string(year)};
  campaign.start = start_of(year, season.month);
  campaign.created = campaign.start - random.between(3 * day, 20 * day);
  campaign.end = campaign.start + season.days * day - 1;
  campaign.interest = 100 * random.between(0, 9);
  campaign.instalment_counts = random.one_of(counts);
  if (random.chance_in_thousand(600)) campaign.min_order_amount = 5'000 * random.between(1, 6);
  if (random.chance_in_thousand(250)) campaign.max_order_amount = 50'000 * random.between(1, 6);
  return campaign;
}

}  // namespace

std::vector<Campaign> make_campaigns(const std::vector<Article>& catalogue, Random& random) {
  constexpr int first_year = 2021;
  constexpr int last_year = 2026;
  std::vector<Campaign> campaigns;
  for (int year = first_year; year <= last_year; ++year) {
    for (const Season& season : seasons) {
      if (!random.chance_in_thousand(500) || start_of(year, season.month) > last_instant) continue;
      campaigns.push_back(make_campaign(season, year, random));
      if (random.chance_in_thousand(600)) choose_articles(campaigns.back(), catalogue, random);
    }
  }
  Campaign always{.id = random.id(), .name = "En tres plazos"};
  always.created = last_instant - 90 * day;
  always.start = always.created + day;
  always.instalment_counts = "[3]";
  always.min_order_amount = 10'000;
  campaigns.push_back(std::move(always));
  return campaigns;
}

}  // namespace portico::demo
