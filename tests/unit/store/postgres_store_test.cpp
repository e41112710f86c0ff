#include "store/postgres_store.hpp"

#include <algorithm>
#include <map>

#include "access/key.hpp"
#include "store/postgres_access.hpp"
#include "support/postgres_loop.hpp"

namespace {

using namespace portico;
using base::ErrorCode;
using plan::Reading;
using store::PostgresConnection;
using support::growing;
using support::PostgresLoop;
using support::PostgresOutcome;
using support::PostgresServer;
using support::retrieve;

constexpr const char* snapshot = "(SELECT pg_current_snapshot()::text)";
constexpr std::array<Reading, 2> text_and_number = {Reading::Text, Reading::Integer};

/// A table `numbers` with the rows 1 to 7, and lists over it that tell which statement gave their rows.
class PostgresStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    admin().run_script(
        "DROP TABLE IF EXISTS numbers; CREATE TABLE numbers (n bigint PRIMARY KEY, word text); INSERT INTO numbers "
        "SELECT n, 'w' || n FROM generate_series(1, 7) n");
  }

  PostgresConnection& admin() {
    if (admin_ == nullptr) {
      admin_ = std::make_unique<PostgresConnection>(address());
      admin_->run_script("SET client_min_messages = warning");
    }
    return *admin_;
  }
  static std::string address() { return PostgresServer::shared().address(); }

  static plan::ListPlan page_of(std::int64_t number, std::int64_t size, plan::Cost cost = plan::Cost::Bounded) {
    const std::string tail = " FROM numbers ORDER BY n LIMIT $1 OFFSET $2";
    plan::ListPlan plan;
    const std::vector<base::Value> binds = {size, (number - 1) * size};
    plan.page = {.sql = std::string("SELECT 'page', n, ") + snapshot + tail, .binds = binds};
    plan.page_with_count = {
        .sql = std::string("SELECT 'both', n, ") + snapshot + ", (SELECT count(*) FROM numbers)" + tail,
        .binds = binds};
    plan.count = {.sql = std::string("SELECT count(*), ") + snapshot + " FROM numbers", .binds = {}};
    plan.readings = text_and_number;
    plan.number = number;
    plan.size = size;
    plan.page_cost = cost;
    return plan;
  }

  static std::string way_of(const PostgresOutcome& outcome) {
    return outcome.rows.empty() ? "none" : outcome.rows.front().front();
  }

 private:
  std::unique_ptr<PostgresConnection> admin_;
};

TEST_F(PostgresStoreTest, RetrievesARow) {
  PostgresLoop loop(address());
  const PostgresOutcome found = loop.ask(retrieve("SELECT word FROM numbers WHERE n = $1", {std::int64_t{3}}));
  EXPECT_EQ(found.rows, (std::vector<std::vector<std::string>>{{"w3"}})) << found.detail;
  EXPECT_TRUE(loop.store->health());

  plan::RetrievePlan none = retrieve("1");
  none.row.sql += " WHERE false";
  const PostgresOutcome missing = loop.ask(none);
  EXPECT_FALSE(missing.error) << missing.detail;
  EXPECT_TRUE(missing.rows.empty());
}

TEST_F(PostgresStoreTest, APageThatIsNotFullTellsItsCount) {
  PostgresLoop loop(address());
  const PostgresOutcome last = loop.ask(page_of(2, 4));
  EXPECT_EQ(last.count, 7) << last.detail;
  EXPECT_EQ(last.rows.size(), 3U);
  // From now on the page alone is asked for, whatever was written meanwhile.
  admin().run("INSERT INTO numbers VALUES (100, 'x')");
  const PostgresOutcome again = loop.ask(page_of(3, 4));
  EXPECT_EQ(way_of(again), "none");
  EXPECT_EQ(again.count, 8);
}

