#include "support/small_api.hpp"
#include "unit/plan/planned.hpp"

namespace portico::plan {
namespace {

/// Plans over a database that others made: references, composite keys, storages, owners of other types.
class ExistingPlans : public testing::Test {
 protected:
  std::shared_ptr<const model::Api> api_ = support::existing_api();
  Planned sqlite_{api_, SqlFlavor::Sqlite, "7"};
  Planned postgres_{api_, SqlFlavor::Postgres, "7"};
};

std::size_t occurrences(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST_F(ExistingPlans, JoinWhatTheStatementNeeds) {
  const ListPlan plain = postgres_.list("film-actors");
  EXPECT_NE(plain.page.sql.find(R"( FROM "public"."film_actor" AS t LEFT JOIN "public"."film" AS j1 ON j1."film_id" )"
                                R"(= t."film_id" WHERE TRUE ORDER BY t."actor_id", t."film_id" LIMIT 25)"),
            std::string::npos);
  EXPECT_TRUE(
      plain.page.sql.starts_with(R"(SELECT t."actor_id", t."film_id", j1."title", j1."rating"::text, (SELECT)"));
  EXPECT_TRUE(plain.count.sql.ends_with(R"( FROM "public"."film_actor" WHERE TRUE)"));
  const ListPlan filtered = postgres_.list("film-actors", "film-title=x");
  EXPECT_TRUE(filtered.count.sql.ends_with(R"( WHERE TRUE AND (j1."title" = $1::text))"));
  const ListPlan film = sqlite_.list("films", "original-name-contains=a");
  EXPECT_EQ(occurrences(film.page.sql, "LEFT JOIN"), 3U);
  EXPECT_EQ(occurrences(film.count.sql, "LEFT JOIN"), 1U);
  EXPECT_NE(film.count.sql.find(R"(LEFT JOIN "language" AS j2 ON j2."language_id" = t."original_language_id")"),
            std::string::npos);
}

TEST_F(ExistingPlans, FarPagesJoinInsideOnlyWhatTheyFilterAndSortBy) {
  const std::string sql = sqlite_.list("films", "ordering=language-name&page=100").page.sql;
  const std::string inner = sql.substr(sql.find(" IN (SELECT "));
  EXPECT_EQ(occurrences(inner, "LEFT JOIN"), 1U);
  EXPECT_NE(inner.find(R"(ORDER BY CAST(j1."name" AS TEXT) COLLATE BINARY NULLS LAST, t."film_id" LIMIT)"),
            std::string::npos);
  EXPECT_NE(sqlite_.list("film-actors", "page=100").page.sql.find(R"( AND (t."actor_id", t."film_id") IN (SELECT )"),
            std::string::npos);
}

TEST_F(ExistingPlans, ReferencesShowTheAccountsOwnRowsOnly) {
  for (const Planned* planned : {&sqlite_, &postgres_}) {
    const ListPlan plan = planned->list("notes");
    const std::size_t join = plan.page.sql.find(R"("notes" AS j2 ON j2."id" = t."parent" AND )");
    ASSERT_NE(join, std::string::npos) << plan.page.sql;
    EXPECT_LT(plan.page.sql.find(R"(j2."customer")", join), plan.page.sql.find(" WHERE "));
    EXPECT_NE(plan.page.sql.find(R"(t."customer")", plan.page.sql.find(" WHERE ")), std::string::npos);
  }
}

TEST_F(ExistingPlans, CompareOwnersByTheirText) {
  EXPECT_EQ(postgres_.conditions("payments", ""), R"(CAST("customer" AS TEXT) = $1::text)");
  EXPECT_EQ(sqlite_.conditions("payments", ""), R"("customer" = ? AND CAST("customer" AS TEXT) = ? COLLATE BINARY)");
  EXPECT_NE(postgres_.list("payments").page.sql.find(R"( FROM "accounting"."Payments ""paid""" WHERE)"),
            std::string::npos);
  EXPECT_EQ(sqlite_.conditions("languages", ""), "1");
}

TEST_F(ExistingPlans, CompareOwnersThatAreIntegersAsSuch) {
  const auto api = support::api_of(R"(
vendor: films
versions: [1]
apis: {partner: {base: /, dialect: media-type}}
accounts: none
database: {existing: true, schema: public}
resources:
  notes: {owner: tenant, key: id, operations: [list], fields: {id: {type: integer}, tenant: {type: integer}}}
  files: {owner: tenant, key: id, operations: [list], fields: {id: {type: integer}, tenant: {type: string, stored: text}}}
)");
  const auto condition = [&](std::string_view account, SqlFlavor flavor) {
    return Planned(api, flavor, account).conditions("notes", "");
  };
  EXPECT_EQ(condition("7", SqlFlavor::Postgres), R"("tenant" = $1::bigint)");
  EXPECT_EQ(condition("7", SqlFlavor::Sqlite), R"("tenant" = ?)");
  // Seen by the planner: whether an index serves account and order nobody has said.
  EXPECT_NE(Planned(api, SqlFlavor::Postgres, "7").list("notes").page.sql.find(R"("tenant" = $1::bigint ORDER)"),
            std::string::npos);
  for (const char* account : {"07", "x", "", "+7", "7 ", "9223372036854775808"}) {
    EXPECT_EQ(condition(account, SqlFlavor::Postgres), "FALSE") << account;
    EXPECT_EQ(condition(account, SqlFlavor::Sqlite), "0") << account;
  }
  const Planned uuid(api, SqlFlavor::Postgres, "c2d29867-3d0b-d497-9191-18a9d8ee7830");
  EXPECT_EQ(uuid.conditions("files", ""), R"("tenant" = $1 AND CAST("tenant" AS TEXT) = $2::text)");
}

TEST_F(ExistingPlans, ReadEachStorage) {
  const std::string sqlite = sqlite_.list("films").page.sql;
  for (const char* shown :
       {R"(portico_hundredths(t."rental_rate"))", R"(portico_whole(t."replacement"))", R"(CAST(t."rating" AS TEXT))",
        R"(substr(t."released", 1, 10))", R"(portico_seconds(t."seen"))", R"((t."active" <> 0))",
        R"(portico_instant(j1."last_update"))"}) {
    EXPECT_NE(sqlite.find(shown), std::string::npos) << shown;
  }
  const ListPlan postgres = postgres_.list("films");
  for (const char* shown :
       {R"(t."rental_rate",)", R"(t."rating"::text)", R"(t."released")", R"((t."active" <> 0))"}) {
    EXPECT_NE(postgres.page.sql.find(shown), std::string::npos) << shown;
  }
  EXPECT_EQ(std::count(postgres.readings.begin(), postgres.readings.end(), Reading::Hundredths), 1);
  EXPECT_EQ(std::count(postgres.readings.begin(), postgres.readings.end(), Reading::Seconds), 1);
  EXPECT_EQ(std::count(postgres.readings.begin(), postgres.readings.end(), Reading::Date), 1);
}

TEST_F(ExistingPlans, CompareEachStorage) {
  const auto postgres = [&](std::string_view query) { return postgres_.conditions("films", query).substr(4); };
  EXPECT_EQ(postgres("rental_rate=499"), R"( AND ("rental_rate" >= $1::numeric AND "rental_rate" < $2::numeric))");
  EXPECT_EQ(postgres("replacement-lt=5"), R"( AND ("replacement" < $1::numeric))");
  EXPECT_EQ(postgres("rating=PG"), R"( AND (("rating"::text COLLATE "C") = $1::text))");
  EXPECT_EQ(postgres("released=2005-05-24"), R"( AND ("released" >= $1::date AND "released" < ($1::date + 1)))");
  EXPECT_EQ(postgres("seen-gt=2005-05-24T00:00:00Z"), R"( AND ("seen" > $1::bigint))");
  EXPECT_EQ(postgres("seen-gt=2005-05-24T00:00:00.5Z"), R"( AND ("seen" >= $1::bigint AND "seen" > $2::numeric))");
  EXPECT_EQ(postgres("seen-hour=5"),
            R"( AND (extract(hour FROM to_timestamp("seen") AT TIME ZONE 'UTC') = $1::bigint))");
  EXPECT_EQ(postgres("active=yes"), R"( AND ("active" <> 0))");
  const auto sqlite = [&](std::string_view query) { return sqlite_.conditions("films", query).substr(1); };
  EXPECT_EQ(sqlite("rental_rate-gte=499"), R"( AND ("rental_rate" >= CAST(? AS REAL) AND "rental_rate" < 9e999))");
  EXPECT_EQ(sqlite("replacement-lt=5"), R"( AND ("replacement" < CAST(? AS INTEGER)))");
  EXPECT_EQ(sqlite("released-lte=2005-05-24"), R"( AND ("released" < ? COLLATE BINARY))");
  EXPECT_EQ(sqlite("title=x"), R"( AND ("title" = ? COLLATE BINARY))");
  EXPECT_EQ(sqlite_.conditions("languages", "last_update-gt=2005-05-24T00:00:00Z"),
            R"(1 AND ("last_update" >= ? COLLATE BINARY AND portico_instant("last_update") > ?))");
}

TEST_F(ExistingPlans, NameRowsByCompositeKeys) {
  EXPECT_TRUE(postgres_.row("film-actors", "1,23")
                  .sql.ends_with(R"( WHERE TRUE AND t."actor_id" = $1::bigint AND t."film_id" = $2::bigint)"));
  EXPECT_TRUE(
      sqlite_.row("film-actors", "1,23").sql.ends_with(R"( WHERE 1 AND t."actor_id" = ? AND t."film_id" = ?)"));
  for (const char* name : {"1", "1,2,3", "1,x", ",", "", "1,", "1,9223372036854775808", "1.0,2"}) {
    EXPECT_TRUE(postgres_.row("film-actors", name).sql.ends_with(" WHERE TRUE AND FALSE")) << name;
    EXPECT_TRUE(sqlite_.row("film-actors", name).sql.ends_with(" WHERE 1 AND 0")) << name;
  }
  EXPECT_TRUE(postgres_.row("films", "x").sql.ends_with(" WHERE TRUE AND FALSE"));
}

TEST_F(ExistingPlans, ScreenedPagesAreFoundByAllOfTheKey) {
  const ListPlan plan = postgres_.list("payments", "code-regex=%5Ba-z%5D");
  ASSERT_NE(plan.screening, nullptr);
  EXPECT_EQ(plan.screening->keys, 2U);
  EXPECT_NE(plan.page.sql.find(R"( AND ("kind"::text, "No.") IN (SELECT * FROM unnest($2::text[], $3::text[])))"),
            std::string::npos);
}

TEST_F(ExistingPlans, ScreenedRowsWithoutAKeyAreFoundByTheirPlaces) {
  const ListPlan plan = postgres_.list("sales", "store-regex=%5Ba-z%5D");
  ASSERT_NE(plan.screening, nullptr);
  EXPECT_EQ(plan.screening->keys, 1U);
  EXPECT_TRUE(plan.screening->candidates.sql.starts_with("SELECT row_number() OVER ( ORDER BY "));
  EXPECT_TRUE(plan.page.sql.ends_with("WHERE place = ANY($1::bigint[]) ORDER BY place")) << plan.page.sql;
  EXPECT_EQ(plan.page.sql.find(" IN (SELECT"), std::string::npos);
}

TEST_F(ExistingPlans, OnlyTheKeyIsKnownToBeIndexed) {
  EXPECT_EQ(postgres_.list("films").page_cost, Cost::Growing);
  EXPECT_EQ(sqlite_.list("films", "title=x").page_cost, Cost::Growing);
  EXPECT_EQ(sqlite_.list("films", "film_id=1").page_cost, Cost::Bounded);
  EXPECT_EQ(sqlite_.list("film-actors", "film_id=1").page_cost, Cost::Growing);
  EXPECT_EQ(sqlite_.list("film-actors", "film_id=1&actor_id=2").page_cost, Cost::Bounded);
}

}  // namespace
}  // namespace portico::plan
