// What the description says of writes, as it is once loaded.
#include <gtest/gtest.h>

#include "unit/model/description.hpp"

namespace portico::model {
namespace {

constexpr std::string_view shop_description = R"yaml(vendor: acme
versions: [1, 2, 3, 4]
apis:
  partner: {base: /, dialect: media-type}
  extension: {base: /api, dialect: code-envelope}
accounts: merchants
resources:
  merchants:
    operations: [list, retrieve, update]
    fields:
      id: {type: id, read_only: true}
      confirmation_url: {type: url, "null": true}
    actions:
      close: {set: {confirmation_url: "null"}}
  orders:
    owner: merchant
    names: [id, mid]
    operations: [list, retrieve, replace, update]
    wrapped_in: order
    unknown_fields: ignore
    formulas:
      goods: "sum(articles, quantity * (price * (10000 + coalesce(tax_rate, 0)) / 10000 - coalesce(discount, 0)))"
      refundable: "total_amount - refunded_amount"
      is_open: "cancelled == null && refundable > 0"
    checks:
      - {that: "total_amount == goods", field: total_amount, message: "Not the sum."}
    fields:
      id: {type: id, read_only: true}
      merchant: {type: id, column: merchant, refers: merchants, hidden: true}
      mid: {type: string, max_length: 64, required: true, unique: true, pattern: "[A-Za-z0-9-]+"}
      total_amount: {type: money, required: true, min: 0}
      refunded_amount: {type: money, read_only: true, default: 0}
      captured_amount: {type: money, read_only: true, default: 0}
      confirmed: {type: timestamp, "null": true, read_only: true}
      cancelled: {type: timestamp, "null": true, read_only: true}
      status: {type: choice, of: [pending, ok, ko], read_only: true, default: "'pending'"}
      articles: {type: list, required: true, min: 1, of: {type: object, fields: {quantity: {type: integer}, price: {type: money}, tax_rate: {type: rate, "null": true}, discount: {type: money, "null": true}}}}
    actions:
      cancel:
        guard: [{that: "confirmed != null && cancelled == null", message: "Only confirmed orders can be cancelled."}]
        set: {cancelled: now(), status: "'ko'"}
      refund:
        since: 1
        until: 4
        get: yes
        fields: {amount: {type: money, required: true, min: 1}}
        checks: [{that: "amount <= total_amount - refunded_amount", field: amount, message: "More than what remains."}]
        guard: [{that: "confirmed != null && cancelled == null", message: "No.", code: 2}]
        set: {refunded_amount: "refunded_amount + amount", cancelled: "refunded_amount + amount == total_amount ? now() : cancelled"}
        answer: {remaining_amount: refundable, open: {type: boolean, value: "cancelled == null"}}
  captures:
    path: /orders/{order}/captures
    owner: merchant
    operations: [list, retrieve, create]
    on:
      create:
        guard: [{that: "order.confirmed != null", message: "Only confirmed orders can be captured.", code: 2}]
        set: {order.captured_amount: "order.captured_amount + amount"}
    fields:
      id: {type: id, read_only: true}
      order: {type: id, refers: orders, hidden: true}
      amount: {type: money, required: true, min: 1}
      created: {type: timestamp, read_only: true, default: now()}
      refunds: {type: list, of: json, read_only: true, default: "[]"}
  checkout:
    table: orders
    owner: merchant
    path: /checkout
    operations: [create]
    fields:
      id: {type: id, read_only: true}
      order:
        type: object
        fields:
          id: {type: string, column: mid, max_length: 64, required: true}
          total_amount: {type: money, column: total_amount, required: true}
          articles: {type: list, column: articles, required: true, min: 1, of: {type: object, fields: {quantity: {type: integer}, price: {type: money}, tax_rate: {type: rate, "null": true}, discount: {type: money, "null": true}}}}
      refunded_amount: {type: money, hidden: true, default: 0}
      captured_amount: {type: money, hidden: true, default: 0}
      status: {type: choice, of: [pending, ok, ko], hidden: true, default: "'pending'"}
  checkout-status:
    table: orders
    owner: merchant
    path: /checkout/{id}/status
    operations: [retrieve]
    fields:
      id: {type: id}
      status: {type: choice, of: [pending, ok, ko]}
  campaigns:
    path: /me/campaigns
    owner: merchant
    operations: [list, retrieve, create, update, delete]
    checks:
      - {that: "end_date == null || end_date >= start_date", field: end_date, message: "Must not lie before start_date."}
    fields:
      id: {type: id, read_only: true}
      start_date: {type: date, required: true}
      end_date: {type: date, "null": true}
      num_instalments: {type: list, of: integer, required: true}
  campaign-articles:
    path: /me/campaigns/{campaign}/articles
    owner: merchant
    operations: [list, create, delete]
    bulk: yes
    fields:
      id: {type: id, read_only: true}
      campaign: {type: id, refers: campaigns, hidden: true}
      mid: {type: string, required: true}
)yaml";

class Writes : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(mistakes_of(shop_description), std::vector<std::string>{});
    api_ = api_of(shop_description);
  }

  [[nodiscard]] const Resource& resource(std::string_view name) const { return *api_->find_resource(name); }
  [[nodiscard]] std::size_t leaf(std::string_view name, std::string_view path) const {
    const auto& leaves = resource(name).leaves;
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      if (leaves[i].path == path) return i;
    }
    ADD_FAILURE() << name << " has no " << path;
    return 0;
  }
  [[nodiscard]] const Field& field(std::string_view name, std::string_view path) const {
    return *resource(name).leaves[leaf(name, path)].field;
  }
  static std::string path_of(const Resource& resource) {
    std::string path;
    for (const PathStep& step : resource.path) {
      path += step.kind == PathStep::Kind::Fixed    ? "/" + step.text
              : step.kind == PathStep::Kind::Parent ? "/{P}"
                                                    : "/{N}";
    }
    return path;
  }

  std::shared_ptr<const Api> api_;
};

