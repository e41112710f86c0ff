#include "generate.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "campaigns.hpp"
#include "ledger.hpp"
#include "ledger_sources.hpp"
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

constexpr std::uint64_t random_seed_of_ledgers = 0x6c65646765720000;

/// What is made beside the orders.
struct LedgerShapes {
  explicit LedgerShapes(const model::Api& api)
      : captures(resource_of(api, "captures"), capture_sources()),
        capture_refunds(resource_of(api, "capture-refunds"), capture_refund_sources()),
        operations(resource_of(api, "operations"), operation_sources()),
        instalments(resource_of(api, "instalment-payments"), instalment_sources()),
        payments(resource_of(api, "payments"), payment_sources()),
        campaigns(resource_of(api, "campaigns"), campaign_sources()),
        campaign_articles(resource_of(api, "campaign-articles"), offered_article_sources()) {}

  RowShape<Capture> captures;
  RowShape<CaptureRefund> capture_refunds;
  RowShape<Operation> operations;
  RowShape<Instalment> instalments;
  RowShape<Payment> payments;
  RowShape<Campaign> campaigns;
  RowShape<OfferedArticle> campaign_articles;
};

class Generator {
 public:
  Generator(const model::Api& api, const Volume& volume, RowSink& sink)
      : volume_(volume),
        sink_(sink),
        random_(volume.mode == model::Mode::Sandbox ? ~volume.seed : volume.seed),
        ledger_random_(random_seed_of_ledgers ^ (volume.mode == model::Mode::Sandbox ? ~volume.seed : volume.seed)),
        merchants_(resource_of(api, "merchants"), merchant_sources()),
        articles_(resource_of(api, "articles"), article_sources()),
        orders_(resource_of(api, "orders"), order_sources()),
        customers_(resource_of(api, "customers"), customer_sources()),
        ledger_shapes_(api) {
    match_items(orders_.resource(), "articles", line_fields());
    shops_.reserve(merchant_count);
    for (const auto& merchant : merchants()) shops_.emplace_back(merchant, volume.mode, random_);
    for (std::size_t shop = 0; shop < merchant_count; ++shop) books_.emplace_back(ledger_random_);
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
    if (!run_campaigns() || !run_orders() || !run_payments()) return;
    for (const Shop& shop : shops_) {
      for (std::size_t place = 0; place < shop.customers(); ++place) {
        if (!put(customers_, shop.customer(place), shop)) return;
      }
    }
  }

 private:
  template <typename Record>
  [[nodiscard]] bool put(const RowShape<Record>& shape, const Record& record, const Shop& shop) {
    shape.add(record, shop.merchant().id, sink_.rows(shape.resource()));
    return sink_.added(shop.merchant().id);
  }

  template <typename Record>
  [[nodiscard]] bool put_all(const RowShape<Record>& shape, const std::vector<Record>& records, const Shop& shop) {
    return std::all_of(records.begin(), records.end(),
                       [&](const Record& record) { return put(shape, record, shop); });
  }

  [[nodiscard]] bool run_campaigns() {
    for (const Shop& shop : shops_) {
      for (const Campaign& campaign : make_campaigns(shop.catalogue(), ledger_random_)) {
        if (!put(ledger_shapes_.campaigns, campaign, shop)) return false;
        for (const Article* article : campaign.articles) {
          const OfferedArticle offered{.campaign_id = campaign.id, .article = article};
          if (!put(ledger_shapes_.campaign_articles, offered, shop)) return false;
        }
      }
    }
    return true;
  }

  [[nodiscard]] bool run_payments() {
    for (std::size_t shop = 0; shop < merchant_count; ++shop) {
      for (const Payment& payment : books_[shop].payments()) {
        if (payment.is_needed && !put(ledger_shapes_.payments, payment, shops_[shop])) return false;
      }
    }
    return true;
  }

  [[nodiscard]] bool put_ledger(Ledger& ledger, std::size_t shop) {
    for (Operation& operation : ledger.operations) books_[shop].enter(operation);
    return put_all(ledger_shapes_.captures, ledger.captures, shops_[shop]) &&
           put_all(ledger_shapes_.capture_refunds, ledger.capture_refunds, shops_[shop]) &&
           put_all(ledger_shapes_.operations, ledger.operations, shops_[shop]) &&
           put_all(ledger_shapes_.instalments, ledger.instalments, shops_[shop]);
  }

  [[nodiscard]] bool run_orders() {
    const bool sandbox = volume_.mode == model::Mode::Sandbox;
    const Timeline timeline(sandbox ? last_instant - sandbox_span : first_instant, last_instant);
    std::array<unsigned, merchant_count> shares{};
    for (std::size_t shop = 0; shop < merchant_count; ++shop) shares[shop] = shops_[shop].merchant().share;

    OrderRecord record;
    Ledger ledger;
    record.mode = volume_.mode;
    for (std::uint64_t number = 0; number < volume_.orders; ++number) {
      const base::Microseconds created = timeline.instant(number, volume_.orders, random_);
      const std::size_t place = random_.weighted(shares);
      Shop& shop = shops_[place];
      const Outcome outcome = sandbox ? next_in_turn(created) : draw_outcome(created, random_);
      shop.take_order(created, outcome, record.order, random_);
      keep_ledger(record.order, ledger, ledger_random_);
      write_lines(record.order.lines, record.articles_json);
      if (!put(orders_, record, shop) || !put_ledger(ledger, place)) return false;
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
  Random ledger_random_;  // of its own: what is made with it leaves the orders as they are
  RowShape<Merchant> merchants_;
  RowShape<Article> articles_;
  RowShape<OrderRecord> orders_;
  RowShape<KnownCustomer> customers_;
  LedgerShapes ledger_shapes_;
  std::vector<Shop> shops_;
  std::vector<PaymentBook> books_;  // one a shop
  std::size_t turn_ = outcome_count;
};

}  // namespace

void generate(const model::Api& api, const Volume& volume, RowSink& sink) {
  Generator(api, volume, sink).run();
}

}  // namespace portico::demo
