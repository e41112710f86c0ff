#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "catalogue.hpp"
#include "random.hpp"

namespace portico::demo {

/// An offer of a shop: instalments at an interest of their own.
struct Campaign {
  std::string id;
  std::string name;
  base::Microseconds created = 0;
  base::Microseconds start = 0;
  std::optional<base::Microseconds> end = {};
  std::int64_t interest = 0;      ///< hundredths of a per cent (P7)
  std::string instalment_counts;  ///< as the field `num_instalments` holds them: `[2,3,4]`
  std::optional<std::int64_t> min_order_amount = {};
  std::optional<std::int64_t> max_order_amount = {};
  std::vector<const Article*> articles;  ///< none: for all that the shop sells
};

/// Those of a shop, in the order of their start. `catalogue` must live as long.
[[nodiscard]] std::vector<Campaign> make_campaigns(const std::vector<Article>& catalogue, Random& random);

}  // namespace portico::demo
