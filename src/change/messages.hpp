#pragma once

#include <cstddef>

#include "change/ground.hpp"
#include "change/part.hpp"

namespace portico::change {

/// Writes what webhooks are to be told of an operation into the outbox, within its transaction. Refers to its
/// arguments.
class Messages {
 public:
  Messages(const Ground& ground, Dialogue& dialogue) : ground_(ground), dialogue_(dialogue) {}

  /// Of a row that the operation has written, or is about to delete. The row is read again, as the webhook's resource
  /// has it. InvalidData where an expression overflows.
  Part<base::Status> write(const plan::TableRow& row);

  /// Whether the operation may have something to tell.
  [[nodiscard]] bool are_due() const;
  [[nodiscard]] bool are_written() const noexcept { return written_ > 0; }

 private:
  Part<base::Status> write_one(const model::Webhook& webhook, const plan::TableRow& row);
  [[nodiscard]] bool is_due(const model::WebhookTrigger& trigger) const;

  const Ground& ground_;
  Dialogue& dialogue_;
  std::size_t written_ = 0;
};

}  // namespace portico::change