TEST_F(PostgresStoreTest, ACountIsRememberedUntilSomethingIsCommitted) {
  PostgresLoop loop(address());
  const PostgresOutcome first = loop.ask(page_of(1, 2));
  EXPECT_EQ(way_of(first), "both") << first.detail;
  EXPECT_EQ(first.count, 7);
  const PostgresOutcome second = loop.ask(page_of(2, 2));
  EXPECT_EQ(way_of(second), "page") << second.detail;
  EXPECT_EQ(second.count, 7);

  admin().run("INSERT INTO numbers VALUES (8, 'w8')");
  const PostgresOutcome third = loop.ask(page_of(1, 2));
  EXPECT_EQ(way_of(third), "both") << "the page alone proves nothing once the snapshot has changed";
  EXPECT_EQ(third.count, 8);
  EXPECT_EQ(way_of(loop.ask(page_of(1, 2))), "page");

  // An open transaction changes the snapshot only when it ends.
  admin().run_script("BEGIN; DELETE FROM numbers WHERE n < 3");
  EXPECT_EQ(loop.ask(page_of(1, 2)).count, 8);
  EXPECT_EQ(loop.ask(page_of(1, 2)).count, 8);
  admin().run_script("COMMIT");
  EXPECT_EQ(loop.ask(page_of(1, 2)).count, 6);
}

TEST_F(PostgresStoreTest, PagesAndCountsBehindTheEnd) {
  PostgresLoop loop(address());
  const PostgresOutcome behind = loop.ask(page_of(9, 4));
  EXPECT_FALSE(behind.error) << behind.detail;
  EXPECT_TRUE(behind.rows.empty());
  EXPECT_EQ(behind.count, 7);
  admin().run("DELETE FROM numbers");
  const PostgresOutcome empty = loop.ask(page_of(1, 4));
  EXPECT_FALSE(empty.error) << empty.detail;
  EXPECT_EQ(empty.count, 0);
}

TEST_F(PostgresStoreTest, NothingIsRememberedOfAServerInRecovery) {
  store::PostgresKeyRegistry registry(address(), "portico");
  const access::NewKey key =
      access::make_key({.account = "a", .kind = access::KeyKind::Private, .modes = access::KeyModes::Both});
  registry.add(key);
  PostgresServer standby(PostgresServer::shared(), PostgresServer::Standby::OfStopped);
  PostgresLoop loop(standby.address());
  bool found = false;
  loop.store->find_key(key.record.id, store::Freshness::Now, [&](auto record) { found = record && *record; });
  ASSERT_TRUE(loop.run_until([&] { return found; }));
  for (int i = 0; i < 3; ++i) {
    const PostgresOutcome page = loop.ask(page_of(1, 2), key.record.id);
    EXPECT_EQ(way_of(page), "both") << page.detail;
    EXPECT_EQ(page.count, 7);
    EXPECT_FALSE(page.key_is_current);
  }
}

TEST_F(PostgresStoreTest, ManyRequestsAtOnceEachGetTheirOwnAnswer) {
  PostgresLoop loop(address());
  std::vector<std::unique_ptr<plan::Plan>> plans;
  std::vector<std::shared_ptr<PostgresOutcome>> outcomes;
  constexpr int many = 900;
  for (int i = 0; i < many; ++i) {
    if (i % 10 == 3) {  // an error among the others
      plans.push_back(std::make_unique<plan::Plan>(retrieve("1 / ($1::int - $1::int)", {std::int64_t{i}})));
    } else if (i % 10 == 7) {  // one that is not even SQL
      plans.push_back(std::make_unique<plan::Plan>(retrieve("SELEC " + std::to_string(i % 4))));
    } else {
      plans.push_back(std::make_unique<plan::Plan>(retrieve("$1::bigint * 10", {std::int64_t{i}})));
    }
    outcomes.push_back(loop.send(*plans.back()));
  }
  ASSERT_TRUE(loop.run_until(
      [&] { return std::all_of(outcomes.begin(), outcomes.end(), [](const auto& own) { return own->calls > 0; }); }));
  for (int i = 0; i < many; ++i) {
    const PostgresOutcome& own = *outcomes[static_cast<std::size_t>(i)];
    EXPECT_EQ(own.calls, 1);
    if (i % 10 == 3 || i % 10 == 7) {
      EXPECT_EQ(own.error, ErrorCode::Internal) << i;
      EXPECT_NE(own.detail.find(i % 10 == 3 ? "22012" : "42601"), std::string::npos) << own.detail;
    } else {
      ASSERT_EQ(own.rows.size(), 1U) << i << own.detail;
      EXPECT_EQ(own.rows[0][0], std::to_string(10 * i));
    }
  }
}

