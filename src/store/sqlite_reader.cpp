#include "store/sqlite_reader.hpp"

#include <chrono>

#include <sqlite3.h>

namespace portico::store {
namespace {

/// How many of SQLite's virtual instructions pass between two looks at the clock: some tens of microseconds.
constexpr int instructions_between_looks = 4'000;

SqliteOptions reading_options() {
  return {.mode = OpenMode::ReadOnly,
          .busy_timeout = std::chrono::milliseconds{250},  // readers wait for nobody in WAL mode but for a recovery
          .cache_bytes = 64 * 1024 * 1024,
          .mmap_bytes = std::int64_t{2} * 1024 * 1024 * 1024};
}

}  // namespace

SqliteStatement& StatementCache::find(SqliteConnection& connection, const std::string& sql) {
  if (const auto known = by_sql_.find(sql); known != by_sql_.end()) {
    entries_.splice(entries_.begin(), entries_, known->second);
    return known->second->statement;
  }
  if (entries_.size() >= capacity_) {
    by_sql_.erase(entries_.back().sql);
    entries_.pop_back();
  }
  entries_.push_front({sql, SqliteStatement(connection, sql)});
  by_sql_.emplace(entries_.front().sql, entries_.begin());
  return entries_.front().statement;
}

/// Interrupts what runs on a connection past query_timeout, for as long as it lives.
class SqliteReader::Deadline {
 public:
  Deadline(SqliteConnection& connection, std::chrono::seconds most)
      : connection_(connection), end_(std::chrono::steady_clock::now() + most) {
    sqlite3_progress_handler(connection_.handle(), instructions_between_looks, passed, this);
  }
  ~Deadline() { sqlite3_progress_handler(connection_.handle(), 0, nullptr, nullptr); }
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

 private:
  static int passed(void* self) {
    return std::chrono::steady_clock::now() > static_cast<const Deadline*>(self)->end_ ? 1 : 0;
  }
  SqliteConnection& connection_;
  std::chrono::steady_clock::time_point end_;
};

SqliteReader::SqliteReader(const std::filesystem::path& file, const FunctionRules& rules)
    : rules_(rules),
      connection_(file, reading_options()),
      statements_(rules.limits.statements_prepared),
      begin_(connection_, "BEGIN"),
      commit_(connection_, "COMMIT"),
      look_(connection_, "SELECT count(*) FROM sqlite_schema WHERE name = ''") {
  define_functions(connection_, rules_);
}

void SqliteReader::read_or_throw(const plan::Statement& statement, std::size_t columns, Rows& rows) {
  rows.clear(columns);
  SqliteStatement& prepared = statements_.find(connection_, statement.sql);
  prepared.bind_all(statement.binds);
  while (prepared.step()) {
    for (std::size_t i = 0; i < columns; ++i) {
      const base::Cell cell = prepared.cell(static_cast<int>(i));
      if (cell.kind == base::Cell::Kind::Text) {
        rows.add_text(cell.text);
      } else {
        rows.add(cell);
      }
    }
  }
  prepared.reset_and_clear();  // the binds point into the plan, which ends before the statement does
}

base::Status SqliteReader::read(const plan::Statement& statement, std::size_t columns, Rows& rows) {
  const Deadline deadline(connection_, rules_.limits.query_timeout);
  try {
    read_or_throw(statement, columns, rows);
  } catch (const SqliteError& error) {
    return error_of(error);
  }
  return base::ok();
}

base::Status SqliteReader::read_list(const plan::ListPlan& plan, Rows& rows, std::int64_t& count) {
  const Deadline deadline(connection_, rules_.limits.query_timeout);
  try {
    begin_.run();
    read_or_throw(plan.count, 1, rows);
    count = rows.row(0)[0].integer;
    read_or_throw(plan.page, plan.view->leaves.size(), rows);
    commit_.run();
  } catch (const SqliteError& error) {
    if (sqlite3_get_autocommit(connection_.handle()) == 0) connection_.execute("ROLLBACK");
    return error_of(error);
  }
  return base::ok();
}

std::uint32_t SqliteReader::version_read() const {
  std::uint32_t version = 0;
  sqlite3_file_control(connection_.handle(), "main", SQLITE_FCNTL_DATA_VERSION, &version);
  return version;
}

base::Result<std::uint32_t> SqliteReader::version_now() {
  try {
    static_cast<void>(look_.step());  // a read transaction is when SQLite looks whether the file has changed
    look_.reset();
  } catch (const SqliteError& error) {
    return error_of(error);
  }
  return version_read();
}

base::Error SqliteReader::error_of(const SqliteError& error) {
  switch (error.primary_code()) {
    case SQLITE_INTERRUPT:
      return {.code = base::ErrorCode::Unavailable,
              .message = "The query took too long; narrow it with filters on fewer rows."};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
    case SQLITE_NOMEM:
      return {.code = base::ErrorCode::Unavailable};
    default:
      return {.code = base::ErrorCode::Internal, .message = error.what()};
  }
}

}  // namespace portico::store
