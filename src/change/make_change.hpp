#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/document.hpp"
#include "base/error.hpp"
#include "base/time.hpp"
#include "model/api.hpp"
#include "operation/operation.hpp"
#include "plan/make_plan.hpp"
#include "plan/read_document.hpp"
#include "plan/table_row.hpp"
#include "store/procedure.hpp"
#include "store/rows.hpp"

namespace portico::change {

/// What a change is answered with, as HTTP has it.
struct Outcome {
  int status = 204;
  std::string head;  ///< further fields, as http::Response::head
  std::string body;
  bool has_messages = false;       ///< webhooks have been told, and the outbox has new entries
  std::string error_type = {};     ///< of a refusal, as the body names it
  std::string error_message = {};  ///< the same
  std::string fault = {};          ///< for the log alone: what was wrong with us, where the status is 500 or more
};

/// A file that a change puts below a row.
struct NewFile {
  base::FileType type = base::FileType::Png;
  std::string bytes;
  std::string entity_tag;  ///< without its quotes
};

/// Whether there was a file before.
enum class Putting : std::uint8_t { New, Replaced };

/// How outcomes and their marks look on the wire: the server's, which knows dialects and formats. Immutable while the
/// change runs; called on whatever thread the store uses.
class Presenter {
 public:
  virtual ~Presenter() = default;
  Presenter(const Presenter&) = delete;
  Presenter& operator=(const Presenter&) = delete;

  /// 201 for a row that was made: its representation, `Location`, `ETag`.
  [[nodiscard]] virtual Outcome created(const model::View& view, const store::Rows& row,
                                        std::string_view name) const = 0;
  /// 204 for a row that was made and is not shown: `Location`.
  [[nodiscard]] virtual Outcome created_unseen(std::string_view name) const = 0;
  /// 201 for rows that were made together: an array of them.
  [[nodiscard]] virtual Outcome created_all(const model::View& view, const store::Rows& rows) const = 0;
  /// 200 for a row that was replaced or updated: its representation, `ETag`.
  [[nodiscard]] virtual Outcome altered(const model::View& view, const store::Rows& row) const = 0;
  /// 204: replaced, updated, deleted, acted, or created and not shown.
  [[nodiscard]] virtual Outcome done() const = 0;
  /// 201, or 204, for a file that was put; `entity_tag` with its quotes.
  [[nodiscard]] virtual Outcome put(Putting putting, std::string_view entity_tag) const = 0;
  /// 200 with an action's answer, an object.
  [[nodiscard]] virtual Outcome told(const base::Document& answer) const = 0;
  /// A refusal, in the form agreed upon.
  [[nodiscard]] virtual Outcome refused(const base::Error& error) const = 0;
  /// The entity tag of a row's representation, as GET would send it now: `"…"`.
  [[nodiscard]] virtual std::string entity_tag(const model::View& view, const store::Rows& row) const = 0;
  /// The same of an action's state.
  [[nodiscard]] virtual std::string entity_tag(const base::Document& state) const = 0;
  /// The URL of a row's file, as GET of the row would show it now. Precondition: the view shows it.
  [[nodiscard]] virtual std::string file_url(const model::View& view, std::size_t leaf,
                                             const plan::TableRow& row) const = 0;

 protected:
  Presenter() = default;
};

/// What a change takes.
struct ChangeRequest {
  std::shared_ptr<const model::Api> api;
  const plan::Planner& planner;  ///< lives as long as `presenter`
  operation::Change operation;   ///< with Retrieve and an action: nothing changes, and that action's state is told
  std::string account;
  int version = 0;
  model::Mode mode = model::Mode::Production;
  base::Microseconds now = 0;
  /// The field's value; empty: none (RFC 9110 §13.1.1). Of what a collection is asked for, Create and Clear, `*`.
  std::string if_match = {};
  /// The same (RFC 9110 §13.1.2). `*` on a creating PUT is not offered; anything is compared.
  std::string if_none_match = {};
  /// Seconds since 1970 (RFC 9110 §13.1.4); of files alone, as rows have no such date.
  std::optional<std::int64_t> if_unmodified_since = {};
  std::optional<NewFile> file = {};  ///< with Change::file: what it becomes; nothing: it is deleted
  std::string idempotency_key = {};  ///< the field's value; empty: none
  std::string fingerprint = {};      ///< of the request, where there is such a key
  std::shared_ptr<const Presenter> presenter;
  /// Load: Create of an array of rows, as many as there are, whatever the resource's operations are. Rows that are
  /// there elsewhere come about once more: no guard is judged, no effect happens, no webhook is told, and nothing is
  /// shown; all else that holds for new rows does.
  plan::Source source = plan::Source::Client;
};

/// A change with what came of it.
class RequestedChange : public store::Mutation {
 public:
  /// What the last attempt came to. After the store has completed the change without an error.
  [[nodiscard]] virtual const Outcome& outcome() const = 0;
};

/// The whole of a change, to be given to store::Store::change: in one transaction it finds out whether the key was
/// used already, finds and locks the rows concerned, judges preconditions and guards, takes the body in, applies
/// defaults and effects, judges checks and references, writes, and keeps the answer under its key. Every refusal is
/// an outcome; faults of a body are collected over all of it.
[[nodiscard]] std::shared_ptr<RequestedChange> make_change(ChangeRequest request);

}  // namespace portico::change
