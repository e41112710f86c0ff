#include "ledger.hpp"

#include <algorithm>

namespace portico::demo {
namespace {

constexpr base::Microseconds second = 1'000'000;
constexpr base::Microseconds hour = 3'600 * second;
constexpr base::Microseconds day = 24 * hour;
constexpr base::Microseconds week = 7 * day;
constexpr base::Microseconds first_monday = 1'582'502'400'000'000;  // 2020-02-24T00:00:00Z, before the first instant
constexpr base::Microseconds instalments_kept = 365 * day;
constexpr base::Microseconds instalment_step = 30 * day;

std::string date_of(base::Microseconds instant) {
  constexpr std::size_t date_size = 10;
  return base::format_timestamp(instant).substr(0, date_size);
}

/// The order's life after its confirmation, step by step; `now` goes on from one to the next.
class Bookkeeper {
 public:
  Bookkeeper(Order& order, Ledger& ledger, Random& random) : order_(order), ledger_(ledger), random_(random) {}

  void keep() {
    const Life& life = order_.life;
    if (!life.confirmed || order_.total_amount == 0) return;
    end_ = life.cancelled.value_or(last_instant);
    enter(OperationKind::Confirmation, order_.total_amount, *life.confirmed);
    capture();
    give_back();
    if (life.cancelled) {
      const std::int64_t left = order_.total_amount - order_.refunded_amount.value_or(0);
      enter(OperationKind::Cancellation, left, *life.cancelled);
    }
    plan_instalments();
  }

 private:
  void enter(OperationKind kind, std::int64_t amount, base::Microseconds created) {
    ledger_.operations.push_back({.id = random_.id(),
                                  .order_id = order_.id,
                                  .payment_id = {},
                                  .kind = kind,
                                  .amount = amount,
                                  .created = created});
  }

  /// An instant after `instant`, if the order is still alive then.
  [[nodiscard]] std::optional<base::Microseconds> later(base::Microseconds instant, base::Microseconds most) {
    const base::Microseconds then = instant + random_.between(hour, most);
    return then < end_ ? std::optional(then) : std::nullopt;
  }

  /// A quarter of the orders is captured as it is sent, in up to three parts; the others are as a whole, and not
  /// here.
  void capture() {
    if (!random_.chance_in_thousand(250)) return;
    const std::int64_t parts = random_.between(1, 3);
    std::int64_t left = order_.total_amount;
    base::Microseconds instant = *order_.life.confirmed;
    for (std::int64_t part = 1; part <= parts && left > 0; ++part) {
      const auto then = later(instant, 10 * day);
      if (!then) break;
      instant = *then;
      const bool rest = part == parts && random_.chance_in_thousand(800);
      const std::int64_t amount = rest ? left : random_.between(1, left);
      left -= amount;
      ledger_.captures.push_back({.id = random_.id(),
                                  .order_id = order_.id,
                                  .amount = amount,
                                  .refunded = 0,
                                  .left_of_order = left,
                                  .created = instant});
      enter(OperationKind::Capture, amount, instant);
    }
    if (!ledger_.captures.empty()) order_.captured_amount = order_.total_amount - left;
  }

  /// Some orders are given back in part; all given back is a cancelled order, which these are not.
  void give_back() {
    if (!random_.chance_in_thousand(60)) return;
    const base::Microseconds begin =
        ledger_.captures.empty() ? *order_.life.confirmed : ledger_.captures.back().created;
    const auto then = later(begin, 30 * day);
    const std::int64_t most = ledger_.captures.empty() ? order_.total_amount : ledger_.captures.front().amount;
    if (!then || most < 2) return;
    const std::int64_t amount = random_.between(1, most - 1);
    order_.refunded_amount = amount;
    enter(OperationKind::Refund, amount, *then);
    if (ledger_.captures.empty()) return;
    Capture& capture = ledger_.captures.front();
    capture.refunded = amount;
    ledger_.capture_refunds.push_back(
        {.id = random_.id(), .order_id = order_.id, .capture_id = capture.id, .amount = amount, .created = *then});
  }

