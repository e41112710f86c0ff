#include "store/postgres_run.hpp"

#include <utility>

#include "base/text.hpp"
#include "store/postgres_reading.hpp"

namespace portico::store {
namespace {

/// How often a page is read again because rows came while it was counted.
constexpr unsigned empty_pages_most = 3;

base::Error fault(std::string words) {
  return {.code = base::ErrorCode::Internal, .message = std::move(words)};
}

}  // namespace

void PostgresRun::begin(const Query& query) {
  query_.emplace(query);
  renew();
  answer_.count = 0;
}

void PostgresRun::end() {
  query_.reset();
  answer_.rows.clear(0);
}

void PostgresRun::fail(base::Error error) {
  around_.end(*this, std::move(error));
}

void PostgresRun::succeed(std::string_view version) {
  answer_.key_is_current =
      around_.keys_are_elsewhere || query_->key_id.empty() || memory().key_is_current(query_->key_id, version);
  around_.end(*this, &answer_);
}

bool PostgresRun::read_rows(const PostgresResult& result, std::span<const plan::Reading> readings) {
  answer_.rows.clear(readings.size());
  if (static_cast<std::size_t>(result.columns()) <= readings.size()) {
    fail(fault("a statement gave " + std::to_string(result.columns()) + " columns in place of " +
               std::to_string(readings.size()) + " and a snapshot"));
    return false;
  }
  if (auto status = store::read_rows(result, readings, answer_.rows); !status) {
    fail(std::move(status).error());
    return false;
  }
  return true;
}

void PostgresQueryRun::start() {
  empty_pages_ = 0;
  const auto* const plan = std::get_if<plan::ListPlan>(&query().plan);
  if (plan == nullptr) return go_on(Stage::Row);  // or a file
  // A page that is not full tells the count; so does a count that was remembered of the same snapshot. Where neither
  // is to be hoped for, page and count are read together, at once.
  const bool alone = memory().may_know_count(plan->count, plan->rows_through());
  go_on(alone ? Stage::Page : Stage::PageWithCount);
}

void PostgresQueryRun::go_on(Stage stage) {
  stage_ = stage;
  switch (stage) {
    case Stage::Row:
      return submit(row_cost() == plan::Cost::Bounded ? PostgresWork::Bounded : PostgresWork::Growing);
    case Stage::Page:
      return submit(list().page_cost == plan::Cost::Bounded ? PostgresWork::Bounded : PostgresWork::Growing);
    case Stage::PageWithCount:
    case Stage::Count:
      return submit(PostgresWork::Growing);
  }
}

plan::Cost PostgresQueryRun::row_cost() const {
  const auto* const file = std::get_if<plan::FilePlan>(&query().plan);
  return file == nullptr ? std::get<plan::RetrievePlan>(query().plan).cost : file->cost;
}

const plan::Statement& PostgresQueryRun::statement() const {
  switch (stage_) {
    case Stage::Row:
      break;
    case Stage::Page:
      return list().page;
    case Stage::PageWithCount:
      return list().page_with_count;
    case Stage::Count:
      return list().count;
  }
  if (const auto* const file = std::get_if<plan::FilePlan>(&query().plan)) return file->rows;
  return std::get<plan::RetrievePlan>(query().plan).row;
}

void PostgresQueryRun::take(PostgresSession& session) {
  session.send(*this, statement());
}

void PostgresQueryRun::take_rows(PostgresSession& session, const PostgresResult& rows) {
  switch (stage_) {
    case Stage::Row:
      return take_row_answer(session, rows);
    case Stage::Page:
      return take_page(session, rows);
    case Stage::PageWithCount:
      return take_counted_page(session, rows);
    case Stage::Count:
      return take_count(session, rows);
  }
}

void PostgresQueryRun::take_row_answer(PostgresSession& session, const PostgresResult& rows) {
  const bool is_file = std::holds_alternative<plan::FilePlan>(query().plan);
  const std::span<const plan::Reading> readings = is_file ? std::span<const plan::Reading>(plan::file_readings)
                                                          : std::get<plan::RetrievePlan>(query().plan).readings;
  if (!read_rows(rows, readings)) return;
  // Without a row there is no snapshot either, and so no proof that the key was still the same.
  if (rows.rows() == 0) return succeed({});
  succeed(memory().version(session.server(), rows.text(0, static_cast<int>(readings.size()))));
}

/// Whether the page tells itself how many rows there are: one that is not full is the last.
bool PostgresQueryRun::count_from_page(std::string_view version) {
  const auto count = static_cast<std::int64_t>(answer_.rows.size());
  if (count >= list().size || (count == 0 && list().number > 1)) return false;
  answer_.count = list().rows_before() + count;
  memory().counts().keep(list().count, version, answer_.count);
  return true;
}

void PostgresQueryRun::take_page(PostgresSession& session, const PostgresResult& rows) {
  if (!read_rows(rows, list().readings)) return;
  if (rows.rows() == 0) return list().number == 1 ? succeed({}) : go_on(Stage::Count);
  const std::string_view version =
      memory().version(session.server(), rows.text(0, static_cast<int>(list().readings.size())));
  if (count_from_page(version)) return succeed(version);
  const std::int64_t* const known = version.empty() ? nullptr : memory().counts().find(list().count, version);
  if (known == nullptr) return go_on(Stage::PageWithCount);
  answer_.count = *known;
  succeed(version);
}

void PostgresQueryRun::take_counted_page(PostgresSession& session, const PostgresResult& rows) {
  if (!read_rows(rows, list().readings)) return;
  if (rows.rows() == 0) return list().number == 1 ? succeed({}) : go_on(Stage::Count);
  const auto snapshot = static_cast<int>(list().readings.size());
  const auto count = base::parse_integer(rows.text(0, snapshot + 1));
  if (!count) return fail(fault("the count beside a page is no number"));
  const std::string_view version = memory().version(session.server(), rows.text(0, snapshot));
  answer_.count = *count;
  memory().counts().keep(list().count, version, *count);
  succeed(version);
}

/// The page was empty, and so is the answer, unless rows have come since that reach it.
void PostgresQueryRun::take_count(PostgresSession& session, const PostgresResult& rows) {
  const auto count = rows.rows() == 1 && rows.columns() > 1 ? base::parse_integer(rows.text(0, 0)) : std::nullopt;
  if (!count) return fail(fault("a count is no number"));
  const std::string_view version = memory().version(session.server(), rows.text(0, 1));
  memory().counts().keep(list().count, version, *count);
  if (*count > list().rows_before()) {
    if (++empty_pages_ < empty_pages_most) return go_on(Stage::PageWithCount);
    return fail({.code = base::ErrorCode::Unavailable, .detail = "the list grew again and again while it was read"});
  }
  answer_.count = *count;
  succeed(version);
}

}  // namespace portico::store
