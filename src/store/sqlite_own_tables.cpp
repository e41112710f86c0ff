#include "store/sqlite_own_tables.hpp"

#include <optional>
#include <string>

#include <sqlite3.h>

#include "store/own_schema.hpp"
#include "store/sqlite_access.hpp"
#include "store/sqlite_connection.hpp"

namespace portico::store {
namespace {

constexpr std::int64_t cache_bytes = 1024 * 1024;

void make_tables(SqliteConnection& connection) {
  SqliteStatement find(connection, "SELECT 1 FROM sqlite_schema WHERE name = ?");
  find.bind_text(1, last_own_index);
  const bool there = find.step();
  find.reset();
  if (there) return;
  connection.execute("BEGIN IMMEDIATE");
  for (const std::string& sql : own_tables_sql(plan::SqlFlavor::Sqlite)) connection.execute(sql);
  connection.execute("COMMIT");
}

SqliteConnection opened(const std::filesystem::path& file) {
  SqliteConnection connection(file, {.mode = OpenMode::ReadWrite, .cache_bytes = cache_bytes});
  connection.execute("PRAGMA foreign_keys=ON");
  make_tables(connection);
  return connection;
}

/// `$2` may stand before `$1`, and SQLite counts them as they come.
int index_of(SqliteStatement& statement, std::size_t bind) {
  const std::string name = "$" + std::to_string(bind + 1);
  const int index = sqlite3_bind_parameter_index(statement.handle(), name.c_str());
  if (index == 0) throw std::logic_error("a statement of ours does not use its bind " + name);
  return index;
}

void bind(SqliteStatement& statement, int index, const OwnValue& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return statement.bind_integer(index, *integer);
  if (const auto* bytes = std::get_if<Bytes>(&value)) return statement.bind_blob(index, bytes->bytes);
  if (const auto* text = std::get_if<std::string>(&value)) {
    require_storable(*text);
    return statement.bind_text(index, *text);
  }
  statement.bind_null(index);
}

OwnValue value_of(sqlite3_stmt* row, int column) {
  const auto bytes = [&] {
    const auto* begin = static_cast<const char*>(sqlite3_column_blob(row, column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(row, column));
    return begin == nullptr ? std::string() : std::string(begin, size);
  };
  switch (sqlite3_column_type(row, column)) {
    case SQLITE_NULL:
      return {};
    case SQLITE_INTEGER:
      return std::int64_t{sqlite3_column_int64(row, column)};
    case SQLITE_TEXT:
      return bytes();
    case SQLITE_BLOB:
      return Bytes{bytes()};
    default:
      throw std::logic_error("a table of ours gives a number with a fraction");
  }
}

OwnRefusal refusal_of(const SqliteError& error) {
  switch (error.code()) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
      return OwnRefusal::Unique;
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return OwnRefusal::Reference;
    default:
      return OwnRefusal::None;
  }
}

}  // namespace

class SqliteOwnTables::Impl {
 public:
  explicit Impl(const std::filesystem::path& directory)
      : keys_(directory), file_(access_file(directory)), connection_(opened(file_)) {}

  OwnAnswer run(std::string_view sql, std::span<const OwnValue> binds) {
    if (!is_open_) use_the_file_that_is_there();
    SqliteStatement statement(*connection_, sql);
    for (std::size_t at = 0; at < binds.size(); ++at) bind(statement, index_of(statement, at), binds[at]);
    try {
      return answer_of(statement);
    } catch (const SqliteError& error) {
      const OwnRefusal refusal = refusal_of(error);
      if (refusal == OwnRefusal::None) throw;
      roll_back();
      return {.rows = {}, .changed = 0, .refusal = refusal};
    }
  }

  void begin() {
    use_the_file_that_is_there();
    connection_->execute("BEGIN IMMEDIATE");
    is_open_ = true;
  }

  void commit() {
    if (!is_open_) throw std::logic_error("there is no transaction to commit");
    connection_->execute("COMMIT");
    is_open_ = false;
  }

  void roll_back() noexcept {
    if (!is_open_) return;
    is_open_ = false;
    try {
      connection_->execute("ROLLBACK");
    } catch (const SqliteError&) {  // SQLite rolled it back already
    }
  }

 private:
  OwnAnswer answer_of(SqliteStatement& statement) {
    OwnAnswer answer;
    const std::int64_t before = sqlite3_total_changes64(connection_->handle());
    while (statement.step()) {
      OwnRow row;
      for (int column = 0; column < statement.columns(); ++column) {
        row.push_back(value_of(statement.handle(), column));
      }
      answer.rows.push_back(std::move(row));
    }
    answer.changed = sqlite3_total_changes64(connection_->handle()) - before;
    return answer;
  }

  void use_the_file_that_is_there() {
    if (watch_.sees_another(*connection_)) connection_.emplace(opened(file_));
  }

  SqliteKeyRegistry keys_;  // makes the file, for its owner alone
  const std::filesystem::path file_;
  std::optional<SqliteConnection> connection_;
  ReplacementWatch watch_;
  bool is_open_ = false;
};

SqliteOwnTables::SqliteOwnTables(const std::filesystem::path& directory) : impl_(std::make_unique<Impl>(directory)) {}

SqliteOwnTables::~SqliteOwnTables() = default;

OwnAnswer SqliteOwnTables::run(std::string_view sql, std::span<const OwnValue> binds) {
  return impl_->run(sql, binds);
}

void SqliteOwnTables::begin() {
  impl_->begin();
}

void SqliteOwnTables::commit() {
  impl_->commit();
}

void SqliteOwnTables::roll_back() noexcept {
  impl_->roll_back();
}

}  // namespace portico::store
