#include <gtest/gtest.h>

#include "unit/model/description.hpp"

namespace portico::model {
namespace {

// What a summary can get wrong; each row stands in the place of line 17 of a description whose orders are listed.
const std::vector<AppendedRow> rows = {
    {"no mapping", "    summary: [count]\n", {"17:14: expected a mapping: {key: value}, found a list"}},
    {"unknown key",
     "    summary: {feilds: {count: count()}}\n",
     {"17:5: a summary needs the key 'fields' (The aggregates by name: {count: count(), amount: sum(amount), last: "
      "max(created)}.)",
      "17:15: unknown key 'feilds' (did you mean 'fields'?)"}},
    {"no fields", "    summary: {fields: {}}\n", {"17:23: a summary without fields (fields: {count: count()})"}},
    {"no name",
     "    summary: {fields: {Count: count()}}\n",
     {"17:24: a field cannot be called 'Count' (lower-case letters, digits and single '_' between them, a letter "
      "first)"}},
    {"no text",
     "    summary: {fields: {count: [total]}}\n",
     {"17:31: expected an aggregate, found a list (as sum(amount))"}},
    {"no aggregate",
     "    summary: {fields: {count: total}}\n",
     {"17:31: unknown aggregate 'total' (there is 'count', 'sum', 'min' and 'max')"}},
    {"nearly one",
     "    summary: {fields: {total: summ(total)}}\n",
     {"17:31: unknown aggregate 'summ' (did you mean 'sum'?)"}},
    {"an expression in it",
     "    summary: {fields: {total: sum(total * 2)}}\n",
     {"17:31: 'sum(total * 2)' is no aggregate of one field (count(), sum(amount), min(created) or max(created))"}},
    {"an expression around it",
     "    summary: {fields: {total: sum(total) / 2}}\n",
     {"17:31: 'sum(total) / 2' is no aggregate of one field (count(), sum(amount), min(created) or max(created))"}},
    {"cut off",
     "    summary: {fields: {total: sum(}}\n",
     {"17:31: 'sum(' is no aggregate of one field (count(), sum(amount), min(created) or max(created))"}},
    {"a sum of nothing", "    summary: {fields: {total: sum()}}\n", {"17:31: 'sum' of nothing (sum(amount))"}},
    {"an unknown field",
     "    summary: {fields: {total: sum(totl)}}\n",
     {"17:35: unknown field 'totl' (did you mean 'total'?)"}},
    {"a sum of texts",
     "    summary: {fields: {total: sum(status)}}\n",
     {"17:35: 'status' is of type choice, which has no sum (sum is of integer, money and rate)"}},
    {"the least of a list",
     "    summary: {fields: {least: min(articles)}}\n",
     {"17:35: 'articles' is of type list, which has no min (min is of id, string, email, url, country, currency, "
      "language, integer, money, rate, timestamp, date and choice)"}},
    {"no letter that there is",
     "    summary: {fields: {count: count(%)}}\n",
     {"17:37: '%' means nothing in an expression (there is no remainder; + - * / are there)"}},
};

class SummaryMistake : public testing::TestWithParam<AppendedRow> {};

TEST_P(SummaryMistake, IsNamedWithItsPlace) {
  EXPECT_EQ(mistakes_of(std::string(writable_description) + GetParam().appended), GetParam().mistakes);
}

INSTANTIATE_TEST_SUITE_P(Rows, SummaryMistake, testing::ValuesIn(rows),
                         [](const auto& row) { return std::to_string(row.index); });

TEST(Summary, IsOfResourcesThatList) {
  const std::string text =
      replaced(std::string(writable_description), "operations: [list, retrieve, create,", "operations: [create,");
  EXPECT_EQ(mistakes_of(text + "    summary: {fields: {count: count()}}\n"),
            (std::vector<std::string>{"17:5: a summary of rows that are not listed (operations: [list])"}));
}

TEST(Summary, IsOfCollections) {
  const std::string text = replaced(std::string(writable_description), "operations: [list, retrieve, create, ",
                                    "path: \"/orders/{id}/status\"\n    operations: [retrieve, ");
  EXPECT_EQ(mistakes_of(text + "    summary: {fields: {count: count()}}\n"),
            (std::vector<std::string>{"18:5: a summary of one row (it goes with the path of a collection)"}));
}

TEST(Summary, MeetsNoOtherPath) {
  const std::string text = std::string(writable_description) +
                           "    summary: {fields: {count: count()}}\n"
                           "  totals: {owner: none, path: /orders/summary, operations: [list], fields: {id: {}}}\n"
                           "  sums: {computed: yes, path: /orders/summary, answer: {a: 1}}\n";
  EXPECT_EQ(
      mistakes_of(text),
      (std::vector<std::string>{
          "18:31: the resource 'totals' lies where the summary of 'orders' does: /orders/summary (another path "
          "or name for one of them)",
          "19:31: the resource 'sums' lies where the summary of 'orders' does: /orders/summary (another path or "
          "name for one of them)"}));
}

TEST(Summary, HasTheTypesOfItsFields) {
  const auto api =
      api_of(std::string(writable_description) +
             "    summary:\n"
             "      public_key: yes\n"
             "      fields: {n: count(), paid: count( paid ), total: sum(total), last: max(paid), first: "
             "min(customer.email)}\n");
  ASSERT_NE(api, nullptr);
  const Resource& orders = *api->find_resource("orders");
  ASSERT_NE(orders.summary, nullptr);
  EXPECT_TRUE(orders.summary->is_public);
  const std::vector<Field>& fields = orders.summary->shape->fields;
  ASSERT_EQ(fields.size(), 5U);
  using Function = Aggregate::Function;
  const std::vector<std::pair<Function, FieldType>> expected = {{Function::Rows, FieldType::Integer},
                                                                {Function::Values, FieldType::Integer},
                                                                {Function::Sum, FieldType::Money},
                                                                {Function::Greatest, FieldType::Timestamp},
                                                                {Function::Least, FieldType::Email}};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(orders.summary->aggregates[i].function, expected[i].first) << i;
    EXPECT_EQ(fields[i].type, expected[i].second) << i;
    EXPECT_EQ(fields[i].nullable, i == 3) << i;
  }
  EXPECT_EQ(orders.leaves[orders.summary->aggregates[4].leaf].path, "customer-email");
  EXPECT_EQ(orders.summary->shape->views.size(), 3U);
}

}  // namespace
}  // namespace portico::model