TEST_F(PostgresStoreTest, TextsComeBackAsTheyAre) {
  PostgresLoop loop(address());
  for (const std::string text : {"", "ñandú 'quoted' \"double\" \\back", "😀 \xEF\xBF\xBF", "line\nline\ttab \x01"}) {
    const PostgresOutcome own = loop.ask(retrieve("$1", {text}));
    ASSERT_EQ(own.rows.size(), 1U) << own.detail;
    EXPECT_EQ(own.rows[0][0], text);
  }
  const std::string large(300'000, 'x');
  EXPECT_EQ(loop.ask(retrieve("$1", {large})).rows[0][0], large);
  EXPECT_EQ(loop.ask(retrieve("NULL")).rows[0][0], "null");
}

TEST_F(PostgresStoreTest, KeepsAMostOfPreparedStatements) {
  base::Limits limits;
  limits.statements_prepared = 3;
  limits.postgres_connections = 1;
  PostgresLoop loop(address(), limits);
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 8; ++i) {
      const PostgresOutcome own = loop.ask(retrieve("'s' || " + std::to_string(i)));
      ASSERT_EQ(own.rows.size(), 1U) << own.detail;
      EXPECT_EQ(own.rows[0][0], "s" + std::to_string(i));
    }
  }
  EXPECT_EQ(loop.ask(retrieve("SELECT count(*) FROM pg_prepared_statements")).rows[0][0], "3");
}

TEST_F(PostgresStoreTest, ATableThatIsAlteredMeanwhileCostsNothing) {
  PostgresLoop loop(address());
  plan::RetrievePlan plan = retrieve("1");
  plan.row.sql = std::string("SELECT word, ") + snapshot + " FROM numbers WHERE n = 1";
  EXPECT_EQ(loop.ask(plan).rows[0][0], "w1");
  admin().run_script("ALTER TABLE numbers ALTER COLUMN word TYPE varchar(20)");
  const PostgresOutcome after = loop.ask(plan);  // "cached plan must not change result type"
  ASSERT_EQ(after.rows.size(), 1U) << after.detail;
  EXPECT_EQ(after.rows[0][0], "w1");
}

TEST_F(PostgresStoreTest, SessionsOnlyRead) {
  PostgresLoop loop(address());
  const PostgresOutcome own = loop.ask(retrieve("SELECT nextval('pg_class_oid_seq')"));
  EXPECT_TRUE(own.error);
  plan::RetrievePlan writes = retrieve("1");
  writes.row.sql = "DELETE FROM numbers RETURNING word, 'x'";
  const PostgresOutcome refused = loop.ask(writes);
  EXPECT_EQ(refused.error, ErrorCode::Internal);
  EXPECT_NE(refused.detail.find("25006"), std::string::npos) << refused.detail;
}

