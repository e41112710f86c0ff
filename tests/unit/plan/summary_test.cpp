#include <limits>

#include "plan/aggregate_fold.hpp"
#include "support/loaded_api.hpp"
#include "unit/plan/planned.hpp"

namespace portico::plan {
namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();

/// Rows without a key, of a database that others made, with columns of all kinds.
std::shared_ptr<const model::Api> sales() {
  return support::loaded_api(R"yaml(
vendor: films
versions: [1, 2]
apis: {partner: {base: /, dialect: media-type}}
accounts: none
database: {existing: true, schema: public}
resources:
  stores:
    owner: none
    operations: [retrieve]
    fields: {id: {type: integer}, name: {type: string, filter: [string]}}
  sales:
    owner: account
    key: none
    operations: [list]
    search: [name]
    summary:
      fields: {n: count(), v: count(total), s: sum(total), c: sum(pieces), i: sum(number), a: min(total), b: max(name),
               d: min(code), e: max(day), f: min(at), g: max(since)}
    fields:
      name: {type: string, filter: [string]}
      code: {type: string, stored: text}
      total: {type: money, stored: decimal, "null": true, filter: [range]}
      pieces: {type: integer, stored: decimal}
      number: {type: integer}
      day: {type: date, stored: timestamp}
      at: {type: timestamp, stored: timestamp}
      since: {type: timestamp, stored: seconds}
      store: {type: reference, to: stores, column: store_id}
)yaml");
}

RetrievePlan summary_of(SqlFlavor flavor, std::string_view query = "", int version = 2) {
  const auto api = sales();
  static std::vector<std::unique_ptr<Planner>> planners;  // plans point into them
  const Planner& planner = *planners.emplace_back(std::make_unique<Planner>(api, flavor));
  const operation::Target target{.kind = operation::Target::Kind::Summary, .resource = api->find_resource("sales")};
  auto operation = operation::parse_operation(api->limits, target, http::Method::Get, operation::parse_query(query));
  auto plan = planner.make_plan(std::move(operation).value(), {.account = "7", .version = version});
  EXPECT_TRUE(plan.has_value()) << query;
  return std::get<RetrievePlan>(std::move(plan).value());
}

TEST(Summaries, AreOfWhatRowsShowInSqlite) {
  const RetrievePlan plan = summary_of(SqlFlavor::Sqlite);
  EXPECT_EQ(plan.row.sql,
            R"(SELECT count(*), count(portico_hundredths("total")), portico_sum(portico_hundredths("total")), )"
            R"(portico_sum(portico_whole("pieces")), portico_sum("number"), min(portico_hundredths("total")), )"
            R"(max("name" COLLATE BINARY), min(CAST("code" AS TEXT) COLLATE BINARY), )"
            R"(max(substr("day", 1, 10) COLLATE BINARY), min(portico_instant("at")), max(portico_seconds("since")) )"
            R"(FROM "sales" WHERE "account" = ? AND CAST("account" AS TEXT) = ? COLLATE BINARY HAVING count(*) > 0)");
  EXPECT_EQ(plan.cost, Cost::Growing);
  EXPECT_EQ(plan.view->version, 2);
  EXPECT_EQ(plan.view->leaves.size(), 11U);
}

TEST(Summaries, AreOfWhatRowsShowInPostgres) {
  const RetrievePlan plan = summary_of(SqlFlavor::Postgres, "store-name=x", 1);
  const std::string number = R"(::text NOT IN ('NaN', 'Infinity', '-Infinity'))";
  const std::string fits = " BETWEEN -9223372036854775808 AND 9223372036854775807";
  const std::string cents = R"(round(t."total"::text::numeric * 100))";
  const std::string total =
      R"(CASE WHEN t."total")" + number + " THEN CASE WHEN " + cents + fits + " THEN " + cents + " END END";
  const std::string count = R"(t."pieces"::text::numeric)";
  const std::string pieces = R"(CASE WHEN t."pieces")" + number + " THEN CASE WHEN " + count + fits + " AND trunc(" +
                             count + ") = " + count + " THEN " + count + " END END";
  const std::string seconds = R"(t."since"::text::numeric)";
  const std::string since = R"(CASE WHEN t."since")" + number + " THEN CASE WHEN round(" + seconds + " * 1000000)" +
                            fits + " THEN " + seconds + " END END";
  const auto sum = [](const std::string& of) {
    const std::string all = "coalesce(sum(" + of + "), 0)";
    return "CASE WHEN " + all + " BETWEEN -9223372036854775808 AND 9223372036854775807 THEN " + all + " END";
  };
  const std::string wanted =
      R"(SELECT count(*), count(t."total") FILTER (WHERE )" + total + " IS NOT NULL), " + sum(total) + ", " +
      sum(pieces) + ", " + sum(R"(t."number")") + R"(, min(t."total") FILTER (WHERE )" + total +
      R"( IS NOT NULL), max(t."name" COLLATE "C"), min(t."code"::text COLLATE "C"), max(t."day"), )"
      R"(min(t."at"), max(t."since") FILTER (WHERE )" +
      since +
      R"( IS NOT NULL), (SELECT pg_current_snapshot()::text) FROM "public"."sales" AS t LEFT JOIN )"
      R"("public"."stores" AS j1)";
  EXPECT_TRUE(plan.row.sql.starts_with(wanted)) << plan.row.sql << "\n" << wanted;
  EXPECT_TRUE(plan.row.sql.ends_with(" HAVING count(*) > 0")) << plan.row.sql;
  EXPECT_EQ(plan.readings.size(), 11U);
  EXPECT_EQ(plan.view->version, 1);
}

TEST(Summaries, OfRowsThatAreJudgedHereReadWhatTheyAreOf) {
  const RetrievePlan plan = summary_of(SqlFlavor::Postgres, "name-regex=%5Ba-z%5D&total-gt=5");
  ASSERT_NE(plan.screening, nullptr);
  EXPECT_EQ(plan.screening->keys, 0U);
  EXPECT_EQ(plan.screening->judged, 1U);
  EXPECT_EQ(plan.screening->readings.size(), 11U);  // all but count(), and the name that is judged
  EXPECT_TRUE(plan.screening->candidates.sql.starts_with(
      R"(SELECT "name"::text AS "as text", "total", "total", "pieces", "number", "total", "name", "code"::text, "day", )"
      R"("at", "since" FROM "public"."sales" WHERE CAST("account" AS TEXT) = $1::text AND )"))
      << plan.screening->candidates.sql;
  EXPECT_EQ(plan.screening->candidates.sql.find("ORDER BY"), std::string::npos);
}

base::Cell integer(std::int64_t value) {
  return {.kind = base::Cell::Kind::Integer, .integer = value};
}
base::Cell text(std::string_view value) {
  return {.kind = base::Cell::Kind::Text, .text = value};
}

TEST(AggregateFold, GivesWhatSqlWould) {
  using Function = model::Aggregate::Function;
  model::Summary summary;
  for (const Function function :
       {Function::Values, Function::Rows, Function::Sum, Function::Least, Function::Greatest, Function::Least}) {
    summary.aggregates.push_back({.function = function});
  }
  AggregateFold fold(summary);
  EXPECT_EQ(fold.rows(), 0);
  const base::Cell null;
  for (const std::int64_t number : {most, most, least}) {
    const std::vector<base::Cell> cells = {null, integer(number), integer(number), text("b"), null};
    fold.add(cells);
  }
  const std::vector<base::Cell> last = {text("x"), null, null, text("a\xC3"), null};
  fold.add(last);
  EXPECT_EQ(fold.rows(), 4);
  const std::vector<base::Value> expected = {std::int64_t{1}, std::int64_t{4}, most - 1, least, "b", base::Value()};
  EXPECT_EQ(fold.values(), expected);
}

TEST(WideSum, IsExactAtBothEnds) {
  const auto sum_of = [](const std::vector<std::int64_t>& numbers) {
    base::WideSum sum;
    for (const std::int64_t number : numbers) sum.add(number);
    return sum.value();
  };
  EXPECT_EQ(sum_of({}), 0);
  EXPECT_EQ(sum_of({most, 1}), std::nullopt);
  EXPECT_EQ(sum_of({least, -1}), std::nullopt);
  EXPECT_EQ(sum_of({most, most, most, least, least, least}), -3);
  EXPECT_EQ(sum_of({least, least}), std::nullopt);
  EXPECT_EQ(sum_of({least, least, most, 1, most}), -1);
  EXPECT_EQ(sum_of({-1, -1, 1, -5}), -6);
  EXPECT_EQ(sum_of({least, 0}), least);
}

}  // namespace
}  // namespace portico::plan
