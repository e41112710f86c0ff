#include "store/postgres_screening.hpp"

#include <utility>

#include "store/postgres_reading.hpp"

namespace portico::store {
namespace {

constexpr const char* begin_sql = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
constexpr const char* snapshot_sql = "SELECT pg_current_snapshot()::text";
constexpr const char* commit_sql = "COMMIT";

/// One more element of an array literal, `{"1","2"`; the closing brace is still to come.
void add_element(std::string& literal, std::string_view text) {
  literal += literal.empty() ? '{' : ',';
  literal += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') literal += '\\';
    literal += c;
  }
  literal += '"';
}

}  // namespace

/// From the beginning, the second time too.
void PostgresScreening::take(PostgresSession& session) {
  stage_ = Stage::Begin;
  matches_ = 0;
  keys_kept_ = 0;
  keys_.assign(key_columns(), {});
  session.send(*this, {.sql = begin_sql, .binds = {}});
  session.send(*this, {.sql = snapshot_sql, .binds = {}});
  session.send(*this, list().screening->candidates, RowsComing::OneByOne);
}

void PostgresScreening::take_row(const PostgresResult& row) {
  const auto& readings = list().screening->readings;
  cells_.clear();
  for (std::size_t i = key_columns(); i < readings.size(); ++i) {
    const auto column = static_cast<int>(i);
    base::Cell cell;
    if (!row.is_null(0, column) && !read_cell(readings[i], row.text(0, column), cell)) {
      withdraw();
      return fail({.code = base::ErrorCode::Internal,
                   .message = "column " + std::to_string(i + 1) +
                              " of the candidates does not read as planned: " + list().screening->candidates.sql});
    }
    cells_.push_back(cell);
  }
  if (!list().screening->check.matches(cells_)) return;
  const std::int64_t before = list().rows_before();
  if (matches_++ < before || keys_kept_ >= list().size) return;
  ++keys_kept_;
  for (std::size_t i = 0; i < keys_.size(); ++i) add_element(keys_[i], row.text(0, static_cast<int>(i)));
}

void PostgresScreening::take_rows(PostgresSession& session, const PostgresResult& rows) {
  switch (stage_) {
    case Stage::Begin:
      stage_ = Stage::Snapshot;
      return;
    case Stage::Snapshot:
      snapshot_ = rows.text(0, 0);
      stage_ = Stage::Candidates;
      return;
    case Stage::Candidates:
      answer_.count = matches_;
      if (keys_kept_ > 0) return read_page(session);
      answer_.rows.clear(list().readings.size());
      return end(session);
    case Stage::Page:
      if (read_rows(rows, list().readings)) end(session);
      return;
  }
}

void PostgresScreening::read_page(PostgresSession& session) {
  stage_ = Stage::Page;
  page_ = list().page;
  for (std::string& keys : keys_) page_.binds.emplace_back(std::move(keys) + '}');
  session.send(*this, page_);
}

void PostgresScreening::end(PostgresSession& session) {
  session.send_unasked({.sql = commit_sql, .binds = {}});
  succeed(memory().version(session.server(), snapshot_));
}

}  // namespace portico::store
