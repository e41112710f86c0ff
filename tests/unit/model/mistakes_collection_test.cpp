#include <gtest/gtest.h>

#include "unit/model/description.hpp"

namespace portico::model {
namespace {

// What the keys that make a collection's own surface can get wrong; each row stands in the place of line 17.
const std::vector<AppendedRow> rows = {
    {"a version that there is not", "    since: 4\n", {"17:12: there is no version 4 (the versions are 1 to 3)"}},
    {"it ends before it begins",
     "    since: 3\n    until: 2\n",
     {"18:12: it ends with version 2, but begins with version 3 (until is the last version that has it, since the "
      "first)"}},
    {"an answer that there is not",
     "    on: {create: {answer: rows}}\n",
     {"17:27: unknown answer 'rows' (did you mean 'row'?)"}},
    {"an answer of a row that is gone",
     "    on: {delete: {answer: row}}\n",
     {"17:19: an answer of a row that is gone (leave 'answer' out)"}},
    {"a status that there is not",
     "    on: {create: {status: 204}}\n",
     {"17:27: a new row is answered with 204 (200 or 201)"}},
    {"a status of no new row",
     "    on: {update: {answer: row, status: 200}}\n",
     {"17:32: a status of no new row that is shown (on: {create: {status: 200}}, with answer: row; elsewhere leave "
      "'status' out)"}},
    {"a status of what is not shown",
     "    on: {create: {answer: none, status: 200}}\n",
     {"17:33: a status of no new row that is shown (on: {create: {status: 200}}, with answer: row; elsewhere leave "
      "'status' out)"}},
    {"rules of clear",
     "    on: {clear: {guard: []}}\n",
     {"17:10: unknown operation 'clear' (there is 'create', 'replace', 'update' and 'delete')"}},
    {"clear on the path of one row",
     "  a: {path: \"/x/{id}/y\", owner: shop, operations: [clear], fields: {id: {type: id}}}\n",
     {"17:13: the path of one row, which is neither listed nor created there (without list, create and clear; or the "
      "path of the collection)"}},
    {"clear without a key",
     "  a: {owner: shop, key: none, operations: [clear], fields: {x: {}}}\n",
     {"17:25: rows without a key cannot be written (operations: [list], or the fields of their key: key: [a, b])"}},
    {"a path that names the whole key",
     "  a:\n    path: \"/orders/{order}/lines\"\n    owner: shop\n    key: order\n    operations: [list]\n"
     "    fields: {order: {type: id, refers: orders, hidden: yes}}\n",
     {"18:11: the path names the whole key, so that nothing is left to name a row by (a key of one field more; or "
      "another key)"}},
    {"two resources under one path in one version",
     "    until: 2\n  late: {path: /orders, since: 2, owner: shop, operations: [list], fields: {id: {type: id}}}\n",
     {"18:16: the resource 'late' lies where the resource 'orders' does: /orders (another path or name for one of "
      "them)"}},
    {"no names for filters", "    filter_names: {}\n", {"17:19: no names (filter_names: {article-mid: id-in})"}},
    {"a name that is a parameter",
     "      mid: {filter: [string]}\n    filter_names: {page: mid}\n",
     {"18:20: 'page' is a parameter of every list (another name, which nothing else has)"}},
    {"a name that is a field",
     "      mid: {filter: [string]}\n    filter_names: {total: mid}\n",
     {"18:20: 'total' is a field (another name, which nothing else has)"}},
    {"a name that is an object",
     "      mid: {filter: [string]}\n    filter_names: {customer: mid}\n",
     {"18:20: 'customer' is a field (another name, which nothing else has)"}},
    {"a name that is a filter",
     "      mid: {filter: [string]}\n    filter_names: {total-in: mid}\n",
     {"18:20: 'total-in' is a filter on the field 'total' (another name, which nothing else has)"}},
    {"a name that was a field's",
     "      mid: {filter: [string], was: {ref: 1}}\n    filter_names: {ref-gt: mid}\n",
     {"18:20: 'ref-gt' is a filter on the field 'ref' (another name, which nothing else has)"}},
    {"a name that another may go on to",
     "      mid: {filter: [string]}\n    filter_names: {a: mid, a-in: mid-exact}\n",
     {"18:28: 'a-in' could be meant by 'a' too (another name, which nothing else has)"}},
    {"a name of no letters",
     "      mid: {filter: [string]}\n    filter_names: {\"a[]\": mid}\n",
     {"18:20: a filter cannot be called 'a[]' (lower-case letters, digits and single '-' or '_' between them, a "
      "letter first)"}},
    {"an unknown filter",
     "      mid: {filter: [exact]}\n    filter_names: {a: mit}\n",
     {"18:23: unknown filter 'mit' (did you mean 'mid'?)"}},
    {"a filter that is not allowed",
     "      mid: {filter: [exact]}\n    filter_names: {a: mid-in, b: total}\n",
     {"18:23: the filter 'mid-in' is not allowed (filter: […] of the field 'mid' says which are)",
      "18:34: the filter 'total' is not allowed (filter: […] of the field 'total' says which are)"}},
    {"a filter on a hidden field",
     "      mid: {filter: [exact], hidden: yes, default: \"''\"}\n    filter_names: {a: mid}\n",
     {"17:7: hidden, but with a filter (what clients do not see, they cannot ask for)",
      "18:23: unknown filter 'mid' (there is none)"}},
    {"a list of names",
     "      mid: {filter: [exact]}\n    filter_names: {a: [mid]}\n",
     {"18:23: expected a filter, found a list (as id-in)"}},
};

class CollectionMistakes : public testing::TestWithParam<AppendedRow> {};

TEST_P(CollectionMistakes, AreNamedWhereTheyAre) {
  EXPECT_EQ(mistakes_of(std::string(writable_description) + GetParam().appended), GetParam().mistakes);
}

INSTANTIATE_TEST_SUITE_P(Rows, CollectionMistakes, testing::ValuesIn(rows), [](const auto& row) {
  std::string name = row.param.name;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == ' '; }, '_');
  std::erase(name, '\'');
  return name;
});

