#include "store/sqlite_store.hpp"

#include <atomic>
#include <chrono>
#include <exception>
#include <utility>

#include "store/sqlite_landing.hpp"

namespace portico::store {
namespace {

/// How long a loop, with all its other clients, waits for a page that was planned to be quick. What takes longer, by
/// a wrong plan or a cold disk, goes to a worker.
constexpr std::chrono::milliseconds page_in_place_most{25};

/// The same for one object by its key, which has no other way: over it, the database is as good as away.
constexpr std::chrono::milliseconds object_in_place_most{1'000};

/// SQLite's number for what a connection sees, as CountMemory takes it.
std::string version_text(std::uint64_t version) {
  return std::to_string(version);
}

/// A procedure that has asked; null: it has ended, with nothing to do, nor to undo.
base::Result<std::unique_ptr<Procedure>> begin(Mutation& mutation) {
  try {
    std::unique_ptr<Procedure> procedure = mutation.begin();
    if (procedure->next({}) != Procedure::Step::Ask) procedure.reset();
    return procedure;
  } catch (const std::exception& fault) {
    return base::Error{.message = fault.what()};
  }
}

}  // namespace

SqliteStore::Side::Side(const std::filesystem::path& file, const FunctionRules& rules)
    : reader(file, rules), counts(rules.limits.counts_remembered) {}

SqliteStore::SqliteStore(SqliteThreads threads, std::unique_ptr<KeyRegistry> keys, Post post)
    : workers_(std::move(threads.workers)),
      writers_(std::move(threads.writers)),
      post_(std::make_shared<const Post>(std::move(post))),
      production_(workers_->files().production, workers_->rules()),
      keys_(std::move(keys)) {
  if (!workers_->files().sandbox.empty()) sandbox_.emplace(workers_->files().sandbox, workers_->rules());
}

SqliteStore::~SqliteStore() = default;

void SqliteStore::find_public_key(const PublicKeyQuery& query, PublicKeyFound done) {
  std::optional<std::string> found;
  try {
    found = keys_->find_public(query);
  } catch (const SqliteError& error) {
    return done(SqliteReader::error_of(error));
  } catch (const std::exception& fault) {
    return done(base::Error{.code = base::ErrorCode::Internal, .message = fault.what()});
  }
  done(std::move(found));
}

void SqliteStore::find_key(std::string_view id, Freshness /*freshness*/, KeyFound done) {
  std::optional<access::KeyRecord> found;
  try {
    found = keys_->find(id);
  } catch (const SqliteError& error) {
    return done(SqliteReader::error_of(error));
  } catch (const std::exception& fault) {
    return done(base::Error{.code = base::ErrorCode::Internal, .message = fault.what()});
  }
  done(std::move(found));
}

void SqliteStore::find_grant(std::string_view id, GrantFound done) {
  std::optional<access::Grant> found;
  try {
    found = keys_->find_grant(id);
  } catch (const SqliteError& error) {
    return done(SqliteReader::error_of(error));
  } catch (const std::exception& fault) {
    return done(base::Error{.code = base::ErrorCode::Internal, .message = fault.what()});
  }
  done(std::move(found));
}

/// In place: its commit waits for no disk.
void SqliteStore::add_token(const access::KeyRecord& token, TokenKept done) {
  bool kept = false;
  try {
    kept = keys_->add_token(token);
  } catch (const SqliteError& error) {
    return done(SqliteReader::error_of(error));
  } catch (const std::exception& fault) {
    return done(base::Error{.code = base::ErrorCode::Internal, .message = fault.what()});
  }
  done(kept);
}

base::Status SqliteStore::health() const {
  auto reachable = production_.reader.reachable();
  if (reachable && sandbox_) reachable = sandbox_->reader.reachable();
  return reachable ? keys_->reachable() : std::move(reachable);
}

base::Status SqliteStore::health_of_changes() const {
  if (writers_ == nullptr) return base::ok();
  for (const model::Mode mode : {model::Mode::Production, model::Mode::Sandbox}) {
    SqliteWriter* const writer = writers_->find(mode);
    if (writer == nullptr) continue;
    if (auto health = writer->health(); !health) return health;
  }
  return base::ok();
}

Store::Ticket SqliteStore::run(const Query& query, Answered done) {
  if (query.mode == model::Mode::Sandbox && !sandbox_) {
    done(base::Error{.code = base::ErrorCode::Internal, .message = "a query for a sandbox that there is not"});
    return 0;
  }
  if (const auto* list = std::get_if<plan::ListPlan>(&query.plan))
    return run_list(*list, query.mode, std::move(done));
  if (const auto* file = std::get_if<plan::FilePlan>(&query.plan)) {
    run_file(*file, query.mode, std::move(done));
    return 0;
  }
  const auto& row = std::get<plan::RetrievePlan>(query.plan);
  if (row.cost == plan::Cost::Growing) return send_to_worker(row, query.mode, std::move(done));
  run_retrieve(row, query.mode, std::move(done));
  return 0;
}

void SqliteStore::run_retrieve(const plan::RetrievePlan& plan, model::Mode mode, Answered done) {
  read_in_place({plan.row, plan.view->leaves.size()}, mode, done);
}

void SqliteStore::read_in_place(const Selection& selection, model::Mode mode, const Answered& done) {
  auto read = side(mode).reader.read_within(object_in_place_most, selection, answer_.rows);
  if (!read) return done(std::move(read).error());
  if (!*read) {
    return done(
        base::Error{.code = base::ErrorCode::Unavailable, .detail = "too slow in place: " + selection.statement.sql});
  }
  done(&answer_);
}

base::Result<bool> SqliteStore::list_in_place(const plan::ListPlan& plan, Side& side) {
  if (plan.page_cost == plan::Cost::Growing) return false;
  auto read = side.reader.read_within(page_in_place_most, {plan.page, plan.view->leaves.size()}, answer_.rows);
  if (!read) return std::move(read).error();
  if (!*read) return false;
  // A page that is not full is the last one: it says itself how many there are.
  const auto rows = static_cast<std::int64_t>(answer_.rows.size());
  if (rows < plan.size && (rows > 0 || plan.number == 1)) {
    answer_.count = plan.rows_before() + rows;
    return true;
  }
  const std::int64_t* count = side.counts.find(plan.count, version_text(side.reader.version_read()));
  if (count == nullptr) return false;
  answer_.count = *count;
  return true;
}

Store::Ticket SqliteStore::run_list(const plan::ListPlan& plan, model::Mode mode, Answered done) {
  auto in_place = list_in_place(plan, side(mode));
  if (in_place && !*in_place) return send_to_worker(plan, mode, std::move(done));
  if (in_place) {
    done(&answer_);
  } else {
    done(std::move(in_place).error());
  }
  return 0;
}

/// A query on its way to a worker and back. The worker only fills it.
struct SqliteStore::Errand {
  SqliteStore* store;  // lives as long as `done`, which holds what asked
  std::variant<const plan::ListPlan*, const plan::RetrievePlan*> plan;
  model::Mode mode;
  std::uint64_t version_before;             // of a list
  std::optional<std::int64_t> known_count;  // of that version
  Ticket ticket;
  Answered done;
  Answer answer = {};
  base::Status outcome = base::ok();

