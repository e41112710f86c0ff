#include "store/postgres_own_tables.hpp"

#include <array>
#include <libpq-fe.h>
#include <utility>
#include <vector>

#include "base/ids.hpp"
#include "base/text.hpp"
#include "store/own_schema.hpp"
#include "store/postgres_access.hpp"
#include "store/sqlite_connection.hpp"

namespace portico::store {
namespace {

// PostgreSQL's own numbers of types (pg_type.dat), which never change.
constexpr unsigned type_bytea = 17;
constexpr unsigned type_bigint = 20;
constexpr unsigned type_integer = 23;
constexpr unsigned type_text = 25;

constexpr std::array<std::string_view, 2> sqlstates_in_the_way = {"40001", "40P01"};  // serialization, deadlock
constexpr std::string_view sqlstate_unique = "23505";
constexpr std::string_view sqlstate_reference = "23503";

base::Value bind_of(const OwnValue& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return *integer;
  if (const auto* bytes = std::get_if<Bytes>(&value)) return "\\x" + base::to_hex(bytes->bytes);
  if (const auto* text = std::get_if<std::string>(&value)) {
    require_storable(*text);
    return *text;
  }
  return {};
}

OwnValue value_of(const PostgresResult& result, int row, int column) {
  if (result.is_null(row, column)) return {};
  const std::string_view text = result.text(row, column);
  switch (PQftype(result.get(), column)) {
    case type_bigint:
    case type_integer:
      return base::parse_integer(text).value();
    case type_text:
      return std::string(text);
    case type_bytea:
      return Bytes{base::from_hex(text.substr(2))};
    default:
      throw std::logic_error("a statement of ours gives a value of a type that SQLite does not have");
  }
}

}  // namespace

PostgresOwnTables::PostgresOwnTables(std::string address, std::string_view schema)
    : address_(std::move(address)), schema_(access_schema(schema)) {
  open();
}

void PostgresOwnTables::open() {
  connection_ = std::make_unique<PostgresConnection>(address_);
  // Whatever the server's or the role's default is: who was told that a token has ended may rely on it.
  connection_->run_script("SET synchronous_commit = on; SET client_min_messages = error; SET search_path = " +
                          quoted_name(schema_));
  make_tables();
}

/// Two programs that make a schema at once fail one of them, in spite of IF NOT EXISTS: the lock is for that.
void PostgresOwnTables::make_tables() {
  const std::array<base::Value, 1> last = {quoted_name(schema_) + "." + quoted_name(last_own_index)};
  if (!connection_->run("SELECT to_regclass($1)", last).is_null(0, 0)) return;
  const std::array<base::Value, 1> lock = {schema_};
  connection_->run_script("BEGIN");
  connection_->run("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", lock);
  connection_->run_script("CREATE SCHEMA IF NOT EXISTS " + quoted_name(schema_));
  for (const std::string& sql : own_tables_sql(plan::SqlFlavor::Postgres)) connection_->run_script(sql);
  connection_->run_script("COMMIT");
}

PostgresConnection& PostgresOwnTables::connection() {
  if (is_open_) return *connection_;
  if (connection_ != nullptr) static_cast<void>(PQconsumeInput(connection_->get()));  // it may say that it is lost
  if (connection_ == nullptr || PQstatus(connection_->get()) != CONNECTION_OK) open();
  return *connection_;
}

OwnRefusal PostgresOwnTables::refusal_of(const PostgresError& error) {
  roll_back();
  for (const std::string_view state : sqlstates_in_the_way) {
    if (error.sqlstate() == state) throw OwnTablesBusy(error.what());
  }
  if (error.sqlstate() == sqlstate_unique) return OwnRefusal::Unique;
  if (error.sqlstate() == sqlstate_reference) return OwnRefusal::Reference;
  throw error;
}

OwnAnswer PostgresOwnTables::run(std::string_view sql, std::span<const OwnValue> binds) {
  PostgresConnection& connection = this->connection();
  std::vector<base::Value> values;
  values.reserve(binds.size());
  for (const OwnValue& value : binds) values.push_back(bind_of(value));
  OwnAnswer answer;
  try {
    const PostgresResult result = connection.run(std::string(sql), values);
    for (int row = 0; row < result.rows(); ++row) {
      OwnRow cells;
      for (int column = 0; column < result.columns(); ++column) cells.push_back(value_of(result, row, column));
      answer.rows.push_back(std::move(cells));
    }
    answer.changed = result.changed();
  } catch (const PostgresError& error) {
    answer.refusal = refusal_of(error);
  }
  return answer;
}

void PostgresOwnTables::begin() {
  constexpr const char* begin = "BEGIN ISOLATION LEVEL SERIALIZABLE";
  try {
    connection().run_script(begin);
  } catch (const PostgresError&) {
    // Whether a connection was lost is seen when it is used; so far nothing depends on it.
    if (connection_ == nullptr || PQstatus(connection_->get()) == CONNECTION_OK) throw;
    connection().run_script(begin);
  }
  is_open_ = true;
}

void PostgresOwnTables::commit() {
  if (!is_open_) throw std::logic_error("there is no transaction to commit");
  try {
    connection_->run_script("COMMIT");
    is_open_ = false;
  } catch (const PostgresError& error) {
    static_cast<void>(refusal_of(error));
    throw;  // nothing of ours is checked so late
  }
}

void PostgresOwnTables::roll_back() noexcept {
  if (!is_open_) return;
  is_open_ = false;
  try {
    connection_->run_script("ROLLBACK");
  } catch (const PostgresError&) {  // the connection is gone, and the transaction with it
  }
}

}  // namespace portico::store
