#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "store/postgres_connection.hpp"
#include "support/postgres_loop.hpp"
#include "support/scripted_change.hpp"

namespace portico::store {

/// What a change came to.
struct ChangeOutcome {
  int calls = 0;
  std::optional<base::ErrorCode> error = {};
  std::string message = {};
  std::string detail = {};
  support::Clock::time_point at = {};
};

/// A table of things, `things (id text primary key, number bigint)`, and changes of it.
class PostgresChangingTest : public testing::Test {
 protected:
  using Change = support::ScriptedChange;
  using Step = Procedure::Step;
  using Loop = support::PostgresLoop;
  using Outcome = std::shared_ptr<ChangeOutcome>;

  void SetUp() override {
    admin().run_script(
        "SET client_min_messages = error; DROP TABLE IF EXISTS things CASCADE; DROP SEQUENCE IF EXISTS attempts; "
        "CREATE TABLE things (id text COLLATE \"C\" PRIMARY KEY, number bigint NOT NULL CHECK (number >= 0)); "
        "CREATE SEQUENCE attempts");
  }
  void TearDown() override { admin_.reset(); }

  static support::PostgresServer& server() { return support::PostgresServer::shared(); }
  static std::string address() { return server().address(); }
  PostgresConnection& admin() {
    if (admin_ == nullptr) admin_ = std::make_unique<PostgresConnection>(address());
    return *admin_;
  }
  void forget_admin() { admin_.reset(); }
  std::string value(const std::string& sql) {
    const PostgresResult result = admin().run(sql);
    return result.rows() == 0 ? "none" : std::string(result.text(0, 0));
  }
  std::string ids() { return value("SELECT string_agg(id, '|' ORDER BY id) FROM things"); }

  static base::Limits limits_of(std::chrono::seconds query_timeout, std::size_t connections = 4) {
    base::Limits limits;
    limits.query_timeout = query_timeout;
    limits.postgres_connections = connections;
    limits.postgres_writers = connections;
    return limits;
  }

  /// A statement without rows.
  static Ask doing(std::string sql, std::vector<base::Value> binds = {}) {
    return {.statement = {.sql = std::move(sql), .binds = std::move(binds)}};
  }
  /// One with a column of text.
  static Ask asking(std::string sql, std::vector<base::Value> binds = {}) {
    return {.statement = {.sql = std::move(sql), .binds = std::move(binds)},
            .columns = 1,
            .readings = {plan::Reading::Text}};
  }
  static Ask inserting(std::string id) { return doing("INSERT INTO things VALUES ($1, 1)", {std::move(id)}); }
  /// It ends the change, which is committed with it.
  static Ask last(Ask ask) {
    ask.is_last = true;
    return ask;
  }
  static std::shared_ptr<Change> change_of(std::vector<Ask> asks, Step end = Step::Commit) {
    return std::make_shared<Change>(std::move(asks), end);
  }
  static std::shared_ptr<Change> insert(std::string id, Step end = Step::Commit) {
    return change_of({inserting(std::move(id))}, end);
  }

  static Outcome send(Loop& loop, std::shared_ptr<Mutation> mutation) {
    auto outcome = std::make_shared<ChangeOutcome>();
    loop.store->change(std::move(mutation), model::Mode::Production,
                       [outcome](const base::Status& status) { note(*outcome, status); });
    return outcome;
  }
  static void note(ChangeOutcome& outcome, const base::Status& status) {
    ++outcome.calls;
    outcome.at = support::Clock::now();
    if (status) return;
    outcome.error = status.error().code;
    outcome.message = status.error().message;
    outcome.detail = status.error().detail;
  }
  static ChangeOutcome make(Loop& loop, std::shared_ptr<Mutation> mutation) {
    const Outcome outcome = send(loop, std::move(mutation));
    loop.run_until([&] { return outcome->calls > 0; });
    return *outcome;
  }
  static bool all_told(const std::vector<Outcome>& outcomes) {
    return std::all_of(outcomes.begin(), outcomes.end(), [](const auto& own) { return own->calls > 0; });
  }
  static std::string text_in(const Given& given) {
    return given.rows.size() == 0 ? "none" : std::string(given.rows.row(0)[0].text);
  }

  /// Whether a session that is not the admin's is in the middle of that statement.
  bool runs(const std::string& text) {
    const std::vector<base::Value> binds = {text};
    return admin()
               .run(
                   "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE $1 AND pid <> "
                   "pg_backend_pid()",
                   binds)
               .rows() > 0;
  }
  void terminate(const std::string& text) {
    const std::vector<base::Value> binds = {text};
    admin().run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'active' AND query LIKE $1 "
        "AND pid <> pg_backend_pid()",
        binds);
  }
  /// The next commit of a new thing takes so long.
  void slow_commits(const std::string& seconds) {
    admin().run_script(
        "CREATE OR REPLACE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(" + seconds +
        "); RETURN NULL; END'; CREATE CONSTRAINT TRIGGER dawdles AFTER INSERT ON things DEFERRABLE INITIALLY "
        "DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION dawdle()");
  }

 private:
  std::unique_ptr<PostgresConnection> admin_;
};

}  // namespace portico::store