TEST_F(Writes, PathsLeadThroughParents) {
  EXPECT_EQ(path_of(resource("orders")), "/orders");
  EXPECT_EQ(path_of(resource("captures")), "/orders/{P}/captures");
  EXPECT_EQ(path_of(resource("checkout-status")), "/checkout/{N}/status");
  EXPECT_EQ(path_of(resource("campaign-articles")), "/me/campaigns/{P}/articles");
  EXPECT_TRUE(resource("checkout-status").is_object_path());
  EXPECT_FALSE(resource("captures").is_object_path());
  ASSERT_EQ(resource("captures").parents.size(), 1U);
  EXPECT_EQ(resource("captures").parents.front().leaf, leaf("captures", "order"));
  EXPECT_EQ(resource("captures").parents.front().resource, &resource("orders"));
  EXPECT_TRUE(resource("orders").parents.empty());
}

TEST_F(Writes, OperationsAreThoseOfTheEnum) {
  EXPECT_TRUE(contains(resource("orders").operations, OperationKind::Replace));
  EXPECT_TRUE(contains(resource("orders").operations, OperationKind::Update));
  EXPECT_FALSE(contains(resource("orders").operations, OperationKind::Create));
  EXPECT_EQ(resource("checkout").operations, operation_bit(OperationKind::Create));
  EXPECT_TRUE(contains(resource("campaigns").operations, OperationKind::Delete));
}

TEST_F(Writes, BodiesAreReadAsTheResourceSays) {
  EXPECT_EQ(resource("orders").wrapped_in, "order");
  EXPECT_TRUE(resource("orders").ignores_unknown);
  EXPECT_FALSE(resource("orders").is_bulk);
  EXPECT_TRUE(resource("campaign-articles").is_bulk);
  EXPECT_EQ(resource("campaigns").wrapped_in, "");
  EXPECT_FALSE(resource("campaigns").ignores_unknown);
}

TEST_F(Writes, HiddenFieldsAreInNoView) {
  for (const View& view : resource("captures").views) {
    EXPECT_FALSE(view.paths.contains("order"));
    ASSERT_EQ(view.nodes.size(), 4U);
    EXPECT_EQ(view.leaves, (std::vector<std::size_t>{leaf("captures", "id"), leaf("captures", "amount"),
                                                     leaf("captures", "created"), leaf("captures", "refunds")}));
  }
  EXPECT_TRUE(resource("captures").leaves[leaf("captures", "order")].hidden);
  EXPECT_FALSE(resource("captures").leaves[leaf("captures", "amount")].hidden);
}

