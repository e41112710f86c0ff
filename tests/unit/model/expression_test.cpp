// Expressions become trees: what binds to what, what names stand for, which types come out.
#include <array>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "unit/model/description.hpp"

namespace portico::model {
namespace {

using Kind = Expression::Kind;

std::string written(const Expression& expression) {
  static constexpr std::array<std::string_view, 29> names = {
      "literal", "leaf", "parent", "input", "item",     "now", "new_id", "sandbox", "public_key", "!",
      "neg",     "+",    "-",      "*",     "/",        "==",  "!=",     "<",       "<=",         ">",
      ">=",      "&&",   "||",     "?:",    "coalesce", "min", "max",    "sum",     "count"};
  if (expression.kind == Kind::Literal) {
    if (const auto* integer = std::get_if<std::int64_t>(&expression.value)) return std::to_string(*integer);
    if (const auto* text = std::get_if<std::string>(&expression.value)) return "'" + *text + "'";
    return "null";
  }
  std::string out = "(" + std::string(names.at(static_cast<std::size_t>(expression.kind)));
  if (expression.kind == Kind::Leaf || expression.kind == Kind::Input) out += std::to_string(expression.index);
  if (expression.kind == Kind::Parent) {
    out += std::to_string(expression.index) + "." + std::to_string(expression.member);
  }
  if (expression.kind == Kind::Item) out += " " + expression.text;
  for (const Expression& operand : expression.operands) out += " " + written(operand);
  return out + ")";
}

/// What the page's examples are about; ends in the keys of `orders`.
constexpr std::string_view shop_description = R"(vendor: acme
versions: [1]
apis: {partner: {base: /, dialect: media-type}}
accounts: shops
resources:
  shops: {operations: [], fields: {id: {type: id}}}
  orders:
    owner: shop
    operations: [list]
    fields:
      id: {type: id}
      total_amount: {type: money}
      refunded_amount: {type: money}
      confirmed: {type: timestamp, "null": yes}
      cancelled: {type: timestamp, "null": yes}
      articles:
        type: list
        of:
          type: object
          fields:
            quantity: {type: integer}
            price: {type: money}
            tax_rate: {type: rate, "null": yes}
            discount: {type: money, "null": yes}
)";

/// The condition of a check on orders, whose leaves are 0 id, 1 total, 2 status, 3 paid, 4 articles, 5
/// customer.email, 6 up.
std::string tree_of(std::string_view expression) {
  const std::string text = std::string(writable_description) +
                           "      up: {type: id, refers: orders, \"null\": yes}\n" + "    checks: [{that: \"" +
                           std::string(expression) + "\", field: total, message: M.}]\n";
  EXPECT_EQ(mistakes_of(text), std::vector<std::string>{});
  const auto api = api_of(text);
  return api == nullptr ? "" : written(api->find_resource("orders")->checks.at(0).condition);
}

TEST(Expressions, OperatorsBindAsInC) {
  EXPECT_EQ(tree_of("1 + 2 * 3 == 7"), "(== (+ 1 (* 2 3)) 7)");
  EXPECT_EQ(tree_of("(1 + 2) * 3 == 9"), "(== (* (+ 1 2) 3) 9)");
  EXPECT_EQ(tree_of("8 - 4 - 2 == 2"), "(== (- (- 8 4) 2) 2)") << "from the left";
  EXPECT_EQ(tree_of("8 / 4 * 2 == 4"), "(== (* (/ 8 4) 2) 4)");
  EXPECT_EQ(tree_of("true || false && false"), "(|| 1 (&& 0 0))");
  EXPECT_EQ(tree_of("1 < 2 == true"), "(== (< 1 2) 1)");
  EXPECT_EQ(tree_of("!true || true"), "(|| (! 1) 1)");
  EXPECT_EQ(tree_of("-total * 2 < - - 1"), "(< (* (neg (leaf1)) 2) (neg (neg 1)))");
  EXPECT_EQ(tree_of("total>=1&&total<=2"), "(&& (>= (leaf1) 1) (<= (leaf1) 2))");
}

TEST(Expressions, AChoiceBindsLoosestAndToTheRight) {
  EXPECT_EQ(tree_of("total > 1 || true ? false : true"), "(?: (|| (> (leaf1) 1) 1) 0 1)");
  EXPECT_EQ(tree_of("true ? true : false ? false : true"), "(?: 1 1 (?: 0 0 1))");
  EXPECT_EQ(tree_of("true ? false ? true : false : true"), "(?: 1 (?: 0 1 0) 1)");
  EXPECT_EQ(tree_of("(total > 1 ? 1 : null) == null"), "(== (?: (> (leaf1) 1) 1 null) null)");
}

TEST(Expressions, NamesStandForWhatTheRowHas) {
  EXPECT_EQ(tree_of("customer.email != 'it''s'"), "(!= (leaf5) 'it's')");
  EXPECT_EQ(tree_of("up.total > total"), "(> (parent6.1) (leaf1))");
  EXPECT_EQ(tree_of("up.customer.email == null && up == null"), "(&& (== (parent6.5) null) (== (leaf6) null))");
  EXPECT_EQ(tree_of("status == 'new'"), "(== (leaf2) 'new')");
}

TEST(Expressions, ListsAreSummedAndCountedOverTheirItems) {
  EXPECT_EQ(tree_of("sum(articles, price * 2 - total) > 0"), "(> (sum (leaf4) (- (* (item price) 2) (leaf1))) 0)");
  EXPECT_EQ(tree_of("count(articles) > count(articles, price > 0 && name != null)"),
            "(> (count (leaf4)) (count (leaf4) (&& (> (item price) 0) (!= (item name) null))))");
  EXPECT_EQ(tree_of("sum(up.articles, price) == sum(articles, price)"),
            "(== (sum (parent6.4) (item price)) (sum (leaf4) (item price)))");
}

TEST(Expressions, FunctionsHaveTheirTypes) {
  EXPECT_EQ(tree_of("paid < now() && sandbox()"), "(&& (< (leaf3) (now)) (sandbox))");
  EXPECT_EQ(tree_of("id != new_id()"), "(!= (leaf0) (new_id))");
  EXPECT_EQ(tree_of("coalesce(null, total, 1) < min(total, 2) + max(1, 2, 3)"),
            "(< (coalesce null (leaf1) 1) (+ (min (leaf1) 2) (max 1 2 3)))");
  EXPECT_EQ(tree_of("now() - paid > 86400 * 1000000 && paid + 1 > now()"),
            "(&& (> (- (now) (leaf3)) (* 86400 1000000)) (> (+ (leaf3) 1) (now)))");
}

TEST(Expressions, AFieldNamedAsAFunctionIsAFieldWithoutParentheses) {
  const std::string text = std::string(writable_description) + "      max: {type: integer, \"null\": yes}\n" +
                           "    checks: [{that: \"max(max, 1) > 1\", field: max, message: M.}]\n";
  ASSERT_EQ(mistakes_of(text), std::vector<std::string>{});
  EXPECT_EQ(written(api_of(text)->find_resource("orders")->checks.at(0).condition), "(> (max (leaf6) 1) 1)");
}

TEST(Expressions, AnActionsBodyComesFirst) {
  const std::string text =
      std::string(writable_description) +
      "    actions:\n      refund:\n        fields: {total: {type: money}, more: {type: money, \"null\": yes}}\n"
      "        checks: [{that: \"total > coalesce(more, 0)\", field: total, message: M.}]\n"
      "        set: {total: \"total + customer_total\"}\n"
      "        answer: {paid_out: paid, left: total, is_new: status == 'new', name: customer.email}\n";
  const std::string good = replaced(text, "customer_total", "sum(articles, price)");
  ASSERT_EQ(mistakes_of(good), std::vector<std::string>{});
  const auto api = api_of(good);
  const Action& action = *api->find_resource("orders")->find_action("refund");
  EXPECT_EQ(written(action.checks.at(0).condition), "(> (input0) (coalesce (input1) 0))");
  EXPECT_EQ(written(action.rules.effects.at(0).value), "(+ (input0) (sum (leaf4) (item price)))");
  EXPECT_EQ(action.rules.effects.at(0).leaf, 1U) << "what is set is the row's";
  ASSERT_EQ(action.answer.size(), 4U);
  EXPECT_EQ(action.answer[0].type, FieldType::Timestamp);
  EXPECT_EQ(action.answer[1].type, FieldType::Integer);
  EXPECT_EQ(action.answer[2].type, FieldType::Boolean);
  EXPECT_EQ(action.answer[3].type, FieldType::String);
}

TEST(Expressions, ThoseAtTheTopOfTheirPageLoad) {
  std::ifstream file("docs/expressions.md", std::ios::binary);
  std::stringstream page;
  page << file.rdbuf();
  std::string text = page.str();
  const std::size_t begin = text.find("```yaml\n") + 8;
  std::istringstream lines(text.substr(begin, text.find("```", begin) - begin));
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    EXPECT_EQ(mistakes_of(std::string(shop_description) +
                          "    actions: {a: {fields: {amount: {type: money}}, answer: {a: \"" + line + "\"}}}\n"),
              std::vector<std::string>{})
        << line;
  }
  EXPECT_EQ(count, 4U);
}

}  // namespace
}  // namespace portico::model
