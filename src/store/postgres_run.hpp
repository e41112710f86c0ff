#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/postgres_memory.hpp"
#include "store/postgres_pool.hpp"
#include "store/store.hpp"

namespace portico::store {

/// A query on its way through a pool. Belongs to a store, which it tells of its end.
class PostgresRun : public PostgresRequest {
 public:
  /// What every run of a store needs; outlives them.
  struct Surroundings {
    PostgresPool& pool;
    PostgresMemory& memory;
    bool keys_are_elsewhere = false;
    /// Ends the run: calls its completion, and may free or reuse it.
    std::function<void(PostgresRun&, base::Result<Answer*>)> end;
  };

  explicit PostgresRun(const Surroundings& around) : around_(around) {}

  /// Sends it. May end it before it returns.
  virtual void start() = 0;
  void fail(base::Error error) final;

  /// Makes it another query's, as if it were new. Its room is reused.
  void begin(const Query& query);
  /// Nobody looks at its answer any more.
  void end();

  [[nodiscard]] std::uint64_t ticket() const noexcept { return ticket_; }
  void set_ticket(std::uint64_t ticket) noexcept { ticket_ = ticket; }

 protected:
  [[nodiscard]] const Query& query() const { return *query_; }
  [[nodiscard]] PostgresMemory& memory() const { return around_.memory; }
  void submit(PostgresWork work) { around_.pool.submit(*this, work); }
  /// Nothing of it is called any more, until it is sent again.
  void withdraw() { around_.pool.withdraw(*this); }
  /// The answer is whole; `version`: of its snapshot.
  void succeed(std::string_view version);
  /// Reads all rows of a result with the view's leaves in front; false: it has failed.
  bool read_rows(const PostgresResult& result, std::span<const plan::Reading> readings);
  Answer answer_;

 private:
  const Surroundings& around_;
  std::optional<Query> query_;
  std::uint64_t ticket_ = 0;
};

/// A retrieve, a summary or what a file takes, or a list whose statements answer alone: page and exact count from one
/// snapshot (P12).
class PostgresQueryRun final : public PostgresRun {
 public:
  using PostgresRun::PostgresRun;
  void start() override;
  void take(PostgresSession& session) override;
  void take_rows(PostgresSession& session, const PostgresResult& rows) override;

 private:
  enum class Stage : std::uint8_t { Row, Page, PageWithCount, Count };

  [[nodiscard]] const plan::ListPlan& list() const { return std::get<plan::ListPlan>(query().plan); }
  [[nodiscard]] const plan::Statement& statement() const;
  [[nodiscard]] plan::Cost row_cost() const;
  void take_row_answer(PostgresSession& session, const PostgresResult& rows);
  void take_page(PostgresSession& session, const PostgresResult& rows);
  void take_counted_page(PostgresSession& session, const PostgresResult& rows);
  void take_count(PostgresSession& session, const PostgresResult& rows);
  bool count_from_page(std::string_view version);
  void go_on(Stage stage);

  Stage stage_ = Stage::Row;
  unsigned empty_pages_ = 0;  // read of a list whose count said that there are rows
};

}  // namespace portico::store
