#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/postgres_run.hpp"

namespace portico::store {

/// A list with filters that are judged here: the candidates one by one, then the page by the keys of those that
/// match, in one read-only transaction on one snapshot. Of the keys only the page's are kept.
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
  [[nodiscard]] std::size_t key_columns() const { return list().screening->keys; }
  void read_page(PostgresSession& session);
  void end(PostgresSession& session);

  Stage stage_ = Stage::Begin;
  std::string snapshot_;
  std::int64_t matches_ = 0;
  std::vector<std::string> keys_;  // array literals, one for each of the key's columns
  std::int64_t keys_kept_ = 0;
  std::vector<base::Cell> cells_;
  plan::Statement page_;
};

}  // namespace portico::store
