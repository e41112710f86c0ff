// Lists of another resource's rows: how they are selected, and filtered through.
#include "model/load_yaml.hpp"
#include "unit/plan/planned.hpp"

namespace portico::plan {
namespace {

constexpr std::string_view description = R"(vendor: acme
versions: [1]
apis: {partner: {base: /, dialect: media-type}}
accounts: shops
resources:
  shops: {operations: [], fields: {id: {type: id}}}
  captures:
    owner: shop
    operations: [list, retrieve]
    page_size: {default: 2, max: 5}
    ordering: {allowed: [amount]}
    fields:
      id: {type: id}
      amount: {type: money, filter: [range]}
      refunds: {type: rows, of: refunds, by: capture, show: [id, made], ordering: [-made], max: 7}
      notes: {type: rows, of: refunds, by: capture, show: []}
  refunds:
    owner: merchant
    operations: [list]
    fields:
      id: {type: id}
      capture: {type: id, refers: captures, hidden: yes}
      made: {type: timestamp, "null": yes, filter: [range]}
      reason: {type: string, "null": yes, filter: [string]}
      kind: {type: choice, of: [a, b], filter: [choices]}
)";

std::shared_ptr<const model::Api> loaded() {
  auto api = model::load_yaml(description);
  return std::get<std::shared_ptr<const model::Api>>(std::move(api));
}

class RelationPlans : public testing::Test {
 protected:
  Planned sqlite_{loaded(), SqlFlavor::Sqlite};
  Planned postgres_{loaded(), SqlFlavor::Postgres};
};

TEST_F(RelationPlans, SelectRowsOfTheAccountThatReferToTheRow) {
  EXPECT_EQ(
      sqlite_.row("captures", "00000000000000000000000000000001").sql,
      R"(SELECT t."id", t."amount", (SELECT '[' || coalesce(group_concat(item, ','), '') || ']' FROM (SELECT )"
      R"('{"id":' || CASE typeof(r."id") WHEN 'text' THEN json_quote(r."id") ELSE 'null' END || ',"made":' || )"
      R"(portico_timestamp(r."made") || '}' AS item FROM "refunds" AS r WHERE r."merchant" = ? AND )"
      R"(r."capture" = t."id" ORDER BY r."made" DESC NULLS FIRST, r."id" DESC LIMIT 7)) FROM "captures" AS t )"
      R"(WHERE t."shop" = ? AND t."id" = coalesce((SELECT "id" FROM "captures" WHERE "shop" = ? AND "id" = ?), )"
      R"(NULL, NULL))");
  const std::string sql = postgres_.row("captures", "00000000000000000000000000000001").sql;
  EXPECT_NE(sql.find(R"('[' || array_to_string(ARRAY(SELECT '{"id":' || coalesce(to_json(r."id")::text, 'null'))"),
            std::string::npos)
      << sql;
  EXPECT_NE(sql.find(R"( FROM "portico"."refunds" AS r WHERE r."merchant" = $1 AND r."capture" = t."id" )"
                     R"(ORDER BY r."made" DESC, r."id" COLLATE "C" DESC LIMIT 7), ',') || ']')"),
            std::string::npos)
      << sql;
}

TEST_F(RelationPlans, MakeListsForTheRowsOfThePageAlone) {
  const std::string_view rows_of_keys = R"( AND t."id" IN (SELECT "id" FROM "captures" WHERE "shop" = ?)";
  EXPECT_EQ(sqlite_.list("captures").page.sql.find(rows_of_keys), std::string::npos);
  for (const std::string_view query : {"page=2", "amount=1", "ordering=-amount&page=2"}) {
    EXPECT_NE(sqlite_.list("captures", query).page.sql.find(rows_of_keys), std::string::npos) << query;
  }
  EXPECT_NE(postgres_.list("captures", "page=2").page.sql.find(R"( AND t."id" = ANY(ARRAY(SELECT "id" FROM )"),
            std::string::npos);
}

TEST_F(RelationPlans, FilterByTheExistenceOfARowOfTheAccount) {
  const std::string of_account =
      R"(EXISTS (SELECT 1 FROM "refunds" AS r WHERE r."merchant" = ? AND r."capture" = t."id")";
  const auto filter = [this](std::string_view query) {
    return sqlite_.conditions("captures", query).substr(std::string_view(R"(t."shop" = ? AND )").size());
  };
  EXPECT_EQ(filter("refunds-made-gte=2020-01-01"), of_account + R"( AND r."made" >= ?))");
  EXPECT_EQ(filter("notes-reason=x"), of_account + R"( AND r."reason" = ?))");
  EXPECT_EQ(filter("refunds-kind=a&refunds-kind=b"), of_account + R"( AND r."kind" IN (?, ?)))");
  EXPECT_EQ(filter("refunds-isnull=yes"), "NOT " + of_account + ")");
  EXPECT_EQ(filter("refunds-isnull=no"), of_account + ")");
  const ListPlan list = sqlite_.list("captures", "refunds-reason=x&amount=5");
  EXPECT_EQ(list.page_cost, Cost::Growing);
  EXPECT_EQ(list.count.binds.size(), 4U);
  EXPECT_EQ(list.count.binds[0], base::Value(std::string("tenant")));
  EXPECT_EQ(list.count.binds[1], base::Value(std::string("tenant")));
}

TEST_F(RelationPlans, JudgeEachTextOfTheRowsByItself) {
  const ListPlan list = postgres_.list("captures", "refunds-reason-regex=%5Ea.c%24");
  ASSERT_NE(list.screening, nullptr);
  EXPECT_NE(list.screening->candidates.sql.find(
                R"((SELECT string_agg(replace(replace(r."reason"::text, '~', '~0'), '|', '~1'), '|') FROM )"
                R"("portico"."refunds" AS r WHERE r."merchant" = $1 AND r."capture" = t."id")::text)"),
            std::string::npos)
      << list.screening->candidates.sql;
  const auto matches = [&list](std::string_view texts) {
    const std::vector<base::Cell> cells = {{.kind = base::Cell::Kind::Text, .text = texts}};
    return list.screening->check.matches(cells);
  };
  EXPECT_TRUE(matches("x|abc"));
  EXPECT_TRUE(matches("a~1c|"));
  EXPECT_TRUE(matches("|a~0c|x"));
  EXPECT_FALSE(matches("a|c"));
  EXPECT_FALSE(matches("ab|c"));
  EXPECT_FALSE(matches("a~1~0c"));
  EXPECT_FALSE(list.screening->check.matches(std::vector<base::Cell>(1)));
}

}  // namespace
}  // namespace portico::plan
