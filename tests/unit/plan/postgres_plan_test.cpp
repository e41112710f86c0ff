#include "support/small_api.hpp"
#include "unit/plan/planned.hpp"

namespace portico::plan {
namespace {

using base::Value;

class PostgresPlans : public testing::Test {
 protected:
  std::string filters(std::string_view query) {
    const std::string sql = planned_.conditions("orders", query);
    EXPECT_TRUE(sql.starts_with(R"("shop" = $1)")) << sql;
    return sql.substr(11);
  }
  std::vector<Value> binds(std::string_view query) { return planned_.list("orders", query).count.binds; }

  Planned planned_{support::small_api(), SqlFlavor::Postgres};
};

TEST_F(PostgresPlans, ReadTheSnapshotWithEveryRow) {
  const ListPlan plan = planned_.list("orders");
  EXPECT_TRUE(plan.page.sql.starts_with(R"(SELECT "id" COLLATE "C", "mid", )")) << plan.page.sql;
  EXPECT_TRUE(
      plan.page.sql.ends_with(R"(, (SELECT pg_current_snapshot()::text) FROM "portico"."orders" WHERE "shop" )"
                              R"(= (SELECT $1) AND "created" >= (SELECT '-infinity'::timestamptz) AND "created" <= )"
                              R"((SELECT 'infinity'::timestamptz) ORDER BY "created" DESC, "id" COLLATE "C" DESC )"
                              R"(LIMIT 2)"));
  EXPECT_EQ(plan.count.sql,
            R"(SELECT count(*), (SELECT pg_current_snapshot()::text) FROM "portico"."orders" WHERE "shop" = $1)");
  EXPECT_NE(plan.page_with_count.sql.find(
                R"(::text), (SELECT count(*) FROM "portico"."orders" WHERE "shop" = $1) FROM "portico"."orders" )"
                R"(WHERE "shop" = $2 ORDER BY)"),
            std::string::npos);
  EXPECT_EQ(plan.page_with_count.binds.size(), 2U);
  EXPECT_EQ(plan.readings.size(), plan.view->leaves.size());
  EXPECT_EQ(plan.readings[2], Reading::Integer);
}

TEST_F(PostgresPlans, KeepTheSandboxInItsSchema) {
  const ListPlan plan = planned_.list("orders", "page=200", model::Mode::Sandbox);
  for (const Statement* statement : {&plan.page, &plan.count, &plan.page_with_count}) {
    EXPECT_NE(statement->sql.find(R"( FROM "portico_sandbox"."orders" WHERE)"), std::string::npos);
    EXPECT_EQ(statement->sql.find(R"("portico".)"), std::string::npos);
  }
}

TEST_F(PostgresPlans, AreTheSameTextForOtherValues) {
  const auto same = [&](std::string_view one, std::string_view other) {
    const ListPlan a = planned_.list("orders", one);
    const ListPlan b = planned_.list("orders", other);
    EXPECT_EQ(a.page.sql, b.page.sql);
    EXPECT_EQ(a.count.sql, b.count.sql);
  };
  same("mid=a", "mid='%3Bdrop");
  same("mid-in=a,b", "mid-in=a,b,c,d");
  same("total-gt=1&page=2", "total-gt=2&page=3");
  same("page_size=3", "page_size=4");
  same("created-year=9999", "created-year=2015");
  EXPECT_NE(planned_.list("orders", "page=1").page.sql, planned_.list("orders", "page=2").page.sql);
}

TEST_F(PostgresPlans, HideTheAccountFromThePlannerWhereNoPlanIsBetterForIt) {
  const auto page = [&](std::string_view query) { return planned_.list("orders", query).page; };
  const auto hides = [&](std::string_view query) {
    return page(query).sql.find(R"("shop" = (SELECT $1))") != std::string::npos;
  };
  for (const char* query : {"", "page=4", "ordering=-created"}) EXPECT_TRUE(hides(query)) << query;
  EXPECT_TRUE(page("page=3").sql.ends_with(" LIMIT 2 OFFSET 4"));
  EXPECT_EQ(page("page=3").binds.size(), 1U);
  // Filters choose a plan by their values; so do a size or a place that is a parameter; other orders have no index.
  for (const char* query : {"mid=a", "total-gt=1", "page_size=1", "page=5", "page=500", "ordering=total",
                            "ordering=paid", "ordering=created,total"}) {
    EXPECT_FALSE(hides(query)) << query;
  }
}

TEST_F(PostgresPlans, WriteEachLookup) {
  EXPECT_EQ(filters("mid=a"), R"( AND ("mid" = $2::text))");
  EXPECT_EQ(filters("mid-in=a,b"), R"( AND ("mid" = ANY($2::text[])))");
  EXPECT_EQ(filters("mid-startswith=ab"),
            R"( AND (("mid" COLLATE "C") >= $2::text AND ("mid" COLLATE "C") < $3::text))");
  EXPECT_EQ(filters("mid-contains=a"), R"( AND (strpos(("mid" COLLATE "C"), $2::text) > 0))");
  EXPECT_EQ(filters("mid-endswith=a"), R"( AND (right(("mid" COLLATE "C"), char_length($2::text)) = $2::text))");
  EXPECT_EQ(filters("mid-icontains=7"), R"( AND (strpos(("mid" COLLATE "C"), $2::text) > 0))");
  EXPECT_EQ(filters("mid-iexact=b"),
            R"( AND (CASE WHEN octet_length(("mid" COLLATE "C")) = char_length(("mid" COLLATE "C")) THEN )"
            R"(lower(("mid" COLLATE "C")) ELSE translate(("mid" COLLATE "C"), $2::text, $3::text) END = $4::text))");
  EXPECT_EQ(filters("created-hour=3"), R"( AND (extract(hour FROM "created" AT TIME ZONE 'UTC') = $2::bigint))");
  EXPECT_EQ(filters("due-week_day=monday"), R"( AND (extract(isodow FROM "due") = $2::bigint))");
  EXPECT_EQ(filters("created-year=2015"), R"( AND ("created" >= $2::timestamptz AND "created" < $3::timestamptz))");
  EXPECT_EQ(filters("paid-isnull=True"), R"( AND ("paid" IS NULL))");
  EXPECT_EQ(filters("total-gte=5"), R"( AND ("total" >= $2::bigint))");
  EXPECT_EQ(filters("gift=yes"), R"( AND ("gift" = $2::boolean))");
  EXPECT_EQ(filters("status=ok&status=ko"), R"( AND ("status" = ANY($2::text[])))");
}

TEST_F(PostgresPlans, BindWhatPostgresqlReads) {
  EXPECT_EQ(binds("created=2015-10-02T18:15:45.101838Z")[1], Value(std::string("2015-10-02 18:15:45.101838+00")));
  EXPECT_EQ(binds("created-year=9999")[2], Value(std::string("10000-01-01 00:00:00.000000+00")));
  EXPECT_EQ(binds("due-year=9999")[2], Value(std::string("infinity")));
  EXPECT_EQ(binds("mid-in=a,%22b")[1], Value(std::string(R"({"a","\"b"})")));
  EXPECT_EQ(binds("mid-istartswith=Ss")[2], Value(std::string("ss")));  // behind ß
}

TEST_F(PostgresPlans, NeverBindAZeroByte) {
  for (const char* lookup : {"", "-iexact", "-contains", "-icontains", "-startswith", "-istartswith", "-endswith",
                             "-iendswith", "-in", "-regex"}) {
    EXPECT_EQ(filters(std::string("mid") + lookup + "=a%00b"), " AND (FALSE)") << lookup;
  }
  EXPECT_EQ(binds("mid-in=a,b%00,c")[1], Value(std::string(R"({"a","c"})")));
  EXPECT_TRUE(planned_.row("orders", std::string("a\0b", 3)).sql.find("FALSE") != std::string::npos);
  const Planned other(support::small_api(), SqlFlavor::Postgres, std::string_view("a\0b", 3));
  EXPECT_EQ(other.conditions("orders", ""), "FALSE");
}

TEST_F(PostgresPlans, LookFarPagesUpByTheirKeys) {
  EXPECT_NE(
      planned_.list("orders", "page=500")
          .page.sql.find(R"("shop" = $1 AND "id" = ANY(ARRAY(SELECT "id" FROM "portico"."orders" WHERE "shop" = )"
                         R"($2 ORDER BY "created" DESC, "id" COLLATE "C" DESC LIMIT 2 OFFSET $3)) ORDER BY)"),
      std::string::npos);
}

TEST_F(PostgresPlans, ScreenWhatTheDatabaseCannotJudge) {
  const ListPlan plan = planned_.list("orders", "mid-regex=ab.*cde&mid-search=x&total=5");
  ASSERT_NE(plan.screening, nullptr);
  EXPECT_TRUE(plan.count.sql.empty());
  EXPECT_TRUE(plan.page_with_count.sql.empty());
  const Screening& screening = *plan.screening;
  EXPECT_EQ(
      screening.candidates.sql,
      R"(SELECT "id"::text AS "as text", "mid"::text AS "as text" FROM "portico"."orders" WHERE "shop" = $1 AND (strpos(("mid" COLLATE )"
      R"("C"), $2::text) > 0) AND ("mid" IS NOT NULL) AND ("total" = $3::bigint) ORDER BY "created" DESC, "id" )"
      R"(COLLATE "C" DESC)");
  EXPECT_EQ(screening.keys, 1U);
  EXPECT_EQ(screening.readings.size(), 2U);
  const auto judged = [&](std::string_view text) {
    const std::vector<base::Cell> cells = {{.kind = base::Cell::Kind::Text, .text = text}};
    return screening.check.matches(cells);
  };
  EXPECT_TRUE(judged("ab xy cde"));
  EXPECT_FALSE(judged("ab cde"));
  EXPECT_FALSE(judged("xy cde"));
  EXPECT_TRUE(plan.page.sql.ends_with(
      R"( WHERE "shop" = $1 AND "id" = ANY($2) ORDER BY "created" DESC, "id" COLLATE "C" DESC)"));
  EXPECT_EQ(plan.page.binds.size(), 1U);
}

TEST_F(PostgresPlans, DoNotScreenAnExpressionOfPlainText) {
  EXPECT_EQ(filters("mid-regex=ab"), R"( AND (strpos(("mid" COLLATE "C"), $2::text) > 0))");
  EXPECT_EQ(filters("mid-regex=%5Eab$"), R"( AND ("mid" = $2::text))");
  EXPECT_EQ(planned_.list("orders", "mid-iregex=alce").screening, nullptr);
  EXPECT_NE(planned_.list("orders", "mid-iregex=strasse").screening, nullptr);
}

TEST_F(PostgresPlans, LookAnObjectUpByEachOfItsNames) {
  const std::string id(32, 'a');
  EXPECT_NE(
      planned_.row("orders", id)
          .sql.find(R"("id" = coalesce((SELECT "id" FROM "portico"."orders" WHERE "shop" = $2 AND "id" = $3::text), )"
                    R"((SELECT "id" FROM "portico"."orders" WHERE "shop" = $4 AND "mid" = $5::text), NULL, NULL))"),
      std::string::npos);
  EXPECT_EQ(planned_.row("orders", "m1").binds.size(), 3U);
  EXPECT_TRUE(planned_.row("quiet", id).sql.ends_with(R"( WHERE "shop" = $1 AND "id" = $2::text)"));
  EXPECT_TRUE(planned_.row("quiet", "x").sql.ends_with(" AND FALSE"));
}

}  // namespace
}  // namespace portico::plan
