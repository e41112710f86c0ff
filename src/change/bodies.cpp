#include <algorithm>
#include <optional>
#include <stdexcept>

#include "change/attempt.hpp"
#include "plan/apply_defaults.hpp"

namespace portico::change {

using base::Document;
using base::Error;
using plan::TableRow;

/// No body says no more than an empty object.
const Document& Attempt::document() const {
  static const Document nothing{.kind = Document::Kind::Object};
  return ground_.operation.body ? ground_.operation.body->document : nothing;
}

plan::DocumentRules Attempt::document_rules() const {
  return {.api = ground_.api,
          .view = ground_.view,
          .kind = ground_.operation.kind,
          .writing = ground_.operation.body ? ground_.operation.body->writing : operation::Writing::Json,
          .source = request_.source,
          .file_url = [this](std::size_t leaf, const TableRow& row) {
            return request_.presenter->file_url(ground_.view, leaf, row);
          }};
}

/// Into a row that is there. `within`: where its faults belong.
plan::LeafSet Attempt::read_body(TableRow& row, Refusal& refusal, Path& within) const {
  const TableRow before = row;
  const Document& fields = plan::unwrapped(ground_.resource, document(), refusal.faults());
  std::optional<plan::FaultList::Within> wrapping;
  if (&fields != &document()) {
    within.push_back(ground_.resource.wrapped_in);
    wrapping.emplace(refusal.faults(), ground_.resource.wrapped_in);
  }
  plan::LeafSet left_out = plan::read_document(document_rules(), fields, row, refusal.faults());
  for (const std::size_t leaf : ground_.resource.key) {  // others refer to it by its key
    if (row[leaf] == before[leaf]) continue;
    refusal.faults().add_below(path_of(ground_.view, leaf), "Cannot be changed.");
  }
  return left_out;
}

/// Lists of other resources' rows, which a body may repeat: they are read where it has one.
Part<base::Status> Attempt::read_lists(TableRow& row) {
  Refusal told_by_read_body;
  const Document& fields = plan::unwrapped(ground_.resource, document(), told_by_read_body.faults());
  const auto& nodes = ground_.view.nodes;
  const bool has_one = std::any_of(nodes.begin(), nodes.end(), [&fields](const model::ViewNode& node) {
    return node.field->rows && fields.find(node.name) != nullptr;
  });
  if (!has_one) co_return base::ok();
  plan::RowQuery query = rows_.lists_of_rows(ground_.view, row);
  const store::Given given = co_await dialogue_.ask(std::move(query));
  if (given.rows.size() != 1) throw std::logic_error("a row that was just read is not to be seen");
  std::size_t list = 0;
  for (const std::size_t leaf : ground_.view.leaves) {
    if (ground_.resource.leaves[leaf].relation != 0) row[leaf] = std::string(given.rows.row(0)[list++].text);
  }
  co_return base::ok();
}

/// Defaults may choose rows that later defaults look at.
Part<base::Status> Attempt::apply_defaults(const plan::LeafSet& left_out, TableRow& row, const Path& within) {
  const TableRow before = row;
  const plan::Surroundings around = rules_.around(row);
  const plan::Defaults defaults{.view = ground_.view, .left_out = left_out, .around = around};
  std::size_t next = 0;
  while (next < row.size()) {
    auto done = plan::apply_defaults_from(next, defaults, row);
    if (!done) co_return below(within, std::move(done).error());
    next = *done;
    base::Status read = co_await referred_.read(row, &before);
    if (!read) co_return read;
  }
  Refusal refusal;
  referred_.add_faults(row, &before, within, refusal);
  if (!refusal.is_empty()) co_return refusal.take();
  co_return base::ok();
}

/// Of a row with faults, the leaves that are to be judged nevertheless: no fault blames them, and neither defaults
/// nor effects will alter them.
plan::LeafSet Attempt::known_leaves(const plan::LeafSet& left_out, const Path& within, const Refusal& refusal) const {
  plan::LeafSet known(left_out.size());
  for (std::size_t leaf = 0; leaf < known.size(); ++leaf) {
    if (left_out[leaf]) continue;
    Path path = within;
    for (std::string& step : path_of(ground_.view, leaf)) path.push_back(std::move(step));
    known[leaf] = !refusal.blames(path);
  }
  for (const model::Effect& effect : ground_.resource.rules_of(ground_.operation.kind).effects) {
    if (!effect.through) known[effect.leaf] = false;
  }
  return known;
}

/// The checks that can be judged of a row with faults, so that one answer tells of all. One that cannot be worked out
/// says nothing beside them.
void Attempt::judge_known(const TableRow& row, const plan::LeafSet& left_out, const Path& within,
                          Refusal& refusal) const {
  const plan::LeafSet known = known_leaves(left_out, within, refusal);
  const plan::Surroundings around = rules_.around(row);
  for (const model::Guard& check : ground_.resource.checks) {
    if (!plan::looks_only_at(check.condition, known)) continue;
    static_cast<void>(rules_.check({&check, 1}, around, within, refusal));
  }
}

/// What an action takes, before defaults.
TableRow Attempt::read_input(plan::LeafSet& left_out, Refusal& refusal) const {
  const model::Action& action = *ground_.operation.action;
  if (action.input == nullptr) {
    const Document& given = document();
    if (given.kind == Document::Kind::Object && given.members.empty()) return {};
    for (const base::Member& member : given.members) {
      refusal.faults().add_at(member.name, "Unknown field: " + action.name + " takes none.");
    }
    if (refusal.is_empty()) refusal.faults().add("Must be an empty object, or no body at all.");
    return {};
  }
  TableRow input(action.input->leaves.size());
  const plan::DocumentRules rules = document_rules();
  const model::View& view = ground_.api.view(*action.input, request_.version);
  const plan::DocumentRules of_input{.api = rules.api, .view = view, .kind = rules.kind, .writing = rules.writing};
  left_out = plan::read_document(of_input, document(), input, refusal.faults());
  return input;
}

base::Status Attempt::fill_input(const plan::LeafSet& left_out, TableRow& input) const {
  const model::Action& action = *ground_.operation.action;
  if (action.input == nullptr) return base::ok();
  const plan::Surroundings around{
      .resource = *action.input, .row = input, .now = request_.now, .mode = request_.mode};
  const model::View& view = ground_.api.view(*action.input, request_.version);
  return plan::apply_defaults({.view = view, .left_out = left_out, .around = around}, input);
}

/// What the input of an action refers to is there, for this account.
Part<base::Status> Attempt::check_input_references(const TableRow& input, Refusal& refusal) {
  for (std::size_t leaf = 0; leaf < input.size(); ++leaf) {
    const model::Resource& fields = *ground_.operation.action->input;
    const model::Resource* referred = ground_.api.find_resource(fields.leaves[leaf].field->refers);
    if (referred == nullptr || base::is_null(input[leaf])) continue;
    plan::RowQuery query = ground_.rows_of(*referred).read_keyed(input[leaf], plan::Lock::Share);
    const store::Given given = co_await dialogue_.ask(std::move(query));
    if (given.rows.size() != 0) continue;
    refusal.add_missing(path_of(ground_.api.view(fields, request_.version), leaf), *referred);
  }
  co_return base::ok();
}

}  // namespace portico::change
