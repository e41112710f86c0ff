#include <gtest/gtest.h>

#include "unit/model/description.hpp"

namespace portico::model {
namespace {

// What a computed resource can get wrong; each row stands in the place of line 12.
const std::vector<AppendedRow> rows = {
    {"no answer",
     "  plans: {computed: yes}\n",
     {"12:3: a computed resource needs the key 'answer' (The fields of the object.)"}},
    {"an empty answer",
     "  plans: {computed: yes, answer: {}}\n",
     {"12:34: an answer without fields (answer: {amount: amount})"}},
    {"keys of a table",
     "  plans: {computed: yes, operations: [list], fields: {a: {}}, answer: {a: 1}}\n",
     {"12:26: unknown key 'operations' (there is 'description', 'computed', 'path', 'since', 'until', 'public_key', "
      "'parameters', 'formulas' and 'answer')",
      "12:46: unknown key 'fields' (there is 'description', 'computed', 'path', 'since', 'until', 'public_key', "
      "'parameters', 'formulas' and 'answer')"}},
    {"keys of a computed one",
     "  plans: {computed: no}\n",
     {"12:3: a resource needs the key 'operations' (What can be done with it.)",
      "12:3: a resource needs the key 'fields' (The fields, in the order of the answer.)"}},
    {"a path under a row",
     "  plans: {computed: yes, path: '/orders/{id}/plan', answer: {a: 1}}\n",
     {"12:41: a computed resource lies under no row (fixed steps only: /merchants/api-keys; what a request says "
      "stands in its query)"}},
    {"no path",
     "  plans: {computed: yes, path: plans, answer: {a: 1}}\n",
     {"12:32: 'plans' is no path (as /orders/{order}/captures: a slash first and none at the end)"}},
    {"a path that is taken",
     "  plans: {computed: yes, path: /orders, answer: {a: 1}}\n",
     {"12:32: the resource 'plans' lies where the resource 'orders' does: /orders (another path or name for one of "
      "them)"}},
    {"more for a public key than there is",
     "  plans: {computed: yes, public_key: [list], answer: {a: 1}}\n",
     {"12:39: 'list' of a computed resource (public_key: [retrieve])"}},
    {"an unknown version",
     "  plans: {computed: yes, since: 7, answer: {a: 1}}\n",
     {"12:33: there is no version 7 (the versions are 1 to 3)"}},
    {"a parameter that is a list",
     "  plans: {computed: yes, parameters: {a: {type: list, of: string}}, answer: {a: 1}}\n",
     {"12:39: the parameter 'a' is of type list (a query string has plain values: id, string, email, url, country, "
      "currency, language, integer, money, rate, boolean, timestamp, date and choice)"}},
    {"a parameter with a filter",
     "  plans: {computed: yes, parameters: {a: {type: money, filter: [range]}}, answer: {a: 1}}\n",
     {"12:39: a parameter is in no table (take away what it says of a column, an index, filters, other rows, and "
      "read_only and hidden)"}},
    {"a default that looks at another parameter",
     "  plans: {computed: yes, parameters: {a: {type: money}, b: {type: money, default: a}}, answer: {a: 1}}\n",
     {"12:83: 'a' names nothing here (a parameter's default looks at no other; where it is used, coalesce(amount, "
      "limit) does)"}},
    {"an unknown name",
     "  plans: {computed: yes, parameters: {amount: {type: money}}, formulas: {rest: amount - 1}, answer: {a: "
     "amuont}}\n",
     {"12:105: unknown name 'amuont' (did you mean 'amount'?)"}},
    {"an unknown name in an item",
     "  plans: {computed: yes, answer: {a: {each: {number: [1, 2]}, fields: {b: numbr}}}}\n",
     {"12:75: unknown name 'numbr' (did you mean 'number'?)"}},
    {"a formula called like a parameter",
     "  plans: {computed: yes, parameters: {a: {type: money}}, formulas: {a: 1}, answer: {a: a}}\n",
     {"12:69: there is a parameter 'a' too (an expression could mean either; give the formula another name)"}},
    {"a formula that uses a later one",
     "  plans: {computed: yes, formulas: {a: b, b: 1}, answer: {a: a}}\n",
     {"12:40: unknown name 'b' (there is none)", "12:62: unknown name 'a' (there is 'b')"}},
    {"a public key where there is a row",
     "  carts: {owner: shop, operations: [create], fields: {id: {type: id}, key: {default: public_key()}}}\n",
     {"12:86: public_key() stands here (only computed resources show it: computed: yes)"}},
    {"a reference to it",
     "  plans: {computed: yes, answer: {a: 1}}\n"
     "  carts: {owner: shop, operations: [list], fields: {id: {type: id}, plan: {type: id, refers: plans}}}\n",
     {"13:94: unknown resource 'plans' (there is 'shops', 'orders' and 'carts')"}},
};

class ComputedMistake : public testing::TestWithParam<AppendedRow> {};

TEST_P(ComputedMistake, IsNamedWithItsPlace) {
  EXPECT_EQ(mistakes_of(std::string(small_description) + GetParam().appended), GetParam().mistakes);
}

INSTANTIATE_TEST_SUITE_P(Rows, ComputedMistake, testing::ValuesIn(rows),
                         [](const auto& row) { return std::to_string(row.index); });

TEST(Computed, CannotBeTheAccounts) {
  const std::string text = replaced(std::string(small_description), "accounts: shops", "accounts: plans");
  EXPECT_EQ(mistakes_of(text + "  plans: {computed: yes, answer: {a: 1}}\n"),
            (std::vector<std::string>{"4:11: unknown resource 'plans' (there is 'shops' and 'orders')"}));
}

TEST(Computed, StandsBesideTheResourcesWithRows) {
  const auto api =
      api_of(std::string(small_description) +
             "  keys: {computed: yes, path: /orders/keys, public_key: [retrieve], until: 2,\n"
             "         formulas: {key: \"coalesce(public_key(), '')\"}, answer: {key: {fields: {a: key}}}}\n");
  ASSERT_NE(api, nullptr);
  EXPECT_EQ(api->find_resource("keys"), nullptr);
  ASSERT_EQ(api->computed.size(), 1U);
  const Resource& keys = *api->computed.front();
  EXPECT_TRUE(keys.is_object_path());
  EXPECT_TRUE(contains(keys.operations, OperationKind::Retrieve));
  EXPECT_TRUE(contains(keys.public_operations, OperationKind::Retrieve));
  EXPECT_EQ(keys.versions.last, 2);
  ASSERT_NE(keys.computation, nullptr);
  EXPECT_TRUE(keys.computation->asks_public_key);
}

TEST(Computed, WritesItsListsOut) {
  const auto api = api_of(
      std::string(small_description) +
      "  plans: {computed: yes, answer: {a: {each: {n: [2, 3]}, fields: {b: {each: {t: [x, 'y']}, fields: {n: n, "
      "t: t}}}}}}\n");
  ASSERT_NE(api, nullptr);
  const std::vector<AnswerField>& answer = api->computed.front()->computation->answer;
  EXPECT_FALSE(api->computed.front()->computation->asks_public_key);
  ASSERT_EQ(answer.size(), 1U);
  EXPECT_EQ(answer[0].type, FieldType::List);
  ASSERT_EQ(answer[0].members.size(), 2U);
  const AnswerField& inner = answer[0].members[1].members[0];
  ASSERT_EQ(inner.members.size(), 2U);
  EXPECT_EQ(inner.members[1].members[0].value.value, base::Value(std::int64_t{3}));
  EXPECT_EQ(inner.members[1].members[1].value.value, base::Value("y"));
}

}  // namespace
}  // namespace portico::model
