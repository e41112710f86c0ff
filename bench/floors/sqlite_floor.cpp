// portico-bench-floor-sqlite DATABASE REQUESTS SECONDS THREADS: steps the rows of prepared statements in a loop,
// fetches every cell by the functions that SQLite documents for it, and does nothing with it.

#include <cstdio>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <sqlite3.h>

#include "clock.hpp"
#include "requests.hpp"

namespace portico::bench {
namespace {

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, Close>;
using Statement = std::unique_ptr<sqlite3_stmt, Close>;

void require(int status, sqlite3* database) {
  if (status != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(database));
}

/// With the page cache and the mapping that Portico gives its connections.
Database open(const std::string& file) {
  sqlite3* opened = nullptr;
  const int status = sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database(opened);
  require(status, opened);
  require(
      sqlite3_exec(opened, "PRAGMA cache_size = -65536; PRAGMA mmap_size = 2147483648", nullptr, nullptr, nullptr),
      opened);
  return database;
}

void bind(sqlite3_stmt* statement, int number, const Bind& value) {
  int status = SQLITE_OK;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    status = sqlite3_bind_int64(statement, number, *integer);
  } else if (const auto* real = std::get_if<double>(&value)) {
    status = sqlite3_bind_double(statement, number, *real);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    status = sqlite3_bind_text(statement, number, text->data(), static_cast<int>(text->size()), nullptr);
  } else {
    status = sqlite3_bind_null(statement, number);
  }
  require(status, sqlite3_db_handle(statement));
}

/// The cells' bytes of the row that the statement stands on.
std::uint64_t fetch(sqlite3_stmt* statement) {
  std::uint64_t bytes = 0;
  const int columns = sqlite3_column_count(statement);
  for (int at = 0; at < columns; ++at) {
    switch (sqlite3_column_type(statement, at)) {
      case SQLITE_NULL:
        break;
      case SQLITE_INTEGER:
        bytes += sqlite3_column_int64(statement, at) != 0 ? 8U : 1U;
        break;
      default:
        bytes += sqlite3_column_text(statement, at)[0] != 0 ? 1U : 0U;
        bytes += static_cast<std::uint64_t>(sqlite3_column_bytes(statement, at));
    }
  }
  return bytes;
}

void run_one(const std::vector<Statement>& statements, const Run& run, Tally& tally) {
  sqlite3_stmt* statement = statements[run.statement].get();
  int number = 0;
  for (const Bind& value : run.binds) bind(statement, ++number, value);
  int status = SQLITE_ROW;
  while ((status = sqlite3_step(statement)) == SQLITE_ROW) {
    ++tally.rows;
    tally.bytes += fetch(statement);
  }
  if (status != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(sqlite3_db_handle(statement)));
  sqlite3_reset(statement);
}

Tally loop(const std::string& file, const Requests& requests, Deadline deadline) {
  const Database database = open(file);
  std::vector<Statement> statements;
  for (const std::string& sql : requests.statements) {
    sqlite3_stmt* made = nullptr;
    require(sqlite3_prepare_v3(database.get(), sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &made, nullptr),
            database.get());
    statements.emplace_back(made);
  }
  Tally tally;
  while (std::chrono::steady_clock::now() < deadline) {
    for (const Run& run : requests.requests[tally.requests % requests.requests.size()]) {
      run_one(statements, run, tally);
    }
    ++tally.requests;
  }
  return tally;
}

int run(int count, char** words) {
  if (count != 5) {
    std::fprintf(stderr, "usage: portico-bench-floor-sqlite DATABASE REQUESTS SECONDS THREADS\n");
    return 2;
  }
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);  // no statistics of memory, and no lock around them
  const Requests requests = read_requests(words[2]);
  run_and_report(std::stoi(words[4]), std::chrono::duration<double>(std::stod(words[3])),
                 [&](Deadline deadline) { return loop(words[1], requests, deadline); });
  return 0;
}

}  // namespace
}  // namespace portico::bench

int main(int count, char** words) {
  try {
    return portico::bench::run(count, words);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "portico-bench-floor-sqlite: %s\n", failure.what());
    return 1;
  }
}
