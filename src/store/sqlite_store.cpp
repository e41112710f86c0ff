#include "store/sqlite_store.hpp"

#include <chrono>
#include <exception>
#include <utility>

namespace portico::store {
namespace {

/// How long a loop, with all its other clients, waits for a page that was planned to be quick. What takes longer, by
/// a wrong plan or a cold disk, goes to a worker.
constexpr std::chrono::milliseconds page_in_place_most{25};

/// The same for one object by its key, which has no other way: over it, the database is as good as away.
constexpr std::chrono::milliseconds object_in_place_most{1'000};

/// So that the counts remembered have a most in bytes too: this times Limits::counts_remembered.
constexpr std::size_t count_key_bytes_max = 4096;

}  // namespace

const std::string& CountCache::key_of(const plan::Statement& statement) {
  key_ = statement.sql;
  for (const base::Value& value : statement.binds) {
    key_ += static_cast<char>(value.index());
    if (const auto* text = std::get_if<std::string>(&value)) {
      key_ += std::to_string(text->size());
      key_ += ':';
      key_ += *text;
    } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
      key_.append(reinterpret_cast<const char*>(integer), sizeof *integer);
    } else if (const auto* real = std::get_if<double>(&value)) {
      key_.append(reinterpret_cast<const char*>(real), sizeof *real);
    }
  }
  return key_;
}

void CountCache::forget_others(std::uint64_t version) {
  if (version == version_) return;
  counts_.clear();
  version_ = version;
}

const std::int64_t* CountCache::find(const plan::Statement& statement, std::uint64_t version) {
  forget_others(version);
  const auto known = counts_.find(key_of(statement));
  return known == counts_.end() ? nullptr : &known->second;
}

void CountCache::keep(const plan::Statement& statement, std::uint64_t version, std::int64_t count) {
  forget_others(version);
  const std::string& key = key_of(statement);
  if (key.size() > count_key_bytes_max) return;
  if (counts_.size() >= capacity_) counts_.clear();
  counts_[key] = count;
}

SqliteStore::SqliteStore(const std::filesystem::path& directory, std::shared_ptr<SqliteWorkers> workers, Post post)
    : workers_(std::move(workers)),
      post_(std::make_shared<const Post>(std::move(post))),
      production_{.reader = {database_file(directory, model::Mode::Production), workers_->rules()},
                  .counts = CountCache(workers_->rules().limits.counts_remembered)},
      sandbox_{.reader = {database_file(directory, model::Mode::Sandbox), workers_->rules()},
               .counts = CountCache(workers_->rules().limits.counts_remembered)},
      keys_(directory) {}

SqliteStore::~SqliteStore() = default;

void SqliteStore::find_key(std::string_view id, Freshness /*freshness*/, KeyFound done) {
  std::optional<access::KeyRecord> found;
  try {
    found = keys_.find(id);
  } catch (const SqliteError& error) {
    return done(SqliteReader::error_of(error));
  } catch (const std::exception& fault) {
    return done(base::Error{.code = base::ErrorCode::Internal, .message = fault.what()});
  }
  done(std::move(found));
}

Store::Ticket SqliteStore::run(const Query& query, Answered done) {
  if (const auto* list = std::get_if<plan::ListPlan>(&query.plan)) {
    run_list(*list, query.mode, std::move(done));
  } else {
    run_retrieve(std::get<plan::RetrievePlan>(query.plan), query.mode, std::move(done));
  }
  return 0;
}

void SqliteStore::run_retrieve(const plan::RetrievePlan& plan, model::Mode mode, Answered done) {
  auto read = side(mode).reader.read_within(object_in_place_most, {plan.row, plan.view->leaves.size()}, answer_.rows);
  if (!read) return done(std::move(read).error());
  if (!*read) {
    return done(base::Error{.code = base::ErrorCode::Unavailable, .detail = "too slow in place: " + plan.row.sql});
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
    answer_.count = (plan.number - 1) * plan.size + rows;
    return true;
  }
  const std::int64_t* count = side.counts.find(plan.count, side.reader.version_read());
  if (count == nullptr) return false;
  answer_.count = *count;
  return true;
}

void SqliteStore::run_list(const plan::ListPlan& plan, model::Mode mode, Answered done) {
  auto in_place = list_in_place(plan, side(mode));
  if (!in_place) return done(std::move(in_place).error());
  if (*in_place) return done(&answer_);
  send_to_worker(plan, mode, Counting::IfUnknown, std::move(done));
}

/// A query on its way to a worker and back. The worker only fills it.
struct SqliteStore::Errand {
  SqliteStore* store;  // lives as long as `done`, which holds what asked
  const plan::ListPlan& plan;
  model::Mode mode;
  std::uint64_t version_before;
  std::optional<std::int64_t> known_count;  // of that version
  Answered done;
  Answer answer = {};
  base::Status outcome = base::ok();

