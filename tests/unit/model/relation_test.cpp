// Fields of type `rows`: what they become, and what they can get wrong.
#include <algorithm>

#include <gtest/gtest.h>

#include "unit/model/description.hpp"

namespace portico::model {
namespace {

/// Tests put another line in the place of line 13, in the fields of `captures`.
constexpr std::string_view listed_description = R"(vendor: acme
versions: [1, 2, 3]
apis: {partner: {base: /, dialect: media-type}}
accounts: shops
resources:
  shops: {operations: [], fields: {id: {type: id}}}
  captures:
    owner: shop
    operations: [list, retrieve]
    fields:
      id: {type: id}
      amount: {type: money, filter: [range]}
      refunds: {type: rows, of: refunds, by: capture, show: [id, amount, by], ordering: [-created], max: 7}
  refunds:
    owner: shop
    key: id
    operations: [list]
    fields:
      id: {type: id, filter: [exact]}
      capture: {type: id, refers: captures, hidden: yes}
      amount: {type: money, was: {sum: 2}, filter: [range]}
      created: {type: timestamp}
      by: {type: object, "null": yes, since: 2, fields: {name: {type: string, "null": yes}}}
      shown: {type: reference, to: shops, column: shop}
      note: {type: string, until: 1, "null": yes}
)";

std::string with(std::string_view line) {
  std::string text(listed_description);
  const std::size_t begin = text.find("      refunds: {type: rows");
  return text.replace(begin, text.find('\n', begin) - begin, "      " + std::string(line));
}

constexpr std::string_view good_line =
    "refunds: {type: rows, of: refunds, by: capture, show: [id, amount, by], ordering: [-created], max: 7}";

std::vector<std::string> names_of(const std::vector<ViewNode>& nodes) {
  std::vector<std::string> names;
  for (const ViewNode& node : nodes) names.push_back(node.name);
  return names;
}

TEST(Relation, KnowsItsRowsTheirOrderAndTheFieldThatRefers) {
  const auto api = api_of(with(good_line));
  ASSERT_NE(api, nullptr);
  const Resource& captures = *api->find_resource("captures");
  const Resource& refunds = *api->find_resource("refunds");
  ASSERT_EQ(captures.relations.size(), 1U);
  const Relation& relation = captures.relations.front();
  EXPECT_EQ(relation.resource, &refunds);
  EXPECT_EQ(refunds.leaves[relation.by].path, "capture");
  ASSERT_EQ(relation.order.size(), 2U);
  EXPECT_EQ(refunds.leaves[relation.order[0].leaf].path, "created");
  EXPECT_EQ(relation.order[0].direction, Direction::Descending);
  EXPECT_EQ(refunds.leaves[relation.order[1].leaf].path, "id");
  EXPECT_EQ(relation.order[1].direction, Direction::Descending);
  const Leaf& leaf = captures.leaves[relation.leaf];
  EXPECT_EQ(leaf.path, "refunds");
  EXPECT_EQ(leaf.relation, 1U);
  EXPECT_EQ(leaf.join, Leaf::no_table);
  EXPECT_FALSE(leaf.is_joined());
  EXPECT_TRUE(leaf.read_only);
  EXPECT_EQ(leaf.field->max, 7);
}

TEST(Relation, ShowsItsMembersUnderTheNamesOfEachVersion) {
  const auto api = api_of(with(good_line));
  ASSERT_NE(api, nullptr);
  const Resource& captures = *api->find_resource("captures");
  using Names = std::vector<std::string>;
  EXPECT_EQ(names_of(api->view(captures, 1).nodes.back().members), (Names{"id", "sum"}));
  EXPECT_EQ(names_of(api->view(captures, 2).nodes.back().members), (Names{"id", "sum", "by"}));
  EXPECT_EQ(names_of(api->view(captures, 3).nodes.back().members), (Names{"id", "amount", "by"}));
  const std::vector<Field>& members = captures.fields.back().item.front().fields;
  EXPECT_EQ(members.at(1).column, "amount");
  EXPECT_EQ(members.at(2).fields.at(0).column, "by__name");
}

TEST(Relation, ShowsAllPlainFieldsWhereNoneAreNamed) {
  const auto api = api_of(with("refunds: {type: rows, of: refunds, by: capture}"));
  ASSERT_NE(api, nullptr);
  const Resource& captures = *api->find_resource("captures");
  EXPECT_EQ(names_of(api->view(captures, 3).nodes.back().members),
            (std::vector<std::string>{"id", "amount", "created", "by"}));
  EXPECT_EQ(captures.fields.back().max, 100);
  EXPECT_EQ(captures.relations.front().order.size(), 1U);
}

TEST(Relation, IsFilteredByWhereItShowsNothing) {
  for (const std::string_view show : {"[]", "[by]"}) {
    const auto api = api_of(with("refunds: {type: rows, of: refunds, by: capture, show: " + std::string(show) + "}"));
    ASSERT_NE(api, nullptr);
    const View& view = api->view(*api->find_resource("captures"), 1);
    EXPECT_EQ(names_of(view.nodes), (std::vector<std::string>{"id", "amount"}));
    EXPECT_EQ(view.leaves.size(), 2U);
    EXPECT_EQ(view.paths.at("refunds"), 2U);
  }
}

TEST(Relation, MayLeadToItsOwnResourceAndBack) {
  EXPECT_EQ(mistakes_of(with(R"(up: {type: id, "null": yes, refers: captures}
      parts: {type: rows, of: captures, by: up}
      refunds: {type: rows, of: refunds, by: capture})")),
            std::vector<std::string>{});
}

TEST(Relation, NamesEachOfItsMistakes) {
  struct Row {
    std::string_view line;
    std::vector<std::string> mistakes;
  };
  const std::vector<Row> rows = {
      {"refunds: {type: rows, by: capture}",
       {"13:7: the type rows needs the key 'of' (the resource whose rows are listed: of: refunds)"}},
      {"refunds: {type: rows, of: refunds}",
       {"13:7: the type rows needs the key 'by' (the field of these rows that refers to this resource: by: order)"}},
      {"refunds: {type: rows, of: refund, by: capture}",
       {"13:33: unknown resource 'refund' (did you mean 'refunds'?)"}},
      {"refunds: {type: rows, of: [refunds], by: capture}",
       {"13:33: expected the name of a resource, found a list (of: refunds)"}},
      {"refunds: {type: rows, of: refunds, by: captures}",
       {"13:46: unknown field 'captures' (did you mean 'capture'?)"}},
      {"refunds: {type: rows, of: refunds, by: amount}",
       {"13:46: 'amount' of 'refunds' does not refer to 'captures' (by: capture)"}},
      {"refunds: {type: rows, of: shops, by: id}",
       {"13:44: 'id' of 'shops' does not refer to 'captures' (add refers: captures to the field)"}},
      {"refunds: {type: rows, of: shops, by: capture}",
       {"13:44: 'shops' has no field 'capture' (a field of it that refers to this resource: {refers: captures})"}},
      {"refunds: {type: rows, of: refunds, by: capture, show: [amout]}",
       {"13:62: unknown field 'amout' (did you mean 'amount'?)"}},
      {"refunds: {type: rows, of: refunds, by: capture, show: [shown]}",
       {"13:62: 'shown' is a reference itself (references inside rows are not followed; show the field of its column "
        "'shop')"}},
      {"refunds: {type: rows, of: refunds, by: capture, show: [id, id]}", {"13:66: 'id' stands here a second time"}},
      {"refunds: {type: rows, of: refunds, by: capture, ordering: [creted]}",
       {"13:66: unknown field 'creted' (did you mean 'created'?)"}},
      {"refunds: {type: rows, of: refunds, by: capture, ordering: [created, -created]}",
       {"13:75: 'created' stands here a second time"}},
      {"refunds: {type: rows, of: refunds, by: capture, max: 0}",
       {"13:60: 0 rows at most (1 to 1000; a list of its own has pages)"}},
      {"refunds: {type: rows, of: refunds, by: capture, max: 1001}",
       {"13:60: 1001 rows at most (1 to 1000; a list of its own has pages)"}},
      {"refunds: {type: rows, of: refunds, by: capture, filter: [isnull]}",
       {"13:55: 'filter' does not fit the type rows (it fits id, string, email, url, country, currency, language, "
        "integer, money, rate, boolean, timestamp, date, choice, list, json and file)"}},
      {"refunds: {type: rows, of: refunds, by: capture, fields: {a: {}}}",
       {"13:55: 'fields' does not fit the type rows (it fits object)"}},
      {"refunds: {type: object, fields: {list: {type: rows, of: refunds, by: capture}}}",
       {"13:40: a list of rows inside an object (put it beside the object)"}},
      {"refunds: {type: list, of: {type: object, fields: {a: {}, list: {type: rows, of: refunds, by: capture}}}}",
       {"13:64: a list of rows inside a list (put it beside the list)"}},
      {"parts: {type: rows, of: captures, by: up, show: [refunds]}\n"
       "      up: {type: id, refers: captures}\n"
       "      refunds: {type: rows, of: refunds, by: capture}",
       {"13:56: 'refunds' is a list of rows itself (rows inside rows are not shown)"}},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.line);
    EXPECT_EQ(mistakes_of(with(row.line)), row.mistakes);
  }
}

TEST(Relation, NeedsAKeyThatRowsCanReferTo) {
  std::string text = with(good_line);
  text = replaced(text, "  captures:\n", "  captures:\n    key: [id, amount]\n");
  const std::vector<std::string> mistakes = mistakes_of(text);
  EXPECT_NE(
      std::find(mistakes.begin(), mistakes.end(),
                "14:7: 'captures' has a key of several fields (rows refer to a resource by its key, which is one "
                "field)"),
      mistakes.end());
}

TEST(Relation, IsNotSeenByExpressions) {
  std::string text = with(good_line);
  text = replaced(text, "    operations: [list, retrieve]\n",
                  "    operations: [list, retrieve]\n    formulas: {rest: \"amount - sum(refunds, amount)\"}\n");
  EXPECT_EQ(mistakes_of(text),
            (std::vector<std::string>{
                "10:36: 'refunds' is a list of another resource's rows (expressions see the resource's own fields; "
                "keep a number or a sum of rows in one of them, which the effects of the other resource set)"}));
}

TEST(Relation, IsNoFieldOfABody) {
  std::string text = with(good_line);
  text =
      replaced(text, "    operations: [list, retrieve]\n",
               "    operations: [list, retrieve]\n    actions: {void: {fields: {list: {type: rows, of: refunds, by: "
               "capture}}}}\n");
  const std::vector<std::string> mistakes = mistakes_of(text);
  ASSERT_EQ(mistakes.size(), 1U);
  EXPECT_EQ(mistakes.front().substr(0, 45), "10:31: a field of a body is in no table (take");
}

}  // namespace
}  // namespace portico::model
