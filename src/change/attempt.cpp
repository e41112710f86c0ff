#include "change/attempt.hpp"

#include <chrono>
#include <exception>

#include "plan/answer.hpp"

namespace portico::change {
namespace {

using base::Error;
using base::ErrorCode;
using model::OperationKind;
using plan::Lock;
using plan::TableRow;

/// Only what had an effect is kept: what had none is judged anew.
bool is_success(const Outcome& outcome) {
  return outcome.status >= 200 && outcome.status < 300;
}

base::Microseconds oldest_kept(const ChangeRequest& request) {
  const auto time = std::chrono::duration_cast<std::chrono::microseconds>(request.api->limits.idempotency_time);
  return request.now - time.count();
}

/// One change in sixteen looks for answers that nobody will ask for any more.
bool sweeps(const ChangeRequest& request) {
  return request.fingerprint.starts_with('0');
}

Error key_in_use() {
  return conflict("A request with this Idempotency-Key is still being worked on; ask again in a moment.");
}

Outcome replayed(const store::Rows& kept) {
  const auto cells = kept.row(0);
  Outcome outcome;
  outcome.status = static_cast<int>(cells[1].integer);
  outcome.head = std::string(cells[2].text) + "Idempotency-Replayed: true\r\n";
  outcome.body = std::string(cells[3].text);
  return outcome;
}

}  // namespace

Attempt::Attempt(const ChangeRequest& request, Outcome& outcome)
    : request_(request),
      outcome_(outcome),
      ground_(request),
      rows_(ground_.rows_of(ground_.resource)),
      looks_(looks_of(ground_)),
      referred_(ground_, dialogue_, looks_),
      rules_(ground_, referred_),
      messages_(ground_, dialogue_) {}

/// A fault of ours ends this change, and nothing else of the thread's.
store::Procedure::Step Attempt::next(store::Given&& given) {
  try {
    if (!course_) {
      course_.emplace(run());
      course_->begin();
    } else {
      dialogue_.answer(std::move(given));
    }
    return course_->is_done() ? course_->take() : Step::Ask;
  } catch (const std::exception& fault) {
    Error error;
    error.code = ErrorCode::Internal;
    error.message = fault.what();
    outcome_ = request_.presenter->refused(error);
    return Step::RollBack;
  }
}

void Attempt::violated(const store::Violation& violation) {
  // Two requests with one key at the same moment: the other's answer is there now.
  const bool of_answers = violation.kind == store::Violation::Kind::Unique && violation.table == plan::answers_table;
  outcome_ = request_.presenter->refused(of_answers ? key_in_use()
                                         : loads()  ? refusal_of_loaded(violation, ground_.view, writing_)
                                                    : refusal_of(violation, ground_.view, writing_));
}

Part<store::Procedure::Step> Attempt::run() {
  if (!request_.idempotency_key.empty()) {
    Made before = co_await replay();
    if (!before || before->status != 0) {
      outcome_ = before ? std::move(*before) : request_.presenter->refused(before.error());
      co_return Step::RollBack;
    }
  }
  Made made = co_await make();
  if (made && !request_.idempotency_key.empty() && is_success(*made)) {
    base::Status kept = co_await keep(*made);
    if (!kept) made = std::move(kept).error();
  }
  outcome_ = made ? std::move(*made) : request_.presenter->refused(made.error());
  outcome_.has_messages = messages_.are_written();
  co_return made ? Step::Commit : Step::RollBack;
}

/// The answer kept under the request's key; status 0 where there is none.
Part<Attempt::Made> Attempt::replay() {
  plan::RowQuery claim = plan::claim_key(request_.planner, ground_.scope, request_.idempotency_key);
  if (!claim.statement.sql.empty()) {
    const store::Given claimed = co_await dialogue_.ask(std::move(claim));
    if (claimed.rows.row(0)[0].integer == 0) co_return key_in_use();
  }
  plan::RowQuery search =
      plan::find_answer(request_.planner, ground_.scope, request_.idempotency_key, oldest_kept(request_));
  const store::Given found = co_await dialogue_.ask(std::move(search));
  Outcome outcome;
  outcome.status = 0;
  if (found.rows.size() == 0) co_return outcome;
  if (found.rows.row(0)[0].text != request_.fingerprint) {
    co_return conflict("This Idempotency-Key was used for another request; a key names one request only.");
  }
  outcome = replayed(found.rows);
  co_return outcome;
}

Part<base::Status> Attempt::keep(const Outcome& outcome) {
  plan::KeptAnswer answer;
  answer.fingerprint = request_.fingerprint;
  answer.status = outcome.status;
  answer.head = outcome.head;
  answer.body = outcome.body;
  plan::Statement statement =
      plan::keep_answer(request_.planner, ground_.scope, request_.idempotency_key, answer, request_.now);
  const store::Given kept = co_await dialogue_.ask(std::move(statement));
  if (kept.changed != 1) co_return key_in_use();
  if (sweeps(request_)) {
    plan::Statement sweep = plan::forget_answers(request_.planner, ground_.scope, oldest_kept(request_));
    co_await dialogue_.ask(std::move(sweep));
  }
  co_return base::ok();
}

Part<Attempt::Made> Attempt::make() {
  std::vector<base::Fault> faults = ground_.operation.faults;
  plan::BoundFilter filter = read_choice(faults);
  if (!faults.empty()) co_return invalid(std::move(faults));
  if (creates_several()) {  // before any row is kept from others
    plan::RowQuery turn = plan::await_bulk(request_.planner, ground_.resource, ground_.scope);
    if (!turn.statement.sql.empty()) co_await dialogue_.ask(std::move(turn));
  }
  base::Status parents = co_await find_parents();
  if (!parents) co_return std::move(parents).error();
  switch (ground_.operation.kind) {
    case OperationKind::Create:
      co_return co_await create();
    case OperationKind::Replace:
    case OperationKind::Update:
      if (ground_.operation.file) co_return co_await alter_file();
      co_return co_await alter();
    case OperationKind::Delete:
      co_return co_await remove();
    case OperationKind::Act:
      co_return co_await act();
    case OperationKind::Clear:
      co_return co_await clear(std::move(filter));
    case OperationKind::List:
    case OperationKind::Retrieve:
      break;
  }
  co_return co_await tell();
}

Part<Attempt::Made> Attempt::alter() {
  Found found = co_await find_unchanged_row(Lock::Change);
  if (!found) co_return std::move(found).error();
  const TableRow before = std::move(*found);
  TableRow after = before;
  Refusal refusal;
  Path within;
  base::Status read = co_await read_lists(after);
  if (!read) co_return std::move(read).error();
  const plan::LeafSet left_out = read_body(after, refusal, within);
  read = co_await referred_.read(before, &before);
  if (read) read = co_await referred_.read(after, &before);
  if (!read) co_return std::move(read).error();
  referred_.add_faults(after, &before, within, refusal);
  if (!refusal.is_empty()) {
    if (rows_.differ(before, after)) judge_known(after, left_out, within, refusal);
    co_return refusal.take();
  }
  const model::OperationRules& rules = ground_.resource.rules_of(ground_.operation.kind);
  base::Status done = rules_.judge(rules.guards, rules_.around(before));
  if (done) done = co_await apply_defaults(left_out, after, within);
  if (done) done = rules_.apply(rules.effects, after);
  // What stood there already is nobody's fault now.
  if (done && rows_.differ(before, after)) {
    done = rules_.check(ground_.resource.checks, rules_.around(after), within, refusal);
  }
  if (!done) co_return std::move(done).error();
  if (!refusal.is_empty()) co_return refusal.take();
  done = co_await write(before, after);
  if (done) done = co_await messages_.write(after);
  if (!done) co_return std::move(done).error();
  if (rules.answer == model::ChangeAnswer::None) co_return request_.presenter->done();
  plan::RowQuery query = rows_.show(ground_.view, after);
  const store::Given shown = co_await dialogue_.ask(std::move(query));
  if (shown.rows.size() != 1) co_return gone_meanwhile(ground_.resource);
  co_return request_.presenter->altered(ground_.view, shown.rows);
}

/// Nothing is written where nothing differs.
Part<base::Status> Attempt::write(const TableRow& before, const TableRow& after) {
  if (rows_.differ(before, after)) {
    plan::Statement update = rows_.update(before, after);
    const store::Given given = co_await dialogue_.ask(std::move(update));
    if (given.changed != 1) co_return gone_meanwhile(ground_.resource);
  }
  co_return co_await referred_.write();
}

Part<Attempt::Made> Attempt::remove() {
  Found found = co_await find_unchanged_row(Lock::Remove);
  if (!found) co_return std::move(found).error();
  TableRow row = std::move(*found);
  const model::OperationRules& rules = ground_.resource.rules_of(OperationKind::Delete);
  base::Status done = co_await referred_.read(row, nullptr);
  if (done) done = rules_.judge(rules.guards, rules_.around(row));
  if (done) done = co_await messages_.write(row);
  if (!done) co_return std::move(done).error();
  plan::Statement erase = rows_.erase(row);
  done = rules_.apply(rules.effects, row);
  if (!done) co_return std::move(done).error();
  const store::Given given = co_await dialogue_.ask(std::move(erase));
  if (given.changed != 1) co_return gone_meanwhile(ground_.resource);
  // A row may refer to itself: it no longer does.
  std::vector<base::Value> key = {row[ground_.resource.key.front()]};
  done = co_await check_unreferred(std::move(key));
  if (done) done = co_await erase_files(row);
  if (done) done = co_await referred_.write();
  if (!done) co_return std::move(done).error();
  co_return request_.presenter->done();
}

Part<Attempt::Made> Attempt::act() {
  const model::Action& action = *ground_.operation.action;
  Found found = co_await find_unchanged_row(Lock::Change);
  if (!found) co_return std::move(found).error();
  const TableRow before = std::move(*found);
  Refusal refusal;
  plan::LeafSet left_out;
  TableRow input = read_input(left_out, refusal);
  base::Status done = refusal.is_empty() ? fill_input(left_out, input) : base::ok();
  if (done) done = co_await check_input_references(input, refusal);
  if (!done) co_return std::move(done).error();
  if (!refusal.is_empty()) co_return refusal.take();
  done = co_await referred_.read(before, nullptr);
  if (done) done = rules_.judge(action.rules.guards, rules_.around(before, &input));
  if (done) done = rules_.check(action.checks, rules_.around(before, &input), {}, refusal);
  if (!done) co_return std::move(done).error();
  if (!refusal.is_empty()) co_return refusal.take();
  TableRow after = before;
  done = rules_.apply(action.rules.effects, after, &input);
  if (done) done = co_await write(before, after);
  if (done) done = co_await messages_.write(after);
  if (done) done = co_await referred_.read(after, nullptr);  // an effect may refer to another row
  if (!done) co_return std::move(done).error();
  if (action.answer.empty()) co_return request_.presenter->done();
  auto answer = plan::answer_of(action.answer, rules_.around(after, &input));
  if (!answer) co_return std::move(answer).error();
  co_return request_.presenter->told(*answer);
}

/// The state of an action: nothing is changed.
Part<Attempt::Made> Attempt::tell() {
  Found found = co_await find_row(Lock::None);
  if (!found) co_return std::move(found).error();
  auto answer = co_await state_of(*found);
  if (!answer) co_return std::move(answer).error();
  co_return request_.presenter->told(*answer);
}

Part<base::Result<base::Document>> Attempt::state_of(const TableRow& row) {
  base::Status read = co_await referred_.read(row, nullptr);
  if (!read) co_return std::move(read).error();
  co_return plan::answer_of(ground_.operation.action->answer, rules_.around(row));
}

}  // namespace portico::change
