#include <gtest/gtest.h>

#include "operation/parse_operation.hpp"
#include "plan/resolve.hpp"
#include "plan/write_statements.hpp"
#include "support/collections_api.hpp"

namespace portico::plan {
namespace {

using base::Value;

class CollectionStatements : public testing::TestWithParam<SqlFlavor> {
 protected:
  [[nodiscard]] bool postgres() const { return GetParam() == SqlFlavor::Postgres; }
  [[nodiscard]] std::string either(std::string sqlite, std::string postgres_text) const {
    return postgres() ? postgres_text : sqlite;
  }
  [[nodiscard]] const model::Resource& resource(std::string_view name) const { return *api_->find_resource(name); }
  [[nodiscard]] WriteStatements rows(std::string_view name) const { return {planner_, resource(name), scope_}; }

  [[nodiscard]] operation::List list(std::string_view name, std::string_view query) const {
    const operation::Target target{.resource = &resource(name)};
    auto parsed =
        operation::parse_operation(api_->limits, target, http::Method::Get, operation::parse_query(query)).value();
    return std::get<operation::List>(std::move(parsed));
  }
  [[nodiscard]] BoundFilter filter(std::string_view name, std::string_view query, int version = 2) const {
    std::vector<base::Fault> faults;
    auto bound = resolve(*api_, api_->view(resource(name), version), list(name, query), faults);
    EXPECT_TRUE(faults.empty()) << query;
    return std::move(bound.filter);
  }
  [[nodiscard]] std::string fault(std::string_view name, std::string_view query, int version = 2) const {
    std::vector<base::Fault> faults;
    static_cast<void>(resolve(*api_, api_->view(resource(name), version), list(name, query), faults));
    return faults.size() == 1 ? faults.front().message : "";
  }