TEST_F(Writes, DefaultsAreExpressions) {
  EXPECT_EQ(field("captures", "created").initial->kind, Expression::Kind::Now);
  EXPECT_EQ(field("captures", "refunds").initial->value, base::Value("[]"));
  EXPECT_EQ(field("orders", "status").initial->value, base::Value("pending"));
  EXPECT_EQ(field("orders", "refunded_amount").initial->value, base::Value(std::int64_t{0}));
  EXPECT_FALSE(field("orders", "mid").initial.has_value());
}

TEST_F(Writes, APatternMatchesTheWholeText) {
  const Field& mid = field("orders", "mid");
  EXPECT_EQ(mid.pattern, "[A-Za-z0-9-]+");
  ASSERT_TRUE(mid.matcher.has_value());
  EXPECT_TRUE(mid.matcher->found_in("A-1"));
  for (const std::string_view text : {"A 1", " A1", "A1 ", "A1\n", ""})
    EXPECT_FALSE(mid.matcher->found_in(text)) << text;
}

TEST_F(Writes, RulesAreThereForEveryWritingOperation) {
  for (const auto& each : api_->resources) {
    EXPECT_EQ(each->rules.size(), 4U) << each->name;
    for (const auto& action : each->actions) EXPECT_EQ(action->input->rules.size(), 4U) << action->name;
  }
  const OperationRules& create = resource("captures").rules_of(OperationKind::Create);
  ASSERT_EQ(create.guards.size(), 1U);
  EXPECT_EQ(create.guards.front().message, "Only confirmed orders can be captured.");
  EXPECT_EQ(create.guards.front().code, 2);
  ASSERT_EQ(create.effects.size(), 1U);
  EXPECT_EQ(create.effects.front().through, leaf("captures", "order"));
  EXPECT_EQ(create.effects.front().leaf, leaf("orders", "captured_amount"));
  EXPECT_TRUE(resource("captures").rules_of(OperationKind::Delete).effects.empty());
}

TEST_F(Writes, ChecksBlameAField) {
  ASSERT_EQ(resource("campaigns").checks.size(), 1U);
  EXPECT_EQ(resource("campaigns").checks.front().field, std::vector<std::string>{"end_date"});
  EXPECT_EQ(resource("campaigns").checks.front().message, "Must not lie before start_date.");
}

TEST_F(Writes, AnActionHasABodyOfItsOwn) {
  const Action& refund = *resource("orders").find_action("refund");
  EXPECT_EQ(refund.input->name, "refund");
  ASSERT_EQ(refund.input->leaves.size(), 1U);
  EXPECT_TRUE(refund.input->leaves.front().field->required);
  EXPECT_EQ(refund.input->views.size(), api_->versions.size());
  EXPECT_EQ(&api_->view(*refund.input, 3), &refund.input->views[2]);
  EXPECT_EQ(refund.input->views.front().resource, refund.input.get());
  EXPECT_TRUE(refund.shows_state);
  EXPECT_FALSE(refund.is_public);
  EXPECT_EQ(refund.checks.front().field, std::vector<std::string>{"amount"});
  EXPECT_EQ(refund.rules.guards.front().code, 2);
  EXPECT_EQ(refund.rules.effects.size(), 2U);
  EXPECT_EQ(refund.answer.front().name, "remaining_amount");
  EXPECT_EQ(refund.answer.back().type, FieldType::Boolean);
  EXPECT_TRUE(refund.input->ignores_unknown) << "as the resource";
}

TEST_F(Writes, AnActionWithoutFieldsTakesAnEmptyBody) {
  const Action& cancel = *resource("orders").find_action("cancel");
  EXPECT_TRUE(cancel.input->fields.empty());
  EXPECT_EQ(cancel.input->views.size(), api_->versions.size());
  EXPECT_TRUE(cancel.answer.empty());
  EXPECT_FALSE(cancel.shows_state);
  EXPECT_EQ(resource("orders").find_action("void"), nullptr);
  EXPECT_EQ(resource("merchants").find_action("close")->rules.effects.size(), 1U);
}

