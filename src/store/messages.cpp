#include "store/messages.hpp"

#include <chrono>

#include "store/postgres_connection.hpp"
#include "store/postgres_reading.hpp"
#include "store/sqlite_connection.hpp"

namespace portico::store {
namespace {

/// How long another program that writes is waited for.
constexpr std::chrono::milliseconds lock_wait_most{10'000};

const std::filesystem::path& file_of(const SqliteFiles& files, model::Mode mode) {
  return mode == model::Mode::Sandbox ? files.sandbox : files.production;
}

Rows read(const SqliteFiles& files, model::Mode mode, const plan::RowQuery& query) {
  SqliteConnection connection(file_of(files, mode), {.mode = OpenMode::ReadOnly});
  SqliteStatement statement(connection, query.statement.sql);
  statement.bind_all(query.statement.binds);
  Rows rows;
  rows.clear(query.columns);
  while (statement.step()) {
    for (std::size_t column = 0; column < query.columns; ++column) {
      rows.add_copy(statement.cell(static_cast<int>(column)));
    }
  }
  return rows;
}

Rows read(const PostgresAddress& address, model::Mode /*mode*/, const plan::RowQuery& query) {
  PostgresConnection connection(address.text, SessionAccess::ReadOnly);
  const PostgresResult result = connection.run(query.statement.sql, query.statement.binds);
  Rows rows;
  rows.clear(query.columns);
  if (auto status = read_rows(result, query.readings, rows); !status) {
    throw PostgresError(status.error().message, {});
  }
  rows.hold(result.texts());
  return rows;
}

bool change(const SqliteFiles& files, model::Mode mode, const plan::Statement& statement) {
  SqliteConnection connection(file_of(files, mode), {.mode = OpenMode::ReadWrite, .busy_timeout = lock_wait_most});
  SqliteStatement prepared(connection, statement.sql);
  prepared.bind_all(statement.binds);
  prepared.run();
  return connection.changes() > 0;
}

bool change(const PostgresAddress& address, model::Mode /*mode*/, const plan::Statement& statement) {
  PostgresConnection connection(address.text);
  connection.run_script("SET synchronous_commit = on");
  return connection.run(statement.sql, statement.binds).changed() > 0;
}

}  // namespace

Rows list_messages(const MessagesPlace& messages, std::optional<plan::OutboxState> state, std::size_t most) {
  const plan::RowQuery query = plan::list_entries({.planner = messages.planner, .mode = messages.mode}, state, most);
  return std::visit([&](const auto& place) { return read(place, messages.mode, query); }, messages.place);
}

bool retry_message(const MessagesPlace& messages, const plan::Retry& retry) {
  const plan::Statement statement = plan::retry_entry({.planner = messages.planner, .mode = messages.mode}, retry);
  return std::visit([&](const auto& place) { return change(place, messages.mode, statement); }, messages.place);
}

}  // namespace portico::store
