#include "store/sqlite_store.hpp"

namespace portico::store {

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

void CountCache::forget_others(std::uint32_t version) {
  if (version == version_) return;
  counts_.clear();
  version_ = version;
}

const std::int64_t* CountCache::find(const plan::Statement& statement, std::uint32_t version) {
  forget_others(version);
  const auto known = counts_.find(key_of(statement));
  return known == counts_.end() ? nullptr : &known->second;
}

void CountCache::keep(const plan::Statement& statement, std::uint32_t version, std::int64_t count) {
  forget_others(version);
  if (counts_.size() >= capacity_) counts_.clear();
  counts_[key_of(statement)] = count;
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

void SqliteStore::find_key(std::string_view id, KeyFound done) {
  std::optional<access::KeyRecord> found;
  try {
    found = keys_.find(id);
  } catch (const SqliteError& error) {
    return done(SqliteReader::error_of(error));
  }
  done(std::move(found));
}

void SqliteStore::run(const plan::Plan& plan, model::Mode mode, Answered done) {
  if (const auto* list = std::get_if<plan::ListPlan>(&plan)) return run_list(*list, mode, std::move(done));
  run_retrieve(std::get<plan::RetrievePlan>(plan), mode, std::move(done));
}

void SqliteStore::run_retrieve(const plan::RetrievePlan& plan, model::Mode mode, Answered done) {
  auto read = side(mode).reader.read(plan.row, plan.view->leaves.size(), answer_.rows);
  if (!read) return done(std::move(read).error());
  done(&answer_);
}

base::Result<bool> SqliteStore::list_in_place(const plan::ListPlan& plan, Side& side) {
  if (plan.page_cost == plan::Cost::Growing) return false;
  auto read = side.reader.read(plan.page, plan.view->leaves.size(), answer_.rows);
  if (!read) return std::move(read).error();
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
  send_to_worker(plan, mode, std::move(done));
}

/// A query on its way to a worker and back. Made and ended on the loop; the worker only fills it.
struct SqliteStore::Errand {
  SqliteStore* store;
  const plan::ListPlan& plan;
  model::Mode mode;
  std::uint32_t version_before;
  Answered done;
  Answer answer = {};
  base::Status outcome = base::ok();

  void return_home() {
    if (!outcome) return done(std::move(outcome).error());
    // The worker's snapshot lies between two looks of ours. If nothing was written between them, its count is true of
    // what we see now, and may be remembered.
    Side& side = store->side(mode);
    const auto version_now = side.reader.version_now();
    if (version_now && *version_now == version_before) side.counts.keep(plan.count, *version_now, answer.count);
    done(&answer);
  }
};

void SqliteStore::send_to_worker(const plan::ListPlan& plan, model::Mode mode, Answered done) {
  const auto version = side(mode).reader.version_now();
  if (!version) return done(version.error());
  auto errand = std::make_shared<Errand>(Errand{this, plan, mode, *version, std::move(done)});
  // The worker's own hold on the errand goes home with it: all that hangs on it ends on the loop's thread.
  auto submitted = workers_->submit(mode, [held = errand, post = post_](SqliteReader& reader) mutable {
    held->outcome = reader.read_list(held->plan, held->answer.rows, held->answer.count);
    (*post)([errand = std::move(held)] { errand->return_home(); });
  });
  if (!submitted) errand->done(std::move(submitted).error());
}

}  // namespace portico::store
