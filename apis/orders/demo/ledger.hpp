#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "order.hpp"
#include "random.hpp"

namespace portico::demo {

/// What the shop captured of an order. Hundredths, as all amounts (P7).
struct Capture {
  std::string id;
  std::string_view order_id;
  std::int64_t amount = 0;
  std::int64_t refunded = 0;
  std::int64_t left_of_order = 0;  ///< to capture, when this was captured
  base::Microseconds created = 0;
};

struct CaptureRefund {
  std::string id;
  std::string_view order_id;
  std::string_view capture_id;
  std::int64_t amount = 0;
  base::Microseconds created = 0;
};

enum class OperationKind : std::uint8_t { Confirmation, Capture, Refund, Cancellation };
[[nodiscard]] std::string_view name_of(OperationKind kind);

struct Operation {
  std::string id;
  std::string_view order_id;
  std::string_view payment_id;  ///< empty: not paid out yet
  OperationKind kind = OperationKind::Confirmation;
  std::int64_t amount = 0;
  base::Microseconds created = 0;
};

enum class InstalmentState : std::uint8_t { Pending, Paid, Late, Cancelled };
[[nodiscard]] std::string_view name_of(InstalmentState state);

/// A part of what a customer pays. An order's add up to its total. Those of the last year's orders are kept.
struct Instalment {
  std::string id;
  std::string_view order_id;
  std::int64_t number = 0;  ///< from 1; 0: the downpayment
  std::int64_t amount = 0;
  std::string due_date;  ///< `YYYY-MM-DD`
  std::optional<base::Microseconds> paid = {};
  InstalmentState state = InstalmentState::Pending;
};

/// What came of an order that was confirmed; of others it is empty. Its texts are the order's, and its own.
struct Ledger {
  std::vector<Capture> captures;
  std::vector<CaptureRefund> capture_refunds;
  std::vector<Operation> operations;  ///< payment_id is for PaymentBook to say
  std::vector<Instalment> instalments;
};

/// Writes over `ledger`, and over the order's refunded and captured amounts. Nothing in it is later than
/// last_instant.
void keep_ledger(Order& order, Ledger& ledger, Random& random);

/// What a shop is paid: the operations of each week together.
struct Payment {
  std::string id;
  std::int64_t amount = 0;
  std::string from;  ///< a Monday, `YYYY-MM-DD`
  std::string to;    ///< the Sunday after it
  base::Microseconds created = 0;
  bool is_needed = false;  ///< there was an operation
  bool is_paid = false;
};

/// The payments of a shop, from the first instant to the last. A week's is made on the Monday after it.
class PaymentBook {
 public:
  explicit PaymentBook(Random& random);

  /// Adds the operation to its week, and names that week's payment in it.
  void enter(Operation& operation);
  [[nodiscard]] const std::vector<Payment>& payments() const noexcept { return payments_; }

 private:
  std::vector<Payment> payments_;  ///< week by week; the one under way has none
};

}  // namespace portico::demo