TEST_F(PostgresStoreTest, GivesTheNewestPublicKeyThatIsValid) {
  PostgresLoop loop(address());
  const auto find = [&](model::Mode mode, base::Microseconds now) {
    std::optional<base::Result<std::optional<std::string>>> result;
    const std::string account = "shop-public";  // the query may end with the call
    loop.store->find_public_key({.account = account, .mode = mode, .now = now},
                                [&](auto found) { result = std::move(found); });
    loop.run_until([&] { return result.has_value(); });
    return result->value();
  };
  EXPECT_EQ(find(model::Mode::Production, 10), std::nullopt) << "there may be no table yet";
  // A table of a day when tokens were not kept.
  admin().run("DROP SCHEMA IF EXISTS portico_access CASCADE");
  admin().run("CREATE SCHEMA portico_access");
  admin().run(
      "CREATE TABLE portico_access.keys (id text COLLATE \"C\" PRIMARY KEY, secret_hash bytea NOT NULL, account text "
      "COLLATE \"C\" NOT NULL, kind text NOT NULL, modes text NOT NULL, label text NOT NULL, created timestamptz NOT "
      "NULL, expires timestamptz, revoked timestamptz)");
  store::PostgresKeyRegistry registry(address(), "portico");
  EXPECT_EQ(find(model::Mode::Production, 10), std::nullopt);
  EXPECT_EQ(registry.find_public({.account = "shop-public", .now = 10}), std::nullopt);
  const auto add = [&](access::KeyKind kind, access::KeyModes modes, base::Microseconds created,
                       std::optional<base::Microseconds> expires = {}) {
    const access::NewKey key = access::make_key(
        {.account = "shop-public", .kind = kind, .modes = modes, .expires = expires, .now = created});
    registry.add(key);
    return key;
  };
  const access::NewKey old = add(access::KeyKind::Public, access::KeyModes::Both, 1);
  const access::NewKey later = add(access::KeyKind::Public, access::KeyModes::Production, 5);
  add(access::KeyKind::Public, access::KeyModes::Both, 6, 10);
  add(access::KeyKind::Private, access::KeyModes::Both, 7);
  EXPECT_EQ(find(model::Mode::Production, 10), later.token);
  EXPECT_EQ(find(model::Mode::Sandbox, 10), old.token);
  EXPECT_EQ(registry.find_public({.account = "shop-public", .now = 10}), later.token);
  registry.revoke(later.record.id, 9);
  EXPECT_EQ(find(model::Mode::Production, 10), old.token);
  EXPECT_TRUE(admin().run("SELECT 1 FROM portico_access.keys WHERE kind = 'private' AND token IS NOT NULL").rows() ==
              0);
}

TEST_F(PostgresStoreTest, ALostConnectionTakesWhatWasRememberedWithIt) {
  store::PostgresKeyRegistry registry(address(), "portico");
  const access::NewKey key = access::make_key({.account = "shop-1", .now = 1});
  registry.add(key);
  PostgresLoop loop(address());
  bool found = false;
  loop.store->find_key(key.record.id, store::Freshness::Now, [&](auto record) { found = record && *record; });
  loop.run_until([&] { return found; });
  const plan::Plan plan = retrieve("1");
  ASSERT_TRUE(loop.ask(plan, key.record.id).key_is_current);
  store::PostgresConnection(address()).run(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND "
      "datname = current_database()");
  const PostgresOutcome after = loop.ask(plan, key.record.id);
  EXPECT_EQ(after.rows.size(), 1U) << after.detail;
  EXPECT_FALSE(after.key_is_current) << "nothing was committed, but the server may have crashed";
}

