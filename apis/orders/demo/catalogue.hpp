#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "random.hpp"

namespace portico::demo {

/// What a merchant sells. Prices without tax, in hundredths; rates in hundredths of a per cent (P7).
struct Article {
  std::string id;
  std::string mid;  ///< the merchant's own number
  std::string name;
  std::string description;
  std::string url;
  std::string image_url;
  std::string_view category;
  std::int64_t price = 0;
  std::int64_t tax_rate = 0;
  base::Microseconds created = 0;
};

enum class Trade : std::uint8_t { Electronics, Furniture, Bookshop };

struct CatalogueOrder {
  Trade trade = Trade::Electronics;
  std::string_view site;        ///< `https://shop.example`
  std::string_view mid_prefix;  ///< before the running number of an article
  std::size_t size = 0;
  base::Microseconds opened = 0;  ///< articles are created from then on
};

/// The names are all different. The electronics trade sells one article that is called `AplaZame`.
[[nodiscard]] std::vector<Article> make_catalogue(const CatalogueOrder& order, Random& random);

}  // namespace portico::demo
