#pragma once

#include <optional>
#include <string>
#include <vector>

#include "change/ground.hpp"
#include "change/make_change.hpp"
#include "change/messages.hpp"
#include "change/part.hpp"
#include "change/referred_rows.hpp"
#include "change/refusals.hpp"
#include "change/rules.hpp"
#include "plan/read_document.hpp"
#include "store/procedure.hpp"

namespace portico::change {

/// One attempt at a change. Its course reads from top to bottom in `run`, `keep` and, by kind of operation, `create`,
/// `alter`, `remove`, `clear`, `act` and `tell`. Writes what it comes to into `outcome`, which outlives it, like the
/// request.
class Attempt final : public store::Procedure {
 public:
  Attempt(const ChangeRequest& request, Outcome& outcome);

  Step next(store::Given&& given) override;
  [[nodiscard]] const store::Ask& ask() const override { return dialogue_.asked(); }
  void violated(const store::Violation& violation) override;

 private:
  using Made = base::Result<Outcome>;

  /// A new row on its way into the table.
  struct Draft {
    plan::TableRow row;
    Path within;  ///< what its faults' paths begin with
    plan::LeafSet left_out;
  };
  /// The row that the operation names, as it was.
  using Found = base::Result<plan::TableRow>;

  Part<Step> run();
  Part<Made> replay();
  Part<base::Status> keep(const Outcome& outcome);
  Part<Made> make();
  Part<Made> create();
  Part<Made> alter();
  Part<Made> alter_file();
  Part<Made> remove();
  Part<Made> clear(plan::BoundFilter filter);
  Part<Made> act();
  Part<Made> tell();
  /// What GET of the action tells of that row.
  Part<base::Result<base::Document>> state_of(const plan::TableRow& row);

  // Finding rows (find_rows.cpp)
  Part<base::Status> find_parents();
  Part<Found> find_row(plan::Lock lock);
  Part<Found> find_unchanged_row(plan::Lock lock);
  Part<base::Status> check_conditions(const plan::TableRow& row);
  Part<base::Status> check_unreferred(std::vector<base::Value> keys);
  [[nodiscard]] std::vector<base::Value> keys_above(const model::Resource& parent) const;

  // New rows (create_rows.cpp)
  [[nodiscard]] bool loads() const { return request_.source == plan::Source::Load; }
  [[nodiscard]] bool takes_several() const;
  [[nodiscard]] bool creates_several() const;
  [[nodiscard]] std::vector<Draft> read_drafts(Refusal& refusal);
  void read_draft(const base::Document& document, Path within, std::vector<Draft>& drafts, Refusal& refusal) const;
  Part<base::Status> fill_drafts(std::vector<Draft>& drafts, Refusal& refusal);
  Part<base::Status> fill(Draft& draft, Refusal& refusal);
  Part<base::Result<store::Rows>> insert(const std::vector<Draft>& drafts);
  Part<Made> insert_all(const std::vector<Draft>& drafts);

  // Many rows that go at once (clear_rows.cpp)
  using Keys = std::vector<plan::RowKey>;
  [[nodiscard]] plan::BoundFilter read_choice(std::vector<base::Fault>& faults) const;
  Part<base::Result<Keys>> choose(plan::BoundFilter filter);
  Part<base::Status> apply_rules(const Keys& keys);
  Part<base::Status> erase(const Keys& keys, std::int64_t rows);

  // The body (bodies.cpp)
  [[nodiscard]] plan::LeafSet read_body(plan::TableRow& row, Refusal& refusal, Path& within) const;
  [[nodiscard]] plan::LeafSet known_leaves(const plan::LeafSet& left_out, const Path& within,
                                           const Refusal& refusal) const;
  void judge_known(const plan::TableRow& row, const plan::LeafSet& left_out, const Path& within,
                   Refusal& refusal) const;
  [[nodiscard]] plan::TableRow read_input(plan::LeafSet& left_out, Refusal& refusal) const;
  [[nodiscard]] base::Status fill_input(const plan::LeafSet& left_out, plan::TableRow& input) const;
  Part<base::Status> read_lists(plan::TableRow& row);
  Part<base::Status> check_input_references(const plan::TableRow& input, Refusal& refusal);
  [[nodiscard]] const base::Document& document() const;
  [[nodiscard]] plan::DocumentRules document_rules() const;
  Part<base::Status> apply_defaults(const plan::LeafSet& left_out, plan::TableRow& row, const Path& within);

  // Files (alter_file.cpp)
  Part<base::Status> apply_file_rules(const plan::TableRow& before, plan::TableRow& after);
  Part<base::Status> write_file(const std::string& id);
  Part<base::Status> erase_file(const std::string& id);
  Part<base::Status> erase_files(const plan::TableRow& row);

  Part<base::Status> write(const plan::TableRow& before, const plan::TableRow& after);

  const ChangeRequest& request_;
  Outcome& outcome_;
  const Ground ground_;
  const plan::WriteStatements rows_;
  const Looks looks_;
  Dialogue dialogue_;
  ReferredRows referred_;
  Rules rules_;
  Messages messages_;
  std::vector<base::Value> parent_keys_;
  Path writing_;  ///< the row being written: what the paths of its faults begin with
  std::optional<Part<Step>> course_;
};

}  // namespace portico::change
