#include "plan/make_plan.hpp"

#include "operation/parse_operation.hpp"
#include "operation/parse_query.hpp"
#include "support/small_api.hpp"

namespace portico::plan {
namespace {

class Planning : public testing::Test {
 protected:
  base::Result<Plan> plan(std::string_view query, int version = 3) {
    const operation::Target target{.resource = api_->find_resource("orders")};
    auto operation =
        operation::parse_operation(api_->limits, target, http::Method::Get, operation::parse_query(query));
    if (!operation) return std::move(operation).error();
    return Planner(api_, SqlFlavor::Sqlite)
        .make_plan(std::move(*operation), {.account = "tenant", .version = version});
  }
  ListPlan list(std::string_view query, int version = 3) {
    auto planned = plan(query, version);
    EXPECT_TRUE(planned.has_value()) << query;
    return std::get<ListPlan>(std::move(planned).value());
  }
  /// What follows the owner's condition in the count: the filters alone.
  std::string filters(std::string_view query, int version = 3) {
    const std::string sql = list(query, version).count.sql;
    const std::string start = R"(SELECT count(*) FROM "orders" WHERE "shop" = ?)";
    EXPECT_EQ(sql.substr(0, start.size()), start);
    return sql.substr(start.size());
  }
  /// `parameter: message` of each fault.
  std::vector<std::string> faults(std::string_view query, int version = 3) {
    const auto planned = plan(query, version);
    if (planned) return {};
    std::vector<std::string> texts;
    for (const base::Fault& fault : planned.error().faults)
      texts.push_back(fault.path.front() + ": " + fault.message);
    return texts;
  }
  std::shared_ptr<const model::Api> api_ = support::small_api();
};

TEST_F(Planning, PutsTheOwnerIntoEveryStatement) {
  const ListPlan near = list("");
  EXPECT_NE(near.page.sql.find(R"(FROM "orders" WHERE "shop" = ?)"), std::string::npos);
  EXPECT_EQ(near.page.binds.front(), base::Value(std::string("tenant")));
  const ListPlan far = list("page=500");
  EXPECT_NE(far.page.sql.find(R"("id" IN (SELECT "id" FROM "orders" WHERE "shop" = ?)"), std::string::npos);
}

TEST_F(Planning, OrdersTotallyWithNullsLargest) {
  EXPECT_NE(list("").page.sql.find(R"(ORDER BY "created" DESC, "id" DESC LIMIT)"), std::string::npos);
  EXPECT_NE(list("ordering=paid").page.sql.find(R"(ORDER BY "paid" NULLS LAST, "id" LIMIT)"), std::string::npos);
  EXPECT_NE(
      list("ordering=total,-paid").page.sql.find(R"(ORDER BY "total", "paid" DESC NULLS FIRST, "id" DESC LIMIT)"),
      std::string::npos);
  EXPECT_EQ(faults("ordering=status"),
            std::vector<std::string>{"ordering: Cannot be sorted by 'status'; by created, paid and total."});
  EXPECT_EQ(faults("ordering=created,").size(), 1U);
}

TEST_F(Planning, WritesEachLookup) {
  EXPECT_EQ(filters("mid=a"), R"( AND ("mid" = ?))");
  EXPECT_EQ(filters("mid-in=a,b"), R"( AND ("mid" IN (?, ?)))");
  EXPECT_EQ(filters("mid-iexact=a"), R"( AND (portico_fold("mid") = ?))");
  EXPECT_EQ(filters("mid-startswith=ab"), R"( AND ("mid" >= ? AND "mid" < ?))");
  EXPECT_EQ(filters("mid-contains=a"), R"( AND (instr("mid", ?) > 0))");
  EXPECT_EQ(filters("mid-iregex=a"), R"( AND (portico_iregex(?, "mid")))");
  EXPECT_EQ(filters("mid-search=a+b"), R"( AND (portico_search("mid", ?, ?)))");
  EXPECT_EQ(filters("created-year=2015"), R"( AND ("created" >= ? AND "created" < ?))");
  EXPECT_EQ(filters("created-hour=3"), R"( AND (portico_date_part(?, "created") = ?))");
  EXPECT_EQ(filters("paid-isnull=True"), R"( AND ("paid" IS NULL))");
  EXPECT_EQ(filters("paid-isnull=no"), R"( AND ("paid" IS NOT NULL))");
  EXPECT_EQ(filters("total-gte=5"), R"( AND ("total" >= ?))");
  EXPECT_EQ(filters("customer-phone-number-iendswith=6"),
            R"( AND (portico_ends_with(portico_fold("customer__phone__number"), ?)))");
  EXPECT_EQ(filters("q=Al,@x"),
            R"( AND (portico_contains_folded("mid", ?) OR portico_contains_folded("customer__email", ?)))"
            R"( AND (portico_contains_folded("mid", ?) OR portico_contains_folded("customer__email", ?)))");
}

TEST_F(Planning, GathersRepeatedChoices) {
  EXPECT_EQ(filters("status=ok&status=ko&status[]=pending&status[3]=ok"), R"( AND ("status" IN (?, ?, ?, ?)))");
  EXPECT_EQ(filters("mid=a&mid=b"), R"( AND ("mid" = ?) AND ("mid" = ?))");
}

TEST_F(Planning, TypesValues) {
  EXPECT_EQ(list("created-gt=2015-10-02T18:15:45.101838Z").count.binds[1],
            base::Value(std::int64_t{1443809745101838}));
  EXPECT_EQ(list("mid-iexact=STRASSE").count.binds[1], base::Value(std::string("strasse")));
  EXPECT_EQ(list("gift=true").count.binds[1], base::Value(std::int64_t{1}));
  EXPECT_EQ(list("created-week_day=Sunday").count.binds[2], base::Value(std::int64_t{7}));
  EXPECT_EQ(list("due-year=2015").count.binds[2], base::Value(std::string("2016-01-01")));
}

TEST_F(Planning, SaysOfEachFaultWhatWouldHaveBeenRight) {
  EXPECT_EQ(faults("total=12.5"),
            std::vector<std::string>{"total: A whole number of cents is required: 12.50 is written 1250."});
  EXPECT_EQ(faults("totl-gte=1"), std::vector<std::string>{"totl-gte: Unknown parameter; did you mean 'total-gte'?"});
  EXPECT_EQ(
      faults("total-contains=1"),
      std::vector<std::string>{"total-contains: The filter 'contains' is not allowed on this field; allowed: exact, "
                               "gt, gte, lt and lte."});
  EXPECT_EQ(faults("mid-startwith=1"),
            std::vector<std::string>{"mid-startwith: 'startwith' is neither a filter nor a field in it (did you mean "
                                     "'startswith'?); allowed: exact, iexact, regex, iregex, contains, icontains, "
                                     "startswith, istartswith, endswith, iendswith, in and search."});
  EXPECT_EQ(faults("status=no"),
            std::vector<std::string>{"status: Not one of the choices, which are pending, ok and ko."});
  EXPECT_EQ(faults("mid[]=1"),
            std::vector<std::string>{"mid: Only a field of choices is given as a list; drop the brackets."});
  EXPECT_EQ(faults("created-week_day=mondey").size(), 1U);
  EXPECT_EQ(faults("mid-regex=(").size(), 1U);
  EXPECT_EQ(faults("page_size=6"), std::vector<std::string>{"page_size: At most 5."});
}

TEST_F(Planning, HelpsWithTheFirstUnknownNamesOnly) {
  std::string many;
  for (int i = 0; i < 20; ++i) many += "totl-gte" + std::string(static_cast<std::size_t>(i % 2), 'x') + "=1&";
  const auto found = faults(many);
  ASSERT_EQ(found.size(), 20U);
  EXPECT_EQ(found[0], "totl-gte: Unknown parameter; did you mean 'total-gte'?");
  EXPECT_EQ(found[8], "totl-gte: Unknown parameter.");
}

TEST_F(Planning, FindsAllFaultsAtOnce) {
  EXPECT_EQ(faults("page=0&page_size=x&ordering=nope&total=a&nothing=1&mid=%zz&q=" + std::string(3000, 'a')).size(),
            7U);
}

TEST_F(Planning, KnowsOnlyTheFieldsOfItsVersion) {
  EXPECT_EQ(filters("zip=1", 2), R"( AND ("zip" = ?))");
  EXPECT_EQ(faults("zip=1", 3).size(), 1U);
}

TEST_F(Planning, RefusesMoreThanItsLimits) {
  std::string many;
  for (int i = 0; i < 201; ++i) many += "mid=a&";
  EXPECT_EQ(faults(many).size(), 1U);
  std::string values = "mid-in=a";
  for (int i = 0; i < 199; ++i) values += ",a";
  EXPECT_TRUE(faults(values).empty());
  EXPECT_EQ(faults(values + "&status=ok").size(), 1U);
  EXPECT_TRUE(faults("mid-regex=a&mid-iregex=b&mid-regex=c&mid-regex=d").empty());
  EXPECT_EQ(faults("mid-regex=a&mid-iregex=b&mid-regex=c&mid-regex=d&mid-iregex=e"),
            std::vector<std::string>{"mid-iregex: At most 4 regular expressions in one request."});
  EXPECT_EQ(faults("ordering=total,total,total,total,total,total,total,total,total").size(), 1U);
  EXPECT_EQ(faults(std::string(17, '-') + "=1").size(), 1U);
}

TEST_F(Planning, SurvivesAPageBehindEverything) {
  const ListPlan plan = list("page=9223372036854775807&page_size=5");
  EXPECT_EQ(plan.page.binds.back(), base::Value(std::numeric_limits<std::int64_t>::max()));
}

TEST_F(Planning, LooksAnObjectUpByEachOfItsNames) {
  const Planner planner(api_, SqlFlavor::Sqlite);
  const auto planned = planner.make_plan(operation::Retrieve{.resource = api_->find_resource("orders"), .name = "m1"},
                                         {.account = "tenant", .version = 3});
  ASSERT_TRUE(planned);
  const auto& sql = std::get<RetrievePlan>(*planned).row.sql;
  EXPECT_NE(sql.find(R"("shop" = ? AND "mid" = ?)"), std::string::npos);
  EXPECT_EQ(sql.find(R"("shop" = ? AND "id" = ?)"), std::string::npos);  // m1 has no identifier's form
}

}  // namespace
}  // namespace portico::plan