  void fill(base::Result<SqliteReader*> reader) {
    try {
      outcome = reader ? fill_from(**reader) : std::move(reader).error();
    } catch (const std::exception& fault) {
      outcome = base::Error{.code = base::ErrorCode::Internal, .message = fault.what()};
    }
  }

  base::Status fill_from(SqliteReader& reader) {
    if (!known_count) return reader.read_list(plan, answer.rows, answer.count);
    answer.count = *known_count;
    return reader.read(plan.page, plan.view->leaves.size(), answer.rows);
  }

  /// The worker's snapshot lies between two looks of ours, each of the file that has the name. If nothing was written
  /// between them, a count remembered before is true of that snapshot, and one made there is true of what we see now.
  void return_home() {
    if (!outcome) return done(std::move(outcome).error());
    Side& side = store->side(mode);
    const auto version_now = side.reader.version_now();
    const bool unchanged = version_now && *version_now == version_before;
    if (known_count && !unchanged) return store->send_to_worker(plan, mode, Counting::Anew, std::move(done));
    if (unchanged) side.counts.keep(plan.count, *version_now, answer.count);
    done(&answer);
  }
};

/// Where an errand ends. Through `done` it holds what is the loop's (the call, its connection, this store), which no
/// worker may end, nor may it let go of the last store and so of the workers, among them itself. And none can:
/// - arrive() runs on the loop and takes the errand out of here, so that what the worker still holds is empty;
/// - a landing that never arrives, as its loop has ended, gives the errand to `stranded`, whoever drops it last. That
///   is emptied by SqliteWorkers::stop() alone, after all workers have ended.
/// A worker that fills an errand needs the plan and the store that it holds, and no loop.
class SqliteStore::Landing {
 public:
  Landing(Errand errand, std::shared_ptr<Stranded> stranded)
      : errand_(std::make_shared<Errand>(std::move(errand))), stranded_(std::move(stranded)), place_(1) {}
  ~Landing() {
    if (errand_ == nullptr) return;
    place_.front() = std::move(errand_);
    stranded_->take(std::move(place_));
  }
  Landing(const Landing&) = delete;
  Landing& operator=(const Landing&) = delete;

  void fill(base::Result<SqliteReader*> reader) { errand_->fill(std::move(reader)); }
  void arrive() { std::exchange(errand_, nullptr)->return_home(); }
  [[nodiscard]] Answered refused() { return std::exchange(errand_, nullptr)->done; }

 private:
  std::shared_ptr<Errand> errand_;
  std::shared_ptr<Stranded> stranded_;
  Stranded::List place_;  // made beforehand: a destructor must not ask for memory
};

void SqliteStore::send_to_worker(const plan::ListPlan& plan, model::Mode mode, Counting counting, Answered done) {
  auto version = side(mode).reader.version_now();
  if (!version) return done(std::move(version).error());
  std::optional<std::int64_t> known_count;
  if (counting == Counting::IfUnknown) {
    if (const std::int64_t* count = side(mode).counts.find(plan.count, *version)) known_count = *count;
  }
  const auto landing = std::make_shared<Landing>(Errand{this, plan, mode, *version, known_count, std::move(done)},
                                                 workers_->stranded());
  auto submitted = workers_->submit(mode, [landing, post = post_](base::Result<SqliteReader*> reader) {
    landing->fill(std::move(reader));
    (*post)([landing] { landing->arrive(); });
  });
  if (!submitted) landing->refused()(std::move(submitted).error());
}

}  // namespace portico::store