TEST(Collection, WhatItSaysOfItselfIsLoaded) {
  const auto api = api_of(std::string(writable_description) + R"(
      mid: {filter: [string], was: {ref: 1}}
    since: 2
    on:
      create: {answer: none}
      update: {answer: row}
    filter_names: {reference: mid, numbers: mid-in}
  lines:
    path: /orders/{order}/lines
    owner: shop
    key: [order, number]
    operations: [create, clear]
    on: {create: {status: 200}, delete: {guard: [{that: number > 1, message: "No."}]}}
    fields:
      order: {type: id, refers: orders, hidden: yes}
      number: {type: integer}
)");
  ASSERT_NE(api, nullptr);
  const Resource& orders = *api->find_resource("orders");
  EXPECT_EQ(orders.versions.first, 2);
  EXPECT_FALSE(orders.versions.contains(1));
  EXPECT_EQ(orders.rules_of(OperationKind::Create).answer, ChangeAnswer::None);
  EXPECT_EQ(orders.rules_of(OperationKind::Replace).answer, ChangeAnswer::None);
  EXPECT_EQ(orders.rules_of(OperationKind::Update).answer, ChangeAnswer::Row);
  ASSERT_EQ(orders.filter_names.size(), 2U);
  EXPECT_EQ(orders.filter_names[0].name, "reference");
  EXPECT_EQ(orders.leaves[orders.filter_names[0].leaf].path, "mid");
  EXPECT_FALSE(orders.filter_names[0].lookup.has_value());
  EXPECT_EQ(orders.filter_names[1].lookup, Lookup::In);
  EXPECT_EQ(orders.key_named, orders.key);

  const Resource& lines = *api->find_resource("lines");
  EXPECT_EQ(lines.rules_of(OperationKind::Create).answer, ChangeAnswer::Row);
  EXPECT_EQ(lines.rules_of(OperationKind::Create).status, 200);
  EXPECT_TRUE(contains(lines.operations, OperationKind::Clear));
  EXPECT_EQ(lines.rules_of(OperationKind::Delete).guards.size(), 1U);
  ASSERT_EQ(lines.key_named.size(), 1U);
  EXPECT_EQ(lines.leaves[lines.key_named.front()].path, "number");
}

TEST(Collection, OnePathMayBeAnotherResourcesInAnotherVersion) {
  EXPECT_EQ(mistakes_of(std::string(writable_description) +
                        "    until: 1\n  late: {path: /orders, since: 2, owner: shop, operations: [list], "
                        "fields: {id: {type: id}}}\n"),
            std::vector<std::string>());
}

}  // namespace
}  // namespace portico::model