  std::shared_ptr<const model::Api> api_ = support::collections_api();
  Planner planner_{api_, GetParam()};
  Scope scope_{.account = "tenant", .version = 2, .mode = model::Mode::Production};
};

TEST_P(CollectionStatements, ChooseRowsByFiltersWithinTheAccount) {
  const Candidates tags = rows("tags").candidates({.filter = filter("tags", "rank-gt=5"), .parents = {}, .most = 11});
  EXPECT_EQ(tags.query.statement.sql,
            either(R"(SELECT "id" FROM "tags" WHERE "shop" = ? AND ("rank" > ?) ORDER BY "id" LIMIT ?)",
                   R"(SELECT "id" FROM "portico"."tags" WHERE "shop" = $1 AND ("rank" > $2::bigint) )"
                   R"(ORDER BY "id" COLLATE "C" LIMIT $3 FOR UPDATE)"));
  EXPECT_EQ(tags.query.statement.binds, (std::vector<Value>{"tenant", std::int64_t{5}, std::int64_t{11}}));
  EXPECT_EQ(tags.query.columns, 1U);
  EXPECT_TRUE(tags.check.matches({}));
}

TEST_P(CollectionStatements, ChooseRowsBelowTheirParents) {
  const Candidates articles =
      rows("articles").candidates({.filter = filter("articles", "article-mid=a,b"), .parents = {"c"}, .most = 3});
  EXPECT_EQ(
      articles.query.statement.sql,
      either(R"(SELECT "campaign", "id" FROM "articles" WHERE "shop" = ? AND "campaign" = ? AND ("id" IN (?, ?)) )"
             R"(ORDER BY "campaign", "id" LIMIT ?)",
             R"(SELECT "campaign", "id" FROM "portico"."articles" WHERE "shop" = $1 AND "campaign" = $2::text AND )"
             R"(("id" = ANY($3::text[])) ORDER BY "campaign" COLLATE "C", "id" COLLATE "C" LIMIT $4 FOR UPDATE)"));
  EXPECT_EQ(articles.query.columns, 2U);
}

/// What PostgreSQL cannot judge is selected behind the key; rows of other tables are not locked.
TEST_P(CollectionStatements, JudgeHereWhatTheDatabaseCannot) {
  const Candidates articles =
      rows("articles")
          .candidates({.filter = filter("articles", "maker-name-regex=^C.*r$&q=x"), .parents = {"c"}, .most = 3});
  const std::string& sql = articles.query.statement.sql;
  EXPECT_EQ(articles.query.columns, postgres() ? 3U : 2U);
  EXPECT_EQ(sql.find("portico_regex") != std::string::npos, !postgres()) << sql;
  EXPECT_EQ(sql.ends_with(" FOR UPDATE OF t"), postgres()) << sql;
  EXPECT_NE(sql.find(" LEFT JOIN "), std::string::npos) << sql;
  if (!postgres()) return;
  const auto matches = [&](std::string_view name) {
    const base::Cell cell{.kind = base::Cell::Kind::Text, .text = name};
    return articles.check.matches({&cell, 1});
  };
  EXPECT_TRUE(matches("Carpenter"));
  EXPECT_FALSE(matches("Smith"));
}

TEST_P(CollectionStatements, NameRowsByTheirKeysInOneStatement) {
  const std::vector<RowKey> two = {{Value("i")}, {Value("j")}};
  EXPECT_EQ(rows("tags").erase_all(two).sql,
            either(R"(DELETE FROM "tags" WHERE "shop" = ? AND "id" IN (?, ?))",
                   R"(DELETE FROM "portico"."tags" WHERE "shop" = $1 AND "id" = ANY($2::text[]))"));
  EXPECT_EQ(rows("tags").erase_all(std::span(two).first(1)).sql,
            either(R"(DELETE FROM "tags" WHERE "shop" = ? AND "id" = ?)",
                   R"(DELETE FROM "portico"."tags" WHERE "shop" = $1 AND "id" = $2::text)"));
  const std::vector<RowKey> seats = {{Value("A"), Value(std::int64_t{1})}, {Value("B"), Value(std::int64_t{2})}};
  const RowQuery read = rows("seats").read_all(seats);
  EXPECT_EQ(
      read.statement.sql,
      either(R"(SELECT "row", "number" FROM "seats" WHERE "shop" = ? AND (("row" = ? AND "number" = ?) OR )"
             R"(("row" = ? AND "number" = ?)))",
             R"(SELECT "row", "number" FROM "portico"."seats" WHERE "shop" = $1 AND (("row" = $2::text AND "number" )"
             R"(= $3::bigint) OR ("row" = $4::text AND "number" = $5::bigint)))"));
  EXPECT_EQ(read.statement.binds, (std::vector<Value>{"tenant", "A", std::int64_t{1}, "B", std::int64_t{2}}));
}

TEST_P(CollectionStatements, AskForReferencesToSeveralRows) {
  const RowQuery any = rows("articles").any_with(1, {"a", "b"});
  EXPECT_EQ(any.statement.sql,
            either(R"(SELECT "campaign" FROM "articles" WHERE "shop" = ? AND "campaign" IN (?, ?) LIMIT 1)",
                   R"(SELECT "campaign" FROM "portico"."articles" WHERE "shop" = $1 AND "campaign" = )"
                   R"(ANY($2::text[]) LIMIT 1)"));
}

TEST_P(CollectionStatements, AKeyNamesNoMoreThanThePathLeaves) {
  const operation::Retrieve one{.resource = &resource("articles"), .parents = {"m1"}, .name = "a,b"};
  const auto plan = planner_.make_plan(one, scope_);
  const Statement& row = std::get<RetrievePlan>(*plan).row;
  EXPECT_TRUE(row.sql.ends_with(either(R"( AND t."id" = ?)", R"( AND t."id" = $5::text)"))) << row.sql;
  EXPECT_EQ(row.binds.back(), Value("a,b"));
  const operation::Retrieve seat{.resource = &resource("seats"), .name = "A,7"};
  const auto seat_plan = planner_.make_plan(seat, scope_);
  EXPECT_EQ(std::get<RetrievePlan>(*seat_plan).row.binds, (std::vector<Value>{"tenant", "A", std::int64_t{7}}));
}

TEST_P(CollectionStatements, FiltersHaveOtherNames) {
  const BoundFilter in = filter("articles", "article-mid=a,b");
  ASSERT_EQ(in.terms.size(), 1U);
  EXPECT_EQ(in.terms[0].lookup, model::Lookup::In);
  EXPECT_EQ(in.terms[0].values, (std::vector<Value>{"a", "b"}));
  const BoundFilter starts = filter("articles", "mid-startswith=a&mid=b");
  ASSERT_EQ(starts.terms.size(), 2U);
  EXPECT_EQ(starts.terms[0].lookup, model::Lookup::StartsWith);
  EXPECT_EQ(starts.terms[1].lookup, model::Lookup::Exact);
  EXPECT_EQ(filter("articles", "old=x", 1).terms.size(), 1U);
  EXPECT_EQ(fault("articles", "old=x").substr(0, 18), "Unknown parameter.");
  EXPECT_EQ(fault("articles", "article-mid-in=a"), "Unknown parameter; did you mean 'article-mid'?");
  EXPECT_EQ(fault("articles", "mid-gt=a").substr(0, 42), "The filter 'gt' is not allowed on this fie");
  EXPECT_EQ(fault("articles", "quite-another=1"),
            "Unknown parameter. Filters are on article-mid, id, maker-name, mid and name.");
}

INSTANTIATE_TEST_SUITE_P(Flavors, CollectionStatements, testing::Values(SqlFlavor::Sqlite, SqlFlavor::Postgres),
                         [](const auto& flavor) {
                           return flavor.param == SqlFlavor::Sqlite ? "Sqlite" : "Postgres";
                         });

}  // namespace
}  // namespace portico::plan