  [[nodiscard]] std::int64_t draw_count() {
    constexpr std::array<std::int64_t, 6> counts = {2, 3, 4, 6, 10, 12};
    constexpr std::array<unsigned, counts.size()> weights = {180, 460, 170, 110, 30, 50};
    switch (order_.product) {
      case Product::PayLater:
        return 1;
      case Product::PayIn4:
        return 4;
      case Product::Instalments:
        return counts[random_.weighted(weights)];
    }
    return 1;
  }

  void plan_instalments() {
    const base::Microseconds confirmed = *order_.life.confirmed;
    if (confirmed < last_instant - instalments_kept) return;
    const std::int64_t count = draw_count();
    const std::int64_t rest = order_.total_amount - order_.downpayment.value_or(0);
    if (order_.downpayment) add_instalment({.number = 0, .amount = *order_.downpayment, .due = confirmed});
    for (std::int64_t number = 1; number <= count; ++number) {
      // What a part of a hundredth each would be is in the first ones.
      const std::int64_t amount = rest / count + (number <= rest % count ? 1 : 0);
      add_instalment({.number = number, .amount = amount, .due = confirmed + number * instalment_step});
    }
  }

  struct Due {
    std::int64_t number;
    std::int64_t amount;
    base::Microseconds due;
  };

  void add_instalment(const Due& due) {
    Instalment instalment{.id = random_.id(),
                          .order_id = order_.id,
                          .number = due.number,
                          .amount = due.amount,
                          .due_date = date_of(due.due)};
    const bool is_late = random_.chance_in_thousand(40);
    const base::Microseconds paid = due.due + (is_late ? random_.between(day, 9 * day) : random_.between(0, hour));
    if (paid <= end_) {
      instalment.paid = paid;
      instalment.state = InstalmentState::Paid;
    } else if (order_.life.cancelled) {
      instalment.state = InstalmentState::Cancelled;
    } else if (due.due + day <= last_instant) {
      instalment.state = InstalmentState::Late;
    }
    ledger_.instalments.push_back(std::move(instalment));
  }

  Order& order_;
  Ledger& ledger_;
  Random& random_;
  base::Microseconds end_ = 0;
};

}  // namespace

std::string_view name_of(OperationKind kind) {
  constexpr std::array<std::string_view, 4> names = {"confirmation", "capture", "refund", "cancellation"};
  return names[static_cast<std::size_t>(kind)];
}

std::string_view name_of(InstalmentState state) {
  constexpr std::array<std::string_view, 4> names = {"pending", "paid", "late", "cancelled"};
  return names[static_cast<std::size_t>(state)];
}

void keep_ledger(Order& order, Ledger& ledger, Random& random) {
  ledger.captures.clear();
  ledger.capture_refunds.clear();
  ledger.operations.clear();
  ledger.instalments.clear();
  order.refunded_amount.reset();
  order.captured_amount.reset();
  Bookkeeper(order, ledger, random).keep();
}

PaymentBook::PaymentBook(Random& random) {
  constexpr base::Microseconds hour_of_payment = 6 * hour;
  constexpr base::Microseconds days_in_bank = 2 * day;
  for (base::Microseconds monday = first_monday; monday + week + hour_of_payment <= last_instant; monday += week) {
    Payment payment;
    payment.id = random.id();
    payment.from = date_of(monday);
    payment.to = date_of(monday + week - 1);
    payment.created = monday + week + hour_of_payment;
    payment.is_paid = payment.created + days_in_bank <= last_instant;
    payments_.push_back(std::move(payment));
  }
}

void PaymentBook::enter(Operation& operation) {
  const auto number = static_cast<std::size_t>((operation.created - first_monday) / week);
  if (number >= payments_.size()) return;
  Payment& payment = payments_[number];
  operation.payment_id = payment.id;
  payment.is_needed = true;
  switch (operation.kind) {
    case OperationKind::Confirmation:
      payment.amount += operation.amount;
      return;
    case OperationKind::Refund:
    case OperationKind::Cancellation:
      payment.amount -= operation.amount;
      return;
    case OperationKind::Capture:
      return;
  }
}

}  // namespace portico::demo
