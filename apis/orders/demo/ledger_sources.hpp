#pragma once

#include <vector>

#include "campaigns.hpp"
#include "ledger.hpp"
#include "row_shape.hpp"

namespace portico::demo {

/// An article of a campaign on its way into a row.
struct OfferedArticle {
  std::string_view campaign_id;
  const Article* article = nullptr;
};

/// What the demo knows of each, by the description's paths. Text in the cells lives as long as the record.
[[nodiscard]] std::vector<Source<Capture>> capture_sources();
[[nodiscard]] std::vector<Source<CaptureRefund>> capture_refund_sources();
[[nodiscard]] std::vector<Source<Operation>> operation_sources();
[[nodiscard]] std::vector<Source<Payment>> payment_sources();
[[nodiscard]] std::vector<Source<Instalment>> instalment_sources();
[[nodiscard]] std::vector<Source<Campaign>> campaign_sources();
[[nodiscard]] std::vector<Source<OfferedArticle>> offered_article_sources();

}  // namespace portico::demo
