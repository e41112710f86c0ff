#include <gtest/gtest.h>

#include "unit/model/description.hpp"

namespace portico::model {
namespace {

// What webhooks can get wrong; each row stands in the place of line 17, where it is the key of `orders`.
const std::vector<AppendedRow> rows = {
    {"no webhook", "    webhooks: {}\n", {"17:15: no webhook (leave 'webhooks' out)"}},
    {"what lacks",
     "    webhooks: {paid: {}}\n",
     {"17:16: a webhook needs the key 'on' (The operations and actions that it is sent for: update, refund; "
      "checkout.create of a resource that shares the table.)",
      "17:16: a webhook needs the key 'to' (The URL that it is sent to, a text; null: nothing is sent.)",
      "17:16: a webhook needs the key 'body' (The fields of the JSON object that is sent.)"}},
    {"unknown key",
     "    webhooks: {paid: {on: [update], to: customer.email, body: {id: id}, retries: 3}}\n",
     {"17:73: unknown key 'retries' (there is 'on', 'when', 'to', 'body', 'answers' and 'given_up')"}},
    {"bad name",
     "    webhooks: {Paid: {on: [update], to: customer.email, body: {id: id}}}\n",
     {"17:16: a webhook cannot be called 'Paid' (lower-case letters, digits and single '-' or '_' between them, a "
      "letter first)"}},
    {"unknown operation",
     "    webhooks: {paid: {on: [updated], to: customer.email, body: {id: id}}}\n",
     {"17:28: unknown operation 'updated' (did you mean 'update'?)"}},
    {"nothing to be sent for",
     "    webhooks: {paid: {on: [], to: customer.email, body: {id: id}}}\n",
     {"17:27: it is never sent (operations and actions: on: [create, update])"}},
    {"unknown resource",
     "    webhooks: {paid: {on: [checkout.create], to: customer.email, body: {id: id}}}\n",
     {"17:28: unknown resource 'checkout' (there is 'orders')"}},
    {"another table",
     "    webhooks: {paid: {on: [shops.update], to: customer.email, body: {id: id}}}\n",
     {"17:28: 'shops' is kept in another table (a message is about a row that the operation changes: table: "
      "orders)"}},
    {"operation that there is not",
     "    webhooks: {paid: {on: [slips.update], to: customer.email, body: {id: id}}}\n"
     "  slips: {table: orders, owner: shop, operations: [list], fields: {id: {type: id}}}\n",
     {"17:28: an operation that there is not: 'update' of slips (operations: [update])"}},
    {"target of another type",
     "    webhooks: {paid: {on: [update], to: total, body: {id: id}}}\n",
     {"17:41: a target is a text, and not an integer (the URL that it is sent to: notification_url)"}},
    {"condition that is none",
     "    webhooks: {paid: {on: [update], when: total, to: customer.email, body: {id: id}}}\n",
     {"17:43: a condition is true or false, but this is an integer (as amount > 0, or amount != null)"}},
    {"unknown field",
     "    webhooks: {paid: {on: [update], to: customer.email, body: {id: amount}}}\n",
     {"17:68: unknown name 'amount' (there is 'id', 'total', 'status', 'paid', 'articles' and 'customer.email')"}},
    {"empty body",
     "    webhooks: {paid: {on: [update], to: customer.email, body: {}}}\n",
     {"17:63: a message without fields ({id: id})"}},
    {"empty answers",
     "    webhooks: {paid: {on: [update], to: customer.email, body: {id: id}, answers: {}}}\n",
     {"17:82: no answer (leave 'answers' out, and any 2xx will do)"}},
    {"answer that sets what is not there",
     "    webhooks: {paid: {on: [update], to: customer.email, body: {id: id}, answers: {ok: {set: {payed: "
     "now()}}}}}\n",
     {"17:94: unknown field 'payed' (there is 'id', 'total', 'status', 'paid', 'articles' and 'customer.email')"}},
    {"given up with another type",
     "    webhooks: {paid: {on: [update], to: customer.email, body: {id: id}, given_up: {set: {paid: 1}}}}\n",
     {"17:96: 'paid' holds a timestamp, but this is an integer (its type is timestamp)"}},
    {"key of two fields",
     "    webhooks: {paid: {on: [update], to: customer.email, body: {id: id}}}\n    key: [id, status]\n",
     {"17:5: webhooks about rows that one field does not name (key: id)"}},
    {"range that is none",
     "webhooks: {allow: [10.0.0.0/99]}\n",
     {"17:20: '10.0.0.0/99' is no address (as 127.0.0.1, ::1 or 10.0.0.0/8)"}},
    {"timeout of nothing", "webhooks: {timeout: 0}\n", {"17:21: expected an integer from 1 to 3600, found '0'"}},
    {"giving up after ages",
     "webhooks: {give_up_after: 31536001}\n",
     {"17:27: expected an integer from 1 to 31536000, found '31536001'"}},
    {"unknown rule", "webhooks: {time_out: 5}\n", {"17:12: unknown key 'time_out' (did you mean 'timeout'?)"}},
};

TEST(Webhooks, MistakesAreFoundWhereTheyStand) {
  for (const AppendedRow& row : rows) {
    EXPECT_EQ(mistakes_of(std::string(writable_description) + row.appended), row.mistakes) << row.name;
  }
}

constexpr std::string_view told = R"(
    actions: {pay: {set: {paid: now()}}}
    webhooks:
      changed:
        on: [slips.create, update, pay]
        when: total > 0
        to: customer.email
        body: {id: id, test: sandbox()}
        answers: {ok: {set: {paid: now()}}, ko: {}}
        given_up: {set: {status: "'ok'"}}
  slips:
    table: orders
    owner: shop
    operations: [create]
    fields: {id: {type: id, read_only: yes}, total: {type: money}}
webhooks: {allow: ["127.0.0.0/8"], timeout: 3}
)";

TEST(Webhooks, ReachTheOperationsThatTheyAreSentFor) {
  std::string text = std::string(writable_description) + std::string(told);
  text = replaced(text, "articles: {type: list,", "articles: {type: list, \"null\": yes,");
  text = replaced(text, "customer: {type: object,", "customer: {type: object, \"null\": yes,");
  text = replaced(text, "read_only: yes, default: \"'new'\"}", "\"null\": yes, read_only: yes}");
  const auto api = api_of(text);
  ASSERT_NE(api, nullptr) << ::testing::PrintToString(mistakes_of(text));
  EXPECT_TRUE(api->has_webhooks());
  EXPECT_EQ(api->webhooks.allow, std::vector<std::string>{"127.0.0.0/8"});
  EXPECT_EQ(api->webhooks.timeout, std::chrono::seconds(3));
  EXPECT_EQ(api->webhooks.give_up_after, std::chrono::hours(72));
  const Resource& orders = *api->find_resource("orders");
  const Webhook* const changed = orders.find_webhook("changed");
  ASSERT_NE(changed, nullptr);
  EXPECT_EQ(changed->resource, &orders);
  EXPECT_NE(changed->find_answer("ko"), nullptr);
  EXPECT_EQ(changed->find_answer("no"), nullptr);
  EXPECT_EQ(changed->find_answer("ok")->rules.effects.size(), 1U);
  ASSERT_NE(changed->given_up, nullptr);
  ASSERT_EQ(orders.triggers.size(), 2U);
  EXPECT_EQ(orders.triggers[0].kind, OperationKind::Update);
  EXPECT_EQ(orders.triggers[1].action, "pay");
  const Resource& slips = *api->find_resource("slips");
  ASSERT_EQ(slips.triggers.size(), 1U);
  EXPECT_EQ(slips.triggers[0].kind, OperationKind::Create);
  EXPECT_EQ(slips.triggers[0].webhook, changed);
}

}  // namespace
}  // namespace portico::model
