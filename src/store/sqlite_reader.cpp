#include "store/sqlite_reader.hpp"

#include <chrono>
#include <stdexcept>

#include <sqlite3.h>

#include "store/sqlite_deadline.hpp"

namespace portico::store {
namespace {

SqliteOptions reading_options() {
  return {
      .mode = OpenMode::ReadOnly,
      .busy_timeout = std::chrono::milliseconds{20},  // in WAL mode only a recovery is waited for; a loop waits, too
      .cache_bytes = 64 * 1024 * 1024,
      .mmap_bytes = std::int64_t{2} * 1024 * 1024 * 1024};
}

/// A transaction for reading; what leaves it by an error rolls it back, so that the next one sees what is new.
class Snapshot {
 public:
  explicit Snapshot(SqliteConnection& connection) : handle_(connection.handle()) {}
  ~Snapshot() {
    if (sqlite3_get_autocommit(handle_) == 0) sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
  }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  sqlite3* handle_;
};

}  // namespace

SqliteStatement& StatementCache::find(SqliteConnection& connection, const std::string& sql) {
  return find(connection, sql, [&sql] { return sql; }).statement;
}

StatementCache::Entry& StatementCache::find(SqliteConnection& connection, const std::string& sql,
                                            const Writing& writing) {
  if (const auto known = by_sql_.find(sql); known != by_sql_.end()) {
    entries_.splice(entries_.begin(), entries_, known->second);
    return *known->second;
  }
  if (entries_.size() >= capacity_) {
    by_sql_.erase(entries_.back().sql);
    entries_.pop_back();
  }
  entries_.push_front({sql, SqliteStatement(connection, writing())});
  by_sql_.emplace(entries_.front().sql, entries_.begin());
  return entries_.front();
}

/// For what is read now.
auto SqliteReader::deadline_in(std::chrono::milliseconds most) const {
  return SqliteDeadline(open_->connection.handle(), std::chrono::steady_clock::now() + most,
                        [this] { return is_over(); });
}

SqliteReader::Open::Open(const std::filesystem::path& file, const FunctionRules& rules)
    : connection(file, reading_options()),
      gatherer(connection),
      statements(rules.limits.statements_prepared),
      gathering(rules.limits.statements_prepared),
      begin(connection, "BEGIN"),
      commit(connection, "COMMIT"),
      look(connection, "SELECT count(*) FROM sqlite_schema WHERE name = ''") {
  define_functions(connection, rules);
}

SqliteReader::SqliteReader(const std::filesystem::path& file, const FunctionRules& rules)
    : rules_(rules), file_(file), open_(std::make_unique<Open>(file, rules)) {}

/// Where that fails, the next read tries again: the file that was there is not served on.
void SqliteReader::reopen() {
  open_ = std::make_unique<Open>(file_, rules_);
  ++openings_;
}

void SqliteReader::read_or_throw(const Selection& selection, Rows& rows) {
  if (is_over()) throw SqliteError(SQLITE_INTERRUPT, file_.string() + ": nobody waits for it any more");
  rows.clear(selection.columns);
  SqliteStatement& prepared = open_->statements.find(open_->connection, selection.statement.sql);
  const Reading reading(prepared);
  prepared.bind_all(selection.statement.binds);
  while (prepared.step()) {
    for (std::size_t i = 0; i < selection.columns; ++i) {
      rows.add_copy(prepared.cell(static_cast<int>(i)));
    }
  }
}

bool SqliteReader::gather_or_throw(const Selection& selection, Rows& rows) {
  if (is_over()) throw SqliteError(SQLITE_INTERRUPT, file_.string() + ": nobody waits for it any more");
  if (!open_->gatherer.takes(selection.statement, selection.columns)) return false;
  StatementCache::Entry& entry = open_->gathering.find(open_->connection, selection.statement.sql, [&selection] {
    return RowGatherer::gathering(selection.statement);
  });
  if (!entry.in_order) return false;
  rows.clear(selection.columns);
  const Reading reading(entry.statement);
  entry.statement.bind_all(selection.statement.binds);
  return entry.in_order = open_->gatherer.gather(entry.statement, rows);
}

base::Status SqliteReader::read(const plan::Statement& statement, std::size_t columns, Rows& rows) {
  try {
    if (watch_.sees_another(open_->connection)) reopen();
    const auto deadline = deadline_in(rules_.limits.query_timeout);
    read_or_throw({statement, columns}, rows);
  } catch (const SqliteError& error) {
    if (error.primary_code() != SQLITE_INTERRUPT) return error_of(error);
    return error_of(SqliteError(SQLITE_INTERRUPT, file_.string() + ": " + statement.sql + ": query_timeout"));
  }
  return base::ok();
}

base::Result<bool> SqliteReader::read_within(std::chrono::milliseconds most, const Selection& selection, Rows& rows) {
  try {
    if (watch_.sees_another(open_->connection)) reopen();
    const auto deadline = deadline_in(most);
    if (!gather_or_throw(selection, rows)) read_or_throw(selection, rows);
  } catch (const SqliteError& error) {
    if (error.primary_code() == SQLITE_INTERRUPT) return false;
    return error_of(error);
  }
  return true;
}

base::Status SqliteReader::read_list(const plan::ListPlan& plan, Rows& rows, std::int64_t& count) {
  try {
    if (watch_.sees_another_now(open_->connection)) reopen();
    const Snapshot snapshot(open_->connection);
    const auto deadline = deadline_in(rules_.limits.query_timeout);
    open_->begin.run();
    read_or_throw({plan.count, 1}, rows);
    if (rows.size() != 1) throw std::logic_error("a count is one row: " + plan.count.sql);
    count = rows.row(0)[0].integer;
    read_or_throw({plan.page, plan.view->leaves.size()}, rows);
    open_->commit.run();
  } catch (const SqliteError& error) {
    return error_of(error);
  }
  return base::ok();
}

base::Status SqliteReader::consult(Mutation& looking, std::chrono::milliseconds most) {
  try {
    if (watch_.sees_another(open_->connection)) reopen();
    const Snapshot snapshot(open_->connection);
    const auto deadline = deadline_in(most);
    open_->begin.run();
    const std::unique_ptr<Procedure> procedure = looking.begin();
    Given given;
    while (procedure->next(std::move(given)) == Procedure::Step::Ask) {
      given = Given();
      const Ask& ask = procedure->ask();
      read_or_throw({ask.statement, ask.columns}, given.rows);
    }
    open_->commit.run();
  } catch (const SqliteError& error) {
    return error_of(error);
  }
  return base::ok();
}

base::Status SqliteReader::reachable() const {
  return file_health(file_, "The database's file cannot be reached.");
}

std::uint64_t SqliteReader::version_read() const {
  std::uint32_t version = 0;  // SQLite's count of the changes that this connection has seen
  sqlite3_file_control(open_->connection.handle(), "main", SQLITE_FCNTL_DATA_VERSION, &version);
  return std::uint64_t{openings_} << 32U | version;
}

base::Result<std::uint64_t> SqliteReader::version_now() {
  try {
    if (watch_.sees_another_now(open_->connection)) reopen();
    const Reading reading(open_->look);
    static_cast<void>(open_->look.step());  // a read transaction is when SQLite looks whether the file has changed
  } catch (const SqliteError& error) {
    return error_of(error);
  }
  return version_read();
}

base::Error SqliteReader::error_of(const SqliteError& error) {
  switch (error.primary_code()) {
    case SQLITE_INTERRUPT:
      return {.code = base::ErrorCode::Unavailable,
              .message = "The query took too long; narrow it with filters on fewer rows.",
              .detail = error.what()};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
    case SQLITE_NOMEM:
      return {.code = base::ErrorCode::Unavailable, .detail = error.what()};
    default:
      return {.code = base::ErrorCode::Internal, .message = error.what()};
  }
}

}  // namespace portico::store