  void fill(base::Result<SqliteReader*> reader, const std::atomic<bool>& abandoned) {
    try {
      if (reader) {
        const SqliteReader::Interest interest(**reader, abandoned);
        outcome = fill_from(**reader);
      } else {
        outcome = std::move(reader).error();
      }
    } catch (const std::exception& fault) {
      outcome = base::Error{.code = base::ErrorCode::Internal, .message = fault.what()};
    }
  }

  base::Status fill_from(SqliteReader& reader) {
    if (const auto* row = std::get_if<const plan::RetrievePlan*>(&plan)) {
      return reader.read((*row)->row, (*row)->view->leaves.size(), answer.rows);
    }
    const plan::ListPlan& list = *std::get<const plan::ListPlan*>(plan);
    if (!known_count) return reader.read_list(list, answer.rows, answer.count);
    answer.count = *known_count;
    return reader.read(list.page, list.view->leaves.size(), answer.rows);
  }

  /// The worker's snapshot lies between two looks of ours, each of the file that has the name. If nothing was written
  /// between them, a count remembered before is true of that snapshot, and one made there is true of what we see now.
  void return_home() {
    store->awaited_.erase(ticket);
    if (!outcome) return done(std::move(outcome).error());
    if (std::holds_alternative<const plan::RetrievePlan*>(plan)) return done(&answer);
    Side& side = store->side(mode);
    const auto version_now = side.reader.version_now();
    const bool unchanged = version_now && *version_now == version_before;
    if (known_count && !unchanged) return send_again();
    if (unchanged)
      side.counts.keep(std::get<const plan::ListPlan*>(plan)->count, version_text(*version_now), answer.count);
    done(&answer);
  }

