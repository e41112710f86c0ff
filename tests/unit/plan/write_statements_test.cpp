#include "plan/write_statements.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

#include "operation/operation.hpp"
#include "support/writing_api.hpp"

namespace portico::plan {
namespace {

using base::Value;
using model::Mode;

class WriteStatementsOf : public testing::TestWithParam<SqlFlavor> {
 protected:
  [[nodiscard]] bool postgres() const { return GetParam() == SqlFlavor::Postgres; }
  [[nodiscard]] const model::Resource& resource(std::string_view name) const { return *api_->find_resource(name); }
  [[nodiscard]] WriteStatements rows(std::string_view name) const { return {planner_, resource(name), scope_}; }
  [[nodiscard]] std::size_t leaf(std::string_view name, std::string_view path) const {
    const auto& leaves = resource(name).leaves;
    const auto found = std::find_if(leaves.begin(), leaves.end(), [&](const auto& one) { return one.path == path; });
    EXPECT_NE(found, leaves.end()) << path;
    return static_cast<std::size_t>(found - leaves.begin());
  }
  [[nodiscard]] TableRow row(std::string_view name, std::vector<std::pair<std::string, Value>> values) const {
    TableRow row(resource(name).leaves.size());
    for (auto& [path, value] : values) row[leaf(name, path)] = std::move(value);
    return row;
  }
  /// The text of either flavor, with a table's schema in front of it on PostgreSQL.
  [[nodiscard]] std::string either(std::string sqlite, std::string postgres_text) const {
    return postgres() ? postgres_text : sqlite;
  }