TEST_F(PostgresStoreTest, ReadsAndRemembersKeys) {
  store::PostgresKeyRegistry registry(address(), "portico");
  const access::NewKey key = access::make_key({.account = "shop-1",
                                               .kind = access::KeyKind::Private,
                                               .modes = access::KeyModes::Both,
                                               .label = "ñ",
                                               .now = 1'443'809'745'101'838});
  registry.add(key);
  PostgresLoop loop(address());
  const auto find = [&](std::string_view id, store::Freshness freshness) {
    std::optional<base::Result<std::optional<access::KeyRecord>>> result;
    loop.store->find_key(id, freshness, [&](auto found) { result = std::move(found); });
    loop.run_until([&] { return result.has_value(); });
    return *result;
  };
  const plan::Plan plan = retrieve("1");
  EXPECT_FALSE(loop.ask(plan, key.record.id).key_is_current) << "it was never read";
  auto found = find(key.record.id, store::Freshness::Remembered);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->account, "shop-1");
  EXPECT_EQ((*found)->label, "ñ");
  EXPECT_EQ((*found)->created, 1'443'809'745'101'838);
  EXPECT_EQ((*found)->secret_hash, key.record.secret_hash);
  EXPECT_TRUE(loop.ask(plan, key.record.id).key_is_current);
  EXPECT_TRUE(loop.ask(plan).key_is_current) << "no key was named";

  registry.revoke(key.record.id, 1'443'809'999'000'000);
  found = find(key.record.id, store::Freshness::Remembered);
  ASSERT_TRUE(found && *found);
  EXPECT_FALSE((*found)->revoked) << "as it was";
  EXPECT_FALSE(loop.ask(plan, key.record.id).key_is_current) << "but the answer tells";
  found = find(key.record.id, store::Freshness::Now);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->revoked, 1'443'809'999'000'000);

  EXPECT_FALSE(*find("0123456789abcdef", store::Freshness::Remembered)) << "no such key";
  admin().run_script("DROP SCHEMA portico_access CASCADE");
  EXPECT_FALSE(*find("0123456789abcdef", store::Freshness::Now)) << "no table: no key";
}

TEST_F(PostgresStoreTest, KeysKeptElsewhereAreAlwaysCurrent) {
  class OneKey final : public store::KeyRegistry {
   public:
    [[nodiscard]] base::Status reachable() const override { return base::ok(); }
    void add(const access::NewKey& /*key*/) override {}
    [[nodiscard]] std::optional<access::KeyRecord> find(std::string_view id) const override {
      return id == "known" ? std::optional(access::KeyRecord{.id = "known"}) : std::nullopt;
    }
    [[nodiscard]] std::optional<access::Grant> find_grant(std::string_view /*id*/) const override { return {}; }
    [[nodiscard]] std::vector<access::KeyRecord> list() const override { return {}; }
    bool revoke(std::string_view /*id*/, base::Microseconds /*when*/) override { return false; }
    bool replace(std::string_view /*id*/, const access::NewKey& /*by*/) override { return false; }
    [[nodiscard]] std::optional<std::string> find_public(const store::PublicKeyQuery& /*query*/) const override {
      return std::nullopt;
    }
    bool add_token(const access::KeyRecord& /*token*/) override { return false; }
    [[nodiscard]] access::MaintenanceState maintenance() const override { return {}; }
    void set_maintenance(access::KeyModes /*modes*/,
                         const std::optional<access::Maintenance>& /*maintenance*/) override {}
  };
  PostgresLoop loop(address());
  loop.store = std::make_unique<store::PostgresStore>(
      loop.io, store::PostgresOptions{.address = address(), .api = std::make_shared<model::Api>()},
      std::make_unique<OneKey>());
  bool found = false;
  loop.store->find_key("known", store::Freshness::Now, [&](auto record) { found = record && *record; });
  EXPECT_TRUE(found) << "in place";
  EXPECT_FALSE(loop.store->remembers_keys());
  EXPECT_TRUE(loop.ask(retrieve("1"), "known").key_is_current);
}

TEST_F(PostgresStoreTest, ScreensCandidatesOnOneSnapshot) {
  model::Resource resource;
  resource.key = {0};
  model::View view;
  view.resource = &resource;
  admin().run_script(
      "DELETE FROM numbers; INSERT INTO numbers SELECT n, CASE n % 3 WHEN 0 THEN 'yes \"\\' || n ELSE "
      "'no' END FROM generate_series(1, 30000) n");
  auto screening = std::make_shared<plan::Screening>();
  screening->candidates = {.sql = "SELECT n::text, word FROM numbers WHERE n > $1 ORDER BY numbers.n DESC",
                           .binds = {std::int64_t{0}}};
  screening->readings = {Reading::Text, Reading::Text};
  std::vector<plan::RowCheck::Term> terms;
  terms.push_back({.columns = {0}, .lookup = model::Lookup::Regex, .values = {std::string("^yes")}});
  screening->check = plan::RowCheck(std::move(terms), base::Limits());
  plan::ListPlan list;
  list.view = &view;
  list.page = {
      .sql = std::string("SELECT word, n, ") + snapshot + " FROM numbers WHERE n = ANY($1::bigint[]) ORDER BY n DESC",
      .binds = {}};
  list.readings = text_and_number;
  list.screening = screening;
  list.size = 25;
  PostgresLoop loop(address());
  for (const std::int64_t number : {1, 7, 400, 401}) {
    list.number = number;
    const plan::Plan plan = list;
    const PostgresOutcome own = loop.ask(plan);
    EXPECT_EQ(own.count, 10'000) << own.detail;
    ASSERT_EQ(own.rows.size(), number <= 400 ? 25U : 0U);
    if (!own.rows.empty()) {
      EXPECT_EQ(own.rows[0][1], std::to_string(30'000 - 75 * (number - 1)));
    }
  }
  // Others are served between two slices.
  const plan::Plan plan = list;
  const plan::Plan quick = retrieve("'quick'");
  const auto slow = loop.send(plan);
  int served = 0;
  std::shared_ptr<PostgresOutcome> beside = loop.send(quick);
  ASSERT_TRUE(loop.run_until([&] {
    if (beside->calls > 0) {
      ++served;
      beside = loop.send(quick);
    }
    return slow->calls > 0;
  }));
  EXPECT_GT(served, 3);
}

TEST_F(PostgresStoreTest, AScreeningThatIsInterruptedBeginsAnew) {
  model::Resource resource;
  resource.key = {0};
  model::View view;
  view.resource = &resource;
  auto screening = std::make_shared<plan::Screening>();
  screening->candidates = {.sql = "SELECT n::text, word, pg_sleep(0.2) FROM numbers ORDER BY numbers.n", .binds = {}};
  screening->readings = {Reading::Text, Reading::Text};
  std::vector<plan::RowCheck::Term> terms;
  terms.push_back({.columns = {0}, .lookup = model::Lookup::Regex, .values = {std::string("[2-5]")}});
  screening->check = plan::RowCheck(std::move(terms), base::Limits());
  plan::ListPlan list;
  list.view = &view;
  list.page = {.sql = std::string("SELECT word, n, ") + snapshot +
                      " FROM numbers WHERE n = ANY($1::bigint[]) ORDER "
                      "BY n",
               .binds = {}};
  list.readings = text_and_number;
  list.screening = screening;
  list.size = 3;
  base::Limits limits;
  limits.postgres_connections = 1;
  PostgresLoop loop(address(), limits);
  const plan::Plan plan = list;
  const auto own = loop.send(plan);
  ASSERT_TRUE(loop.run_until([&] {
    return admin()
               .run(
                   "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE state = 'active' AND query LIKE "
                   "'%pg_sleep(0.2)%' AND pid <> pg_backend_pid()")
               .rows() > 0;
  }));
  ASSERT_TRUE(loop.run_until([&] { return own->calls > 0; }));
  EXPECT_EQ(own->count, 4) << own->detail;
  ASSERT_EQ(own->rows.size(), 3U);
  EXPECT_EQ(own->rows[2][0], "w4");
  EXPECT_EQ(loop.ask(plan).count, 4);
}

TEST_F(PostgresStoreTest, ADatabaseOfAnotherEncodingIsRefusedInWords) {
  admin().run("DROP DATABASE IF EXISTS latin");
  admin().run("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0");
  {
    PostgresLoop loop(PostgresServer::shared().address("latin"));
    const plan::Plan plan = retrieve("1");
    const PostgresOutcome own = loop.ask(plan);
    EXPECT_EQ(own.error, ErrorCode::Unavailable);
    const base::Status health = loop.store->health();
    ASSERT_FALSE(health);
    EXPECT_NE(health.error().detail.find("LATIN1"), std::string::npos) << health.error().detail;
    EXPECT_NE(health.error().detail.find("UTF8"), std::string::npos);
  }
  admin().run("DROP DATABASE latin WITH (FORCE)");
}

TEST_F(PostgresStoreTest, NoPasswordIsEverTold) {
  PostgresLoop loop("postgresql://nobody:geheim@127.0.0.1:" + std::to_string(PostgresServer::shared().port()) +
                    "/missing");
  const plan::Plan plan = retrieve("1");
  const PostgresOutcome own = loop.ask(plan);
  EXPECT_EQ(own.error, ErrorCode::Unavailable);
  EXPECT_NE(own.detail.find("nobody"), std::string::npos) << own.detail;
  EXPECT_EQ(own.detail.find("geheim"), std::string::npos) << own.detail;
  EXPECT_EQ(loop.store->health().error().detail.find("geheim"), std::string::npos);
  try {
    PostgresLoop wrong("postgresql://nobody:geheim@[::1/x");
    FAIL() << "that is no address";
  } catch (const store::PostgresError& error) {
    EXPECT_EQ(std::string(error.what()).find("geheim"), std::string::npos) << error.what();
  }
}

}  // namespace