  /// Under the same ticket, to be counted anew.
  void send_again() {
    auto version = store->side(mode).reader.version_now();
    if (!version) return done(std::move(version).error());
    store->send({store, plan, mode, *version, std::nullopt, ticket, std::move(done)});
  }

  void abandon() {
    store->awaited_.erase(ticket);
    done(base::Error{.code = base::ErrorCode::Unavailable, .detail = "the client has gone"});
  }
};

/// Of an errand, with what its worker looks at meanwhile. A worker that fills one needs the plan and the store that
/// it holds, and no loop.
class SqliteStore::Landing : public LandingPlace<Errand> {
 public:
  using LandingPlace::LandingPlace;

  // On the worker.
  void fill(base::Result<SqliteReader*> reader) { errand().fill(std::move(reader), abandoned_); }

  // On the loop.
  void arrive() { take()->return_home(); }
  /// What reads for it ends soon.
  void abandon() noexcept { abandoned_ = true; }

 private:
  std::atomic<bool> abandoned_ = false;
};

Store::Ticket SqliteStore::send_to_worker(const plan::ListPlan& plan, model::Mode mode, Answered done) {
  auto version = side(mode).reader.version_now();
  if (!version) {
    done(std::move(version).error());
    return 0;
  }
  std::optional<std::int64_t> known_count;
  if (const std::int64_t* count = side(mode).counts.find(plan.count, version_text(*version))) known_count = *count;
  const Ticket ticket = ++last_ticket_;
  send({this, &plan, mode, *version, known_count, ticket, std::move(done)});
  return awaited_.contains(ticket) ? ticket : 0;
}

Store::Ticket SqliteStore::send_to_worker(const plan::RetrievePlan& plan, model::Mode mode, Answered done) {
  const Ticket ticket = ++last_ticket_;
  send({this, &plan, mode, 0, std::nullopt, ticket, std::move(done)});
  return awaited_.contains(ticket) ? ticket : 0;
}

void SqliteStore::send(Errand errand) {
  const Ticket ticket = errand.ticket;
  const model::Mode mode = errand.mode;
  const auto landing = std::make_shared<Landing>(std::move(errand), workers_->stranded());
  auto submitted = workers_->submit(mode, [landing, post = post_](base::Result<SqliteReader*> reader) {
    landing->fill(std::move(reader));
    (*post)([landing] { landing->arrive(); });
  });
  if (!submitted) return landing->take()->done(std::move(submitted).error());
  awaited_[ticket] = {.landing = landing, .task = *submitted};
}

/// What still waits for a worker is answered here, at once; what one works on comes home soon.
void SqliteStore::abandon(Ticket ticket) {
  const auto found = awaited_.find(ticket);
  if (found == awaited_.end()) return;
  const std::shared_ptr<Landing> landing = found->second.landing.lock();
  if (landing == nullptr) return;
  landing->abandon();
  if (workers_->withdraw(found->second.task)) landing->take()->abandon();
}

/// Several parts of a file on their way from a worker.
struct SqliteStore::FileErrand {
  const plan::FilePlan& plan;  // lives as long as `done`
  Answered done;
  Answer answer = {};
  base::Status outcome = base::ok();

