#include "generate.hpp"

#include <array>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "row_shape.hpp"
#include "shop.hpp"
#include "sources.hpp"
#include "timeline.hpp"

namespace portico::demo {
namespace {

constexpr base::Microseconds day = 86'400'000'000;
constexpr base::Microseconds sandbox_span = 120 * day;

const model::Resource& resource_of(const model::Api& api, std::string_view name) {
  const model::Resource* resource = api.find_resource(name);
  if (resource != nullptr) return *resource;
  throw std::runtime_error("the description does not fit the demo's data: it has no resource '" + std::string(name) +
                           "'");
}

class Generator {
 public:
  Generator(const model::Api& api, const Volume& volume, RowSink& sink)
      : volume_(volume),
        sink_(sink),
        random_(volume.mode == model::Mode::Sandbox ? ~volume.seed : volume.seed),
        merchants_(resource_of(api, "merchants"), merchant_sources()),
        articles_(resource_of(api, "articles"), article_sources()),
        orders_(resource_of(api, "orders"), order_sources()),
        customers_(resource_of(api, "customers"), customer_sources()) {
    match_items(orders_.resource(), "articles", line_fields());
    shops_.reserve(merchant_count);
    for (const auto& merchant : merchants()) shops_.emplace_back(merchant, volume.mode, random_);
  }

  void run() {
    for (const Shop& shop : shops_) {
      if (!put(merchants_, shop.merchant(), shop)) return;
    }
    for (const Shop& shop : shops_) {
      for (const Article& article : shop.catalogue()) {
        if (!put(articles_, article, shop)) return;
      }
    }
    if (!run_orders()) return;
    for (const Shop& shop : shops_) {
      for (std::size_t place = 0; place < shop.customers(); ++place) {
        if (!put(customers_, shop.customer(place), shop)) return;
      }
    }
  }

 private:
  template <typename Record>
  [[nodiscard]] bool put(const RowShape<Record>& shape, const Record& record, const Shop& shop) {
    shape.add(record, sink_.rows(shape.resource()));
    return sink_.added(shop.merchant().id);
  }

  [[nodiscard]] bool run_orders() {
    const bool sandbox = volume_.mode == model::Mode::Sandbox;
    const Timeline timeline(sandbox ? last_instant - sandbox_span : first_instant, last_instant);
    std::array<unsigned, merchant_count> shares{};
    for (std::size_t shop = 0; shop < merchant_count; ++shop) shares[shop] = shops_[shop].merchant().share;

    OrderRecord record;
    record.mode = volume_.mode;
    for (std::uint64_t number = 0; number < volume_.orders; ++number) {
      const base::Microseconds created = timeline.instant(number, volume_.orders, random_);
      Shop& shop = shops_[random_.weighted(shares)];
      const Outcome outcome = sandbox ? next_in_turn(created) : draw_outcome(created, random_);
      shop.take_order(created, outcome, record.order, random_);
      write_lines(record.order.lines, record.articles_json);
      if (!put(orders_, record, shop)) return false;
    }
    return true;
  }

  /// The sandbox is there to try every state: all that an order of this age may be in, in turn.
  [[nodiscard]] Outcome next_in_turn(base::Microseconds created) {
    constexpr base::Microseconds fresh_span = 14 * day;
    const auto decided = static_cast<std::size_t>(Outcome::Pending);
    const bool fresh = created > last_instant - fresh_span;
    turn_ = (turn_ + 1) % (fresh ? outcome_count : decided);
    return static_cast<Outcome>(turn_);
  }

  Volume volume_;
  RowSink& sink_;
  Random random_;
  RowShape<Merchant> merchants_;
  RowShape<Article> articles_;
  RowShape<OrderRecord> orders_;
  RowShape<KnownCustomer> customers_;
  std::vector<Shop> shops_;
  std::size_t turn_ = outcome_count;
};

}  // namespace

void generate(const model::Api& api, const Volume& volume, RowSink& sink) {
  Generator(api, volume, sink).run();
}

}  // namespace portico::demo
