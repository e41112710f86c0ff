#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "model/api.hpp"
#include "store/postgres_connection.hpp"
#include "store/postgres_store.hpp"
#include "support/postgres_server.hpp"

namespace portico::support {

using Clock = std::chrono::steady_clock;

/// What a completion was given.
struct PostgresOutcome {
  int calls = 0;
  std::optional<base::ErrorCode> error = {};
  std::string detail = {};
  std::vector<std::vector<std::string>> rows = {};  ///< cells as text; null as `null`
  std::int64_t count = 0;
  bool key_is_current = false;
  Clock::time_point at = {};
};

inline std::string text_of(const base::Cell& cell) {
  switch (cell.kind) {
    case base::Cell::Kind::Null:
      return "null";
    case base::Cell::Kind::Integer:
      return std::to_string(cell.integer);
    case base::Cell::Kind::Real:
      return std::to_string(cell.real);
    case base::Cell::Kind::Text:
      break;
  }
  return std::string(cell.text);
}

inline void note(PostgresOutcome& outcome, base::Result<store::Answer*> answer) {
  ++outcome.calls;
  outcome.at = Clock::now();
  if (!answer) {
    outcome.error = answer.error().code;
    outcome.detail = answer.error().message + answer.error().detail;
    return;
  }
  outcome.count = (*answer)->count;
  outcome.key_is_current = (*answer)->key_is_current;
  for (std::size_t i = 0; i < (*answer)->rows.size(); ++i) {
    outcome.rows.emplace_back();
    for (const base::Cell& cell : (*answer)->rows.row(i)) outcome.rows.back().push_back(text_of(cell));
  }
}

/// A loop with a store on it.
class PostgresLoop {
 public:
  explicit PostgresLoop(const std::string& address, const base::Limits& limits = {}) {
    auto api = std::make_shared<model::Api>();
    api->limits = limits;
    store =
        std::make_unique<store::PostgresStore>(io, store::PostgresOptions{.address = address, .api = api}, nullptr);
  }

  /// Runs the loop until `done`, or for so long; whether it was done.
  bool run_until(const std::function<bool()>& done, std::chrono::milliseconds most = std::chrono::seconds(30)) {
    const Clock::time_point end = Clock::now() + most;
    while (!done()) {
      if (Clock::now() >= end) return false;
      io.restart();
      io.run_one_for(std::chrono::milliseconds(20));
    }
    return true;
  }

  std::shared_ptr<PostgresOutcome> send(const plan::Plan& plan, std::string_view key_id = {}) {
    auto outcome = std::make_shared<PostgresOutcome>();
    last_ticket = store->run({.plan = plan, .key_id = key_id},
                             [outcome](base::Result<store::Answer*> answer) { note(*outcome, std::move(answer)); });
    return outcome;
  }

  PostgresOutcome ask(const plan::Plan& plan, std::string_view key_id = {}) {
    const auto outcome = send(plan, key_id);
    run_until([&] { return outcome->calls > 0; });
    return *outcome;
  }

  boost::asio::io_context io{1};
  std::unique_ptr<store::PostgresStore> store;
  store::Store::Ticket last_ticket = 0;
};

/// A retrieve of one text column.
inline plan::RetrievePlan retrieve(std::string sql, std::vector<base::Value> binds = {}) {
  static constexpr plan::Reading text[] = {plan::Reading::Text};
  plan::RetrievePlan plan;
  plan.row = {.sql = "SELECT (" + std::move(sql) + ")::text, (SELECT pg_current_snapshot()::text)",
              .binds = std::move(binds)};
  plan.readings = text;
  return plan;
}

/// A list of growing work with one text column: the statement of a whole page.
inline plan::ListPlan growing(std::string sql) {
  static constexpr plan::Reading text[] = {plan::Reading::Text};
  plan::ListPlan plan;
  plan.page = {.sql = "SELECT (" + sql + ")::text, (SELECT pg_current_snapshot()::text)", .binds = {}};
  plan.page_with_count = {.sql = "SELECT (" + sql + ")::text, (SELECT pg_current_snapshot()::text), 1", .binds = {}};
  plan.count = {.sql = "SELECT 1, (SELECT pg_current_snapshot()::text)", .binds = {}};
  plan.readings = text;
  plan.size = 10;
  return plan;
}

}  // namespace portico::support
