#include <optional>
#include <stdexcept>

#include "change/attempt.hpp"

namespace portico::change {

using base::Document;
using base::Error;
using plan::TableRow;

namespace {

/// The row as it is before a body is read: nothing but what the path and the account say.
TableRow blank_row(const Ground& ground, const std::vector<base::Value>& parent_keys) {
  const model::Resource& resource = ground.resource;
  TableRow row(resource.leaves.size());
  const base::Value owner = ground.rows_of(resource).owner_value();
  for (std::size_t leaf = 0; leaf < row.size(); ++leaf) {
    if (resource.leaves[leaf].join == 0 && resource.leaves[leaf].column == resource.owner_column) row[leaf] = owner;
  }
  for (std::size_t i = 0; i < parent_keys.size(); ++i) row[resource.parents[i].leaf] = parent_keys[i];
  return row;
}

void add_shown(const store::Given& given, store::Rows& shown) {
  if (given.rows.size() != 1) throw std::logic_error("a new row is not to be seen");
  for (const base::Cell& cell : given.rows.row(0)) shown.add_copy(cell);
}

}  // namespace

/// Whether the body is one of several rows.
bool Attempt::takes_several() const {
  return (ground_.resource.is_bulk || loads()) && document().kind == Document::Kind::Array;
}

bool Attempt::creates_several() const {
  return ground_.operation.kind == model::OperationKind::Create && takes_several() && document().items.size() > 1;
}

Part<Attempt::Made> Attempt::create() {
  if (!request_.if_none_match.empty()) co_return collection_is_there();
  Refusal refusal;
  std::vector<Draft> drafts = read_drafts(refusal);
  base::Status filled = co_await fill_drafts(drafts, refusal);
  if (!filled) co_return std::move(filled).error();
  co_return co_await insert_all(drafts);
}

void Attempt::read_draft(const Document& document, Path within, std::vector<Draft>& drafts, Refusal& refusal) const {
  Draft draft;
  draft.row = blank_row(ground_, parent_keys_);
  const Document& fields = plan::unwrapped(ground_.resource, document, refusal.faults());
  std::optional<plan::FaultList::Within> wrapping;
  draft.within = std::move(within);
  if (&fields != &document) {
    wrapping.emplace(refusal.faults(), ground_.resource.wrapped_in);
    draft.within.push_back(ground_.resource.wrapped_in);
  }
  draft.left_out = plan::read_document(document_rules(), fields, draft.row, refusal.faults());
  drafts.push_back(std::move(draft));
}

/// The rows that the body describes; of no use but to be judged where it has faults.
std::vector<Attempt::Draft> Attempt::read_drafts(Refusal& refusal) {
  std::vector<Draft> drafts;
  const Document& body = document();
  if (!takes_several()) {
    read_draft(body, {}, drafts, refusal);
  } else if (body.items.empty() || (body.items.size() > ground_.api.limits.bulk_rows && !loads())) {
    const std::string most = std::to_string(ground_.api.limits.bulk_rows);
    refusal.faults().add("From 1 to " + most + " of them at once.");
  } else {
    for (std::size_t i = 0; i < body.items.size(); ++i) {
      const plan::FaultList::Within item(refusal.faults(), i);
      read_draft(body.items[i], {std::to_string(i)}, drafts, refusal);
    }
  }
  return drafts;
}

/// What the rows refer to, defaults, guards, effects, checks. What a row's effects alter, the next one finds altered.
Part<base::Status> Attempt::fill_drafts(std::vector<Draft>& drafts, Refusal& refusal) {
  for (Draft& draft : drafts) {
    base::Status read = co_await referred_.read(draft.row, nullptr);
    if (!read) co_return read;
    referred_.add_faults(draft.row, nullptr, draft.within, refusal);
  }
  if (!refusal.is_empty()) {
    for (const Draft& draft : drafts) judge_known(draft.row, draft.left_out, draft.within, refusal);
    if (drafts.size() > 1) refusal.order_by_item();
    co_return refusal.take();
  }
  for (Draft& draft : drafts) {
    base::Status filled = co_await fill(draft, refusal);
    if (!filled) co_return filled;
  }
  if (!refusal.is_empty()) co_return refusal.take();
  co_return base::ok();
}

Part<base::Status> Attempt::fill(Draft& draft, Refusal& refusal) {
  const model::OperationRules& rules = ground_.resource.rules_of(model::OperationKind::Create);
  const plan::Surroundings around = rules_.around(draft.row);
  base::Status done = co_await apply_defaults(draft.left_out, draft.row, draft.within);
  if (done && !loads()) done = rules_.judge(rules.guards, around);
  if (done && !loads()) done = rules_.apply(rules.effects, draft.row);
  if (done) done = rules_.check(ground_.resource.checks, around, draft.within, refusal);
  co_return done;
}

/// The rows, and what each looks like.
Part<base::Result<store::Rows>> Attempt::insert(const std::vector<Draft>& drafts) {
  const bool is_shown =
      !loads() && ground_.resource.rules_of(model::OperationKind::Create).answer != model::ChangeAnswer::None;
  const bool at_once = is_shown && rows_.shows_row_alone(ground_.view);
  const bool nothing_behind = drafts.size() == 1 && at_once == is_shown && request_.idempotency_key.empty() &&
                              !referred_.are_altered() && !messages_.are_due();
  store::Rows shown;
  shown.clear(ground_.view.leaves.size());
  for (const Draft& draft : drafts) {
    writing_ = draft.within;
    plan::RowQuery insert;
    if (at_once) {
      insert = rows_.insert_and_show(ground_.view, draft.row);
    } else {
      insert.statement = rows_.insert(draft.row);
    }
    Dialogue::Asking asking = dialogue_.ask(std::move(insert), nothing_behind ? Turn::Last : Turn::Middle);
    const store::Given given = co_await asking;
    if (at_once) add_shown(given, shown);
  }
  writing_.clear();
  base::Status written = co_await referred_.write();
  for (const Draft& draft : drafts) {
    if (written && !loads()) written = co_await messages_.write(draft.row);
  }
  if (!written) co_return std::move(written).error();
  if (!is_shown || at_once) co_return shown;
  for (const Draft& draft : drafts) {
    plan::RowQuery query = rows_.show(ground_.view, draft.row);
    const store::Given given = co_await dialogue_.ask(std::move(query));
    add_shown(given, shown);
  }
  co_return shown;
}

Part<Attempt::Made> Attempt::insert_all(const std::vector<Draft>& drafts) {
  base::Result<store::Rows> shown = co_await insert(drafts);
  if (!shown) co_return std::move(shown).error();
  if (loads()) co_return request_.presenter->done();
  const bool is_one = document().kind != Document::Kind::Array;
  const std::string name = is_one ? name_of(ground_.resource, drafts.front().row) : std::string();
  if (ground_.resource.rules_of(model::OperationKind::Create).answer == model::ChangeAnswer::None) {
    co_return is_one ? request_.presenter->created_unseen(name) : request_.presenter->done();
  }
  if (!is_one) co_return request_.presenter->created_all(ground_.view, *shown);
  co_return request_.presenter->created(ground_.view, *shown, name);
}

}  // namespace portico::change
