#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plan/aggregate_fold.hpp"
#include "store/postgres_run.hpp"

namespace portico::store {

/// What of a plan PostgreSQL cannot judge; null: its statements alone answer.
[[nodiscard]] const plan::Screening* screening_of(const plan::Plan& plan);

/// A list, or a summary, with filters that are judged here: the candidates one by one, then a list's page by the keys
/// of those that match, in one read-only transaction on one snapshot. Of the keys only the page's are kept; what is
/// summed up is kept nowhere.
class PostgresScreening final : public PostgresRun {
 public:
  using PostgresRun::PostgresRun;
  void start() override { submit(PostgresWork::Growing); }
  void take(PostgresSession& session) override;
  void take_rows(PostgresSession& session, const PostgresResult& rows) override;
  void take_row(const PostgresResult& row) override;

 private:
  enum class Stage : std::uint8_t { Begin, Snapshot, Candidates, Page };

  [[nodiscard]] const plan::ListPlan& list() const { return std::get<plan::ListPlan>(query().plan); }
  [[nodiscard]] const plan::RetrievePlan* summary() const { return std::get_if<plan::RetrievePlan>(&query().plan); }
  [[nodiscard]] const plan::Screening& screening() const;
  [[nodiscard]] std::size_t key_columns() const { return screening().keys; }
  void take_match(const PostgresResult& row);
  void take_candidates(PostgresSession& session);
  void read_page(PostgresSession& session);
  void end(PostgresSession& session);

  Stage stage_ = Stage::Begin;
  std::string snapshot_;
  std::int64_t matches_ = 0;
  std::vector<std::string> keys_;  // array literals, one for each of the key's columns
  std::int64_t keys_kept_ = 0;
  std::vector<base::Cell> cells_;
  std::optional<plan::AggregateFold> fold_;  // of a summary
  plan::Statement page_;
};

}  // namespace portico::store
