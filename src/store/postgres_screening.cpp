#include "store/postgres_screening.hpp"

#include <utility>

#include "store/postgres_reading.hpp"

namespace portico::store {
namespace {

constexpr const char* begin_sql = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
constexpr const char* snapshot_sql = "SELECT pg_current_snapshot()::text";
constexpr const char* commit_sql = "COMMIT";

void add_value(const base::Value& value, Rows& rows) {
  if (const auto* text = std::get_if<std::string>(&value)) return rows.add_text(*text);
  const auto* integer = std::get_if<std::int64_t>(&value);
  rows.add(integer != nullptr ? base::Cell{.kind = base::Cell::Kind::Integer, .integer = *integer} : base::Cell{});
}

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

const plan::Screening* screening_of(const plan::Plan& plan) {
  if (const auto* list = std::get_if<plan::ListPlan>(&plan)) return list->screening.get();
  const auto* row = std::get_if<plan::RetrievePlan>(&plan);
  return row == nullptr ? nullptr : row->screening.get();
}

const plan::Screening& PostgresScreening::screening() const {
  return *screening_of(query().plan);
}

/// From the beginning, the second time too.
void PostgresScreening::take(PostgresSession& session) {
  stage_ = Stage::Begin;
  matches_ = 0;
  keys_kept_ = 0;
  keys_.assign(key_columns(), {});
  if (summary() != nullptr) fold_.emplace(*summary()->summary);
  session.send(*this, {.sql = begin_sql, .binds = {}});
  session.send(*this, {.sql = snapshot_sql, .binds = {}});
  session.send(*this, screening().candidates, RowsComing::OneByOne);
}

void PostgresScreening::take_row(const PostgresResult& row) {
  const auto& readings = screening().readings;
  cells_.clear();
  for (std::size_t i = key_columns(); i < readings.size(); ++i) {
    const auto column = static_cast<int>(i);
    base::Cell cell;
    if (!row.is_null(0, column) && !read_cell(readings[i], row.text(0, column), cell)) {
      withdraw();
      return fail({.code = base::ErrorCode::Internal,
                   .message = "column " + std::to_string(i + 1) +
                              " of the candidates does not read as planned: " + screening().candidates.sql});
    }
    cells_.push_back(cell);
  }
  if (!screening().check.matches(cells_)) return;
  if (fold_) return fold_->add(std::span<const base::Cell>(cells_).subspan(screening().judged));
  take_match(row);
}

void PostgresScreening::take_match(const PostgresResult& row) {
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
      return take_candidates(session);
    case Stage::Page:
      if (read_rows(rows, list().readings)) end(session);
      return;
  }
}

void PostgresScreening::take_candidates(PostgresSession& session) {
  if (fold_) {
    answer_.rows.clear(summary()->readings.size());
    if (fold_->rows() > 0) {
      for (const base::Value& value : fold_->values()) add_value(value, answer_.rows);
    }
    return end(session);
  }
  answer_.count = matches_;
  if (keys_kept_ > 0) return read_page(session);
  answer_.rows.clear(list().readings.size());
  end(session);
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
