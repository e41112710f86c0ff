#pragma once

#include "change/make_settlement.hpp"
#include "unit/change/changed_shop.hpp"

namespace portico::change {

/// The shop of support::writing_api whose orders tell a webhook.
inline std::shared_ptr<const model::Api> telling_api() {
  std::string text(support::writing_description);
  const std::string before = "    fields:\n      id: {type: id, read_only: true}\n      mid:";
  const std::string webhooks = R"yaml(
    webhooks:
      paid:
        on: [create, confirm, delete]
        when: total > 10
        to: shop.webhook
        body: {id: id, mid: mid, status: status, total: total, test: sandbox(), at: confirmed}
        answers:
          ok: {guard: [{that: cancelled == null, message: Was cancelled.}], set: {refunded: total}}
          more: {set: {refunded: total * 9000000000000000000}}
          twin: {set: {mid: "'TWIN'"}}
        given_up: {set: {cancelled: now()}}
)yaml";
  text.replace(text.find(before), before.size(),
               webhooks +
                   "    fields:\n      shop: {type: id, refers: shops, hidden: true}\n      id: {type: id, "
                   "read_only: true}\n      mid:");
  return support::api_of(text);
}

class TellingShop : public ChangedShop {
 protected:
  TellingShop() : ChangedShop(telling_api()) {
    execute("UPDATE shops SET webhook = 'https://Example.com/hook' WHERE id = '" + std::string(32, 'a') + "'");
  }

  [[nodiscard]] std::string messages(const std::string& condition = "true") {
    return value("SELECT count(*) FROM portico_outbox WHERE " + condition);
  }
  std::string of_message(const std::string& column) { return value("SELECT \"" + column + "\" FROM portico_outbox"); }
};

}  // namespace portico::change
