#include "change/make_settlement.hpp"

#include <exception>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "change/make_change.hpp"
#include "change/referred_rows.hpp"
#include "change/rules.hpp"
#include "plan/column_kind.hpp"
#include "plan/outbox_statements.hpp"

namespace portico::change {
namespace {

using plan::TableRow;
using Step = store::Procedure::Step;

/// What becomes of the row; null: nothing.
const model::Action* transition_of(const Settlement& settlement, const model::Webhook* webhook) {
  if (webhook == nullptr) return nullptr;
  switch (settlement.verdict) {
    case Verdict::Answered:
      return webhook->find_answer(settlement.answer);
    case Verdict::GivenUp:
      return webhook->given_up.get();
    case Verdict::Taken:
    case Verdict::Again:
    case Verdict::Released:
      break;
  }
  return nullptr;
}

plan::OutboxProgress progress_of(const Settlement& settlement) {
  plan::OutboxProgress progress;
  progress.tries = settlement.message.tries;
  progress.next_try = settlement.next_try;
  progress.changed = settlement.now;
  progress.failure = settlement.failure;
  switch (settlement.verdict) {
    case Verdict::Taken:
    case Verdict::Answered:
      progress.state = plan::OutboxState::Done;
      break;
    case Verdict::GivenUp:
      progress.state = plan::OutboxState::GivenUp;
      break;
    case Verdict::Released:
      --progress.tries;
      progress.state = plan::OutboxState::Waiting;
      break;
    case Verdict::Again:
      progress.state = plan::OutboxState::Waiting;
      break;
  }
  return progress;
}

/// A message that was taken is done, whoever else tries it meanwhile; what failed is that try's affair.
bool counts_in_any_try(Verdict verdict) {
  return verdict == Verdict::Taken || verdict == Verdict::Answered;
}

base::Value key_of(const model::Resource& resource, const std::string& text) {
  const model::Field& field = *resource.leaves[resource.key.front()].field;
  if (plan::kind_of(field) != plan::ColumnKind::Integer) return text;
  const auto number = base::parse_integer(text);
  return number ? base::Value(*number) : base::Value();
}

/// A transition as an action on its row.
ChangeRequest request_of(const Settlement& settlement, const model::Resource& resource,
                         const model::Action& transition) {
  ChangeRequest request{.api = settlement.api, .planner = *settlement.planner, .operation = {}, .account = {}};
  request.operation.resource = &resource;
  request.operation.kind = model::OperationKind::Act;
  request.operation.action = &transition;
  request.account = settlement.message.account;
  request.version = settlement.api->latest_version();
  request.mode = settlement.mode;
  request.now = settlement.now;
  return request;
}

/// The row's part in a settlement.
class Transition {
 public:
  Transition(const Settlement& settlement, const model::Resource& resource, const model::Action& transition,
             Dialogue& dialogue)
      : transition_(transition),
        request_(request_of(settlement, resource, transition)),
        ground_(request_),
        looks_(looks_of(ground_)),
        dialogue_(dialogue),
        referred_(ground_, dialogue, looks_),
        rules_(ground_, referred_) {}

  /// Forbidden, and nothing is changed: a guard does not hold.
  Part<base::Status> make(const std::string& name) {
    const plan::WriteStatements rows = ground_.rows_of(ground_.resource);
    plan::RowQuery query = rows.read_keyed(key_of(ground_.resource, name), plan::Lock::Change);
    const store::Given given = co_await dialogue_.ask(std::move(query));
    if (given.rows.size() == 0) co_return base::ok();
    const TableRow before = table_row(given.rows.row(0));
    base::Status done = co_await referred_.read(before, nullptr);
    if (done) done = rules_.judge(transition_.rules.guards, rules_.around(before));
    if (!done) co_return done;
    TableRow after = before;
    done = rules_.apply(transition_.rules.effects, after);
    if (!done) co_return done;
    if (rows.differ(before, after)) {
      plan::Statement update = rows.update(before, after);
      const store::Given written = co_await dialogue_.ask(std::move(update));
      if (written.changed != 1) co_return conflict("The row was changed at the same time.");
    }
    co_return co_await referred_.write();
  }

 private:
  const model::Action& transition_;
  const ChangeRequest request_;
  const Ground ground_;
  const Looks looks_;
  Dialogue& dialogue_;
  ReferredRows referred_;
  Rules rules_;
};

class Settling final : public store::Procedure {
 public:
  Settling(const Settlement& settlement, std::string& fault)
      : settlement_(settlement), fault_(fault), outbox_{.planner = *settlement.planner, .mode = settlement.mode} {}

  Step next(store::Given&& given) override {
    try {
      if (!course_) {
        course_.emplace(run());
        course_->begin();
      } else {
        dialogue_.answer(std::move(given));
      }
      return course_->is_done() ? course_->take() : Step::Ask;
    } catch (const std::exception& fault) {
      fault_ = fault.what();
      return Step::RollBack;
    }
  }
  [[nodiscard]] const store::Ask& ask() const override { return dialogue_.asked(); }
  void violated(const store::Violation& violation) override {
    fault_ = "the table " + violation.table + " takes no such row";
  }

 private:
  Part<Step> run() {
    const Message& message = settlement_.message;
    plan::RowQuery hold = plan::hold_entry(outbox_, message.id);
    const store::Given held = co_await dialogue_.ask(std::move(hold));
    if (held.rows.size() == 0 || held.rows.row(0)[0].text != name_of(plan::OutboxState::Waiting)) {
      co_return Step::RollBack;
    }
    const bool is_ours = held.rows.row(0)[1].integer == message.tries;
    if (!is_ours && !counts_in_any_try(settlement_.verdict)) co_return Step::RollBack;
    const model::Resource* resource = settlement_.api->find_resource(message.resource);
    const model::Webhook* webhook = resource == nullptr ? nullptr : resource->find_webhook(message.webhook);
    if (const model::Action* transition = transition_of(settlement_, webhook)) {
      transition_.emplace(settlement_, *resource, *transition, dialogue_);
      base::Status made = co_await transition_->make(message.row);
      if (!made && made.error().code != base::ErrorCode::Forbidden) {
        fault_ = made.error().message.empty() ? "an expression has no value" : made.error().message;
        co_return Step::RollBack;
      }
    }
    plan::Statement settle = plan::settle_entry(outbox_, message.id, progress_of(settlement_));
    co_await dialogue_.ask(std::move(settle));
    co_return Step::Commit;
  }

  const Settlement& settlement_;
  std::string& fault_;
  const plan::Outbox outbox_;
  Dialogue dialogue_;
  std::optional<Transition> transition_;
  std::optional<Part<Step>> course_;
};

class Requested final : public RequestedSettlement {
 public:
  explicit Requested(Settlement settlement) : settlement_(std::move(settlement)) {}

  std::unique_ptr<store::Procedure> begin() override {
    fault_.clear();
    return std::make_unique<Settling>(settlement_, fault_);
  }
  [[nodiscard]] const std::string& fault() const override { return fault_; }

 private:
  const Settlement settlement_;
  std::string fault_;
};

}  // namespace

std::shared_ptr<RequestedSettlement> make_settlement(Settlement settlement) {
  return std::make_shared<Requested>(std::move(settlement));
}

}  // namespace portico::change
