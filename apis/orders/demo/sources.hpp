#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "order.hpp"
#include "row_shape.hpp"
#include "shop.hpp"

namespace portico::demo {

/// An order on its way into a row.
struct OrderRecord {
  Order order;
  std::string articles_json;  ///< the lines, as the field `articles` holds them
  model::Mode mode = model::Mode::Production;
};

/// Everything the demo knows, by the description's paths. Text in the cells lives as long as the record.
[[nodiscard]] std::vector<Source<OrderRecord>> order_sources();
[[nodiscard]] std::vector<Source<KnownCustomer>> customer_sources();
[[nodiscard]] std::vector<Source<Article>> article_sources();
[[nodiscard]] std::vector<Source<Merchant>> merchant_sources();

/// The names in each item that write_lines writes.
[[nodiscard]] const std::vector<std::string_view>& line_fields();

/// Writes the lines of an order as a JSON array, over `out`.
void write_lines(const std::vector<Line>& lines, std::string& out);

}  // namespace portico::demo