TEST_F(Writes, AFormulaStandsForItsExpression) {
  const Resource& orders = resource("orders");
  ASSERT_EQ(orders.formulas.size(), 3U);
  EXPECT_EQ(orders.formulas[0].name, "goods");
  const Expression& check = orders.checks.front().condition;
  ASSERT_EQ(check.kind, Expression::Kind::Equal);
  EXPECT_EQ(check.operands[1].kind, Expression::Kind::Sum);
  const Expression& remaining = orders.find_action("refund")->answer.front().value;
  EXPECT_EQ(remaining.kind, Expression::Kind::Subtract);
  EXPECT_EQ(orders.formulas[2].value.type, ExpressionType::Boolean);
  EXPECT_EQ(orders.formulas[2].value.operands[1].operands[0].kind, Expression::Kind::Subtract);
}

TEST(WrittenFields, WhatAnObjectIsItsMembersAre) {
  const auto api =
      api_of(std::string(writable_description) +
             "      a: {type: object, hidden: yes, fields: {b: {default: \"'x'\"}, c: {\"null\": yes}}}\n"
             "      d: {type: object, read_only: yes, fields: {e: {\"null\": yes}}}\n");
  ASSERT_NE(api, nullptr);
  const Resource& orders = *api->find_resource("orders");
  for (const Leaf& leaf : orders.leaves) {
    EXPECT_EQ(leaf.hidden, leaf.path.starts_with("a-")) << leaf.path;
    if (leaf.path == "d-e") {
      EXPECT_TRUE(leaf.read_only);
    }
    if (leaf.path == "customer-email") {
      EXPECT_FALSE(leaf.read_only);
    }
  }
  EXPECT_FALSE(orders.views.front().paths.contains("a-b"));
  EXPECT_TRUE(orders.views.front().paths.contains("d-e"));
  EXPECT_EQ(orders.leaves[orders.views.front().paths.at("d-e")].path, "d-e") << "leaves keep their order";
}

TEST(WrittenFields, AReferenceShowsNothingHidden) {
  const std::string text = std::string(writable_description) +
                           "      a: {hidden: yes, \"null\": yes}\n      z: {\"null\": yes}\n"
                           "      up: {type: reference, to: orders, column: up_id, \"null\": yes}\n";
  ASSERT_EQ(mistakes_of(text), std::vector<std::string>{});
  const auto api = api_of(text);
  const auto& paths = api->find_resource("orders")->views.front().paths;
  EXPECT_FALSE(paths.contains("up-a"));
  ASSERT_TRUE(paths.contains("up-z"));
  EXPECT_EQ(api->find_resource("orders")->leaves[paths.at("up-z")].column, "z");
}

TEST(WrittenFields, ATypesDefaultIsThatOfEachFieldThatUsesIt) {
  const std::string text =
      "types: {stamp: {type: timestamp, read_only: yes, default: now()}, pair: {type: object, fields: {a: {default: "
      "customer.email}}}}\n" +
      std::string(writable_description) +
      "      created: {type: stamp}\n      changed: {type: stamp, default: \"coalesce(paid, created)\"}\n"
      "      one: {type: pair}\n      two: {type: pair}\n";
  ASSERT_EQ(mistakes_of(text), std::vector<std::string>{});
  const auto api = api_of(text);
  for (const Leaf& leaf : api->find_resource("orders")->leaves) {
    if (leaf.path == "created") {
      EXPECT_EQ(leaf.field->initial->kind, Expression::Kind::Now);
    }
    if (leaf.path == "changed") {
      EXPECT_EQ(leaf.field->initial->kind, Expression::Kind::Coalesce);
    }
    if (leaf.path == "one-a" || leaf.path == "two-a") {
      EXPECT_EQ(leaf.field->initial->kind, Expression::Kind::Leaf);
    }
  }
}

TEST(Tables, RowsOfOneTableAreWrittenAndReadThroughSeveralResources) {
  const std::string text =
      std::string(writable_description) +
      "  checkout:\n    table: orders\n    owner: shop\n    operations: [create]\n"
      "    fields:\n      id: {type: id}\n      sum: {type: money, column: total}\n"
      "      status: {type: choice, of: [ok, new], hidden: yes, default: \"'new'\"}\n"
      "      articles: {type: list, of: {type: object, fields: {price: {type: money}, name: {}}}}\n"
      "      email: {type: email, column: customer__email}\n"
      "      note: {\"null\": yes}\n";
  EXPECT_EQ(mistakes_of(text), std::vector<std::string>{});
}

}  // namespace
}  // namespace portico::model