  std::shared_ptr<const model::Api> api_ = support::writing_api();
  Planner planner_{api_, GetParam()};
  Scope scope_{.account = "tenant", .version = 2, .mode = Mode::Production};
};

TEST_P(WriteStatementsOf, InsertEveryColumnOnceWithTheOwner) {
  const Statement insert =
      rows("captures").insert(row("captures", {{"id", "i"}, {"order", "o"}, {"amount", std::int64_t{5}}}));
  EXPECT_EQ(insert.sql,
            either(R"(INSERT INTO "captures" ("shop", "id", "order", "amount", "code") VALUES (?, ?, ?, ?, ?))",
                   R"(INSERT INTO "portico"."captures" ("shop", "id", "order", "amount", "code") )"
                   R"(VALUES ($1, $2, $3, $4, $5))"));
  EXPECT_EQ(insert.binds, (std::vector<Value>{"tenant", "i", "o", std::int64_t{5}, Value()}));
}

TEST_P(WriteStatementsOf, WriteTheOwnersColumnOfTheAccountsOnce) {
  const Statement insert = rows("shops").insert(row("shops", {{"id", "another"}, {"name", "n"}}));
  EXPECT_NE(insert.sql.find(R"(("id", "name", "webhook") VALUES)"), std::string::npos) << insert.sql;
  EXPECT_EQ(insert.binds.front(), Value("tenant"));
  EXPECT_EQ(insert.binds.size(), 3U);
}

TEST_P(WriteStatementsOf, UpdateOnlyWhatDiffers) {
  const TableRow before = row("orders", {{"id", "i"}, {"total", std::int64_t{5}}, {"mid", "m"}});
  TableRow after = before;
  EXPECT_FALSE(rows("orders").differ(before, after));
  after[leaf("orders", "total")] = std::int64_t{6};
  after[leaf("orders", "mid")] = Value();
  EXPECT_TRUE(rows("orders").differ(before, after));
  const Statement update = rows("orders").update(before, after);
  EXPECT_EQ(update.sql, either(R"(UPDATE "orders" SET "mid" = ?, "total" = ? WHERE "shop" = ? AND "id" = ?)",
                               R"(UPDATE "portico"."orders" SET "mid" = $1, "total" = $2 WHERE "shop" = $3 AND )"
                               R"("id" = $4::text)"));
  EXPECT_EQ(update.binds, (std::vector<Value>{Value(), std::int64_t{6}, "tenant", "i"}));
}

TEST_P(WriteStatementsOf, NeverUpdateTheOwner) {
  const TableRow before = row("shops", {{"id", "tenant"}});
  const TableRow after = row("shops", {{"id", "another"}});
  EXPECT_FALSE(rows("shops").differ(before, after));
}

TEST_P(WriteStatementsOf, BindValuesAsTheColumnTakesThem) {
  const TableRow empty = row("orders", {{"id", "i"}});
  const TableRow full = row("orders", {{"id", "i"},
                                       {"due", "2020-02-29"},
                                       {"gift", std::int64_t{1}},
                                       {"note", R"({"a":"\u0000"})"},
                                       {"confirmed", std::int64_t{1'500'000}}});
  const Statement update = rows("orders").update(empty, full);
  const Value instant = postgres() ? Value("1970-01-01 00:00:01.500000+00") : Value(std::int64_t{1'500'000});
  EXPECT_EQ(update.binds,
            (std::vector<Value>{"2020-02-29", std::int64_t{1}, R"({"a":"\u0000"})", instant, "tenant", "i"}));
}

TEST_P(WriteStatementsOf, EraseByTheKeyWithinTheAccount) {
  const Statement erase = rows("orders").erase(row("orders", {{"id", "i"}}));
  EXPECT_EQ(erase.sql, either(R"(DELETE FROM "orders" WHERE "shop" = ? AND "id" = ?)",
                              R"(DELETE FROM "portico"."orders" WHERE "shop" = $1 AND "id" = $2::text)"));
  EXPECT_EQ(erase.binds, (std::vector<Value>{"tenant", "i"}));
}

TEST_P(WriteStatementsOf, KeepTheSandboxApart) {
  scope_.mode = Mode::Sandbox;
  const std::string sql = rows("orders").erase(row("orders", {{"id", "i"}})).sql;
  EXPECT_EQ(sql.find(R"("portico_sandbox"."orders")") != std::string::npos, postgres()) << sql;
  EXPECT_EQ(
      claim_key(planner_, scope_, "k").statement.binds,
      postgres() ? std::vector<Value>{"\"portico_sandbox\".\"portico_answers\"\ntenant\nk"} : std::vector<Value>{});
}

TEST_P(WriteStatementsOf, ReadAllLeavesOfTheRowSoNamed) {
  const RowQuery read = rows("captures").read_named({.name = std::string(32, 'a'), .parents = {"o"}}, Lock::Change);
  EXPECT_EQ(read.columns, 4U);
  EXPECT_EQ(read.readings, postgres()
                               ? (std::vector<Reading>{Reading::Text, Reading::Text, Reading::Integer, Reading::Text})
                               : std::vector<Reading>{});
  EXPECT_EQ(read.statement.sql,
            either(R"(SELECT "id", "order", "amount", "code" FROM "captures" WHERE "shop" = ? AND "order" = ? AND )"
                   R"("id" = coalesce((SELECT "id" FROM "captures" WHERE "shop" = ? AND "id" = ?), NULL, NULL))",
                   R"(SELECT "id", "order", "amount", "code" FROM "portico"."captures" WHERE "shop" = $1 AND )"
                   R"("order" = $2::text AND "id" = $3::text FOR NO KEY UPDATE)"));
}

TEST_P(WriteStatementsOf, LockAsTold) {
  const auto ends = [&](Lock lock, std::string_view words) {
    const std::string sql = rows("orders").read_keyed("k", lock).statement.sql;
    const std::string plain = rows("orders").read_keyed("k", Lock::None).statement.sql;
    EXPECT_EQ(sql, plain + std::string(postgres() ? words : ""));
  };
  ends(Lock::Share, " FOR KEY SHARE");
  ends(Lock::Hold, " FOR SHARE");
  ends(Lock::Change, " FOR NO KEY UPDATE");
  ends(Lock::Remove, " FOR UPDATE");
}

TEST_P(WriteStatementsOf, TheCallingAccountIsNamedByItsOwnCondition) {
  const Statement read = rows("shops").read_named({}, Lock::None).statement;
  EXPECT_TRUE(read.sql.ends_with(either(R"( WHERE "id" = ?)", R"( WHERE "id" = $1)"))) << read.sql;
  EXPECT_EQ(read.binds, std::vector<Value>{"tenant"});
}

TEST_P(WriteStatementsOf, LookForWhatRefersToARow) {
  const RowQuery any = rows("captures").any_with(leaf("captures", "order"), {"o"});
  EXPECT_EQ(any.statement.sql,
            either(R"(SELECT "order" FROM "captures" WHERE "shop" = ? AND "order" = ? LIMIT 1)",
                   R"(SELECT "order" FROM "portico"."captures" WHERE "shop" = $1 AND "order" = $2::text LIMIT 1)"));
  EXPECT_EQ(any.columns, 1U);
}

TEST_P(WriteStatementsOf, ShowARowAsItsViewDoes) {
  const model::View& view = api_->view(resource("orders"), 1);
  const RowQuery show = rows("orders").show(view, row("orders", {{"id", "i"}}));
  EXPECT_EQ(show.columns, view.leaves.size());
  EXPECT_NE(show.statement.sql.find("\"zip\""), std::string::npos);
  const std::string sql =
      rows("captures").show(api_->view(resource("captures"), 1), row("captures", {{"id", "i"}})).statement.sql;
  EXPECT_EQ(sql.find("\"order\""), std::string::npos) << sql;  // hidden
  EXPECT_TRUE(sql.ends_with(either(R"( FROM "captures" WHERE "shop" = ? AND "id" = ?)",
                                   R"( FROM "portico"."captures" WHERE "shop" = $1 AND "id" = $2::text)")))
      << sql;
}

TEST_P(WriteStatementsOf, RefuseWhatPostgresCannotHold) {
  const TableRow bad = row("orders", {{"id", "i"}, {"mid", std::string("a\0b", 3)}});
  if (postgres()) {
    EXPECT_THROW(static_cast<void>(rows("orders").insert(bad)), std::invalid_argument);
  } else {
    EXPECT_EQ(rows("orders").insert(bad).binds[2], Value(std::string("a\0b", 3)));
  }
}

TEST_P(WriteStatementsOf, AnswersAreKeptPerAccount) {
  const RowQuery find = find_answer(planner_, scope_, "k", 1'000'000);
  EXPECT_EQ(find.statement.sql,
            either(R"(SELECT "fingerprint", "status", "head", "body" FROM "portico_answers" WHERE "account" = ? AND )"
                   R"("key" = ? AND "created" >= ?)",
                   R"(SELECT "fingerprint", "status", "head", "body" FROM "portico"."portico_answers" WHERE )"
                   R"("account" = $1 AND "key" = $2 AND "created" >= $3)"));
  EXPECT_EQ(find.columns, 4U);
  const Statement keep = keep_answer(planner_, scope_, "k", {"f", 204, "h", "b"}, 1'000'000);
  EXPECT_TRUE(keep.sql.starts_with(
      either(R"(INSERT INTO "portico_answers" AS kept ()", R"(INSERT INTO "portico"."portico_answers" AS kept ()")))
      << keep.sql;
  ASSERT_EQ(keep.binds.size(), 8U);
  EXPECT_EQ(keep.binds[0], Value("tenant"));
  EXPECT_EQ(keep.binds[7],
            postgres() ? Value("1969-12-31 00:00:01.000000+00") : Value(std::int64_t{-86'399'000'000}));
  EXPECT_EQ(claim_key(planner_, scope_, "k").columns, postgres() ? 1U : 0U);
}

TEST_P(WriteStatementsOf, SeveralNewRowsOfOneAccountGoOneRequestAfterTheOther) {
  const Statement turn = await_bulk(planner_, resource("orders"), scope_).statement;
  EXPECT_EQ(turn.sql, either("", "SELECT true FROM pg_advisory_xact_lock(hashtextextended($1::text, 0))"));
  EXPECT_EQ(turn.binds,
            postgres() ? std::vector<Value>{"\"portico\".\"orders\"\ntenant\nbulk"} : std::vector<Value>{});
}

TEST_P(WriteStatementsOf, RowsBelowParentsAreReadByTheirNames) {
  const operation::List list{.resource = &resource("voids"), .parents = {"m1", std::string(32, 'b')}};
  const auto plan = planner_.make_plan(list, scope_);
  const auto& below = std::get<ListPlan>(*plan);
  EXPECT_EQ(below.page_cost, Cost::Bounded);
  EXPECT_EQ(
      below.count.sql.substr(below.count.sql.find(" WHERE ")),
      either(
          R"( WHERE "shop" = ? AND "order" = coalesce((SELECT "id" FROM "orders" WHERE "shop" = ? AND "mid" = ?), )"
          R"(NULL, NULL) AND "capture" = coalesce((SELECT "id" FROM "captures" WHERE "shop" = ? AND "id" = ?), NULL, NULL))",
          R"( WHERE "shop" = $1 AND "order" = coalesce((SELECT "id" FROM "portico"."orders" WHERE "shop" = $2 )"
          R"(AND "mid" = $3::text), NULL, NULL) AND "capture" = coalesce((SELECT "id" FROM "portico"."captures" )"
          R"(WHERE "shop" = $4 AND "id" = $5::text), NULL, NULL))"));
  const operation::Retrieve one{.resource = &resource("captures"), .parents = {"m1"}, .name = std::string(32, 'c')};
  const auto row_plan = planner_.make_plan(one, scope_);
  const Statement& row = std::get<RetrievePlan>(*row_plan).row;
  EXPECT_NE(row.sql.find(R"("order" = coalesce((SELECT "id")"), std::string::npos) << row.sql;
  EXPECT_EQ(row.binds[2], Value("m1"));
}

INSTANTIATE_TEST_SUITE_P(Flavors, WriteStatementsOf, testing::Values(SqlFlavor::Sqlite, SqlFlavor::Postgres),
                         [](const auto& flavor) {
                           return flavor.param == SqlFlavor::Sqlite ? "Sqlite" : "Postgres";
                         });

}  // namespace
}  // namespace portico::plan