  void fill(base::Result<SqliteReader*> reader) {
    try {
      outcome = reader ? (*reader)->read(plan.rows, plan::file_readings.size(), answer.rows)
                       : base::Status(std::move(reader).error());
    } catch (const std::exception& fault) {
      outcome = base::Error{.code = base::ErrorCode::Internal, .message = fault.what()};
    }
  }

  void return_home() {
    if (!outcome) return done(std::move(outcome).error());
    done(&answer);
  }
};

void SqliteStore::run_file(const plan::FilePlan& plan, model::Mode mode, Answered done) {
  if (plan.cost == plan::Cost::Bounded) return read_in_place({plan.rows, plan::file_readings.size()}, mode, done);
  const auto landing =
      std::make_shared<LandingPlace<FileErrand>>(FileErrand{plan, std::move(done)}, workers_->stranded());
  auto submitted = workers_->submit(mode, [landing, post = post_](base::Result<SqliteReader*> reader) {
    landing->errand().fill(std::move(reader));
    (*post)([landing] { landing->take()->return_home(); });
  });
  if (!submitted) landing->take()->done(std::move(submitted).error());
}

/// A change on its way to the writer and back, which only runs its statements: what comes before the first and after
/// the last is done here, as there is one writer and may be many loops.
struct SqliteStore::Change {
  std::shared_ptr<Mutation> mutation;
  Changed done;
  base::Status outcome = base::ok();
  Rest rest = {};  // of the mutation, so that it must end first

  void return_home() {
    try {
      if (rest.procedure && rest.procedure->next(std::move(rest.given)) != Procedure::Step::Commit) {
        outcome = base::Error{.message = "a change that is made went wrong after its last statement"};
      }
    } catch (const std::exception& fault) {
      outcome = base::Error{.message = fault.what()};
    }
    rest = {};
    done(std::move(outcome));
  }
};

void SqliteStore::change(std::shared_ptr<Mutation> mutation, model::Mode mode, Changed done) {
  SqliteWriter* const writer = writers_ == nullptr ? nullptr : writers_->find(mode);
  if (writer == nullptr) return done(base::Error{.message = "a change of a database that is only read"});
  auto procedure = begin(*mutation);
  if (!procedure) return done(std::move(procedure).error());
  if (*procedure == nullptr) return done(base::ok());
  const auto landing =
      std::make_shared<LandingPlace<Change>>(Change{mutation, std::move(done)}, writers_->stranded());
  auto submitted = writer->submit(std::move(mutation), *std::move(procedure),
                                  [landing, post = post_](base::Status outcome, Rest rest) {
                                    landing->errand().outcome = std::move(outcome);
                                    landing->errand().rest = std::move(rest);
                                    (*post)([landing] { landing->take()->return_home(); });
                                  });
  if (!submitted) landing->take()->done(std::move(submitted).error());
}

/// In place: its statements find rows by their keys.
void SqliteStore::consult(std::shared_ptr<Mutation> looking, model::Mode mode, Changed done) {
  if (mode == model::Mode::Sandbox && !sandbox_) {
    return done(base::Error{.message = "a look at a sandbox that there is not"});
  }
  base::Status outcome = base::ok();
  try {
    outcome = side(mode).reader.consult(*looking, object_in_place_most);
  } catch (const std::exception& fault) {
    outcome = base::Error{.code = base::ErrorCode::Internal, .message = fault.what()};
  }
  done(std::move(outcome));
}

}  // namespace portico::store
