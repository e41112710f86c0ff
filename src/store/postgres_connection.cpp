#include "store/postgres_connection.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <libpq-fe.h>

#include "base/text.hpp"

namespace portico::store {
namespace {

constexpr const char* seconds_to_connect = "10";

/// libpq ends its messages with a newline.
std::string words_of(const char* message) {
  std::string words = message == nullptr ? "" : message;
  while (!words.empty() && (words.back() == '\n' || words.back() == ' ')) words.pop_back();
  return words;
}

}  // namespace

PostgresResult::PostgresResult(pg_result* result) {
  if (result != nullptr) result_ = std::shared_ptr<pg_result>(result, [](pg_result* own) { PQclear(own); });
}

int PostgresResult::rows() const {
  return PQntuples(result_.get());
}

int PostgresResult::columns() const {
  return PQnfields(result_.get());
}

bool PostgresResult::is_null(int row, int column) const {
  return PQgetisnull(result_.get(), row, column) != 0;
}

std::string_view PostgresResult::text(int row, int column) const {
  return {PQgetvalue(result_.get(), row, column), static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}

std::string_view PostgresResult::tag() const {
  const char* const tag = PQcmdStatus(result_.get());
  return tag == nullptr ? std::string_view() : tag;
}

std::int64_t PostgresResult::changed() const {
  constexpr std::array<std::string_view, 4> changes = {"INSERT ", "UPDATE ", "DELETE ", "MERGE "};
  const std::string_view done = tag();
  if (std::none_of(changes.begin(), changes.end(), [&](std::string_view verb) { return done.starts_with(verb); })) {
    return 0;
  }
  return base::parse_integer(PQcmdTuples(result_.get())).value_or(0);
}

std::string_view session_settings() {
  return "SET client_encoding = 'UTF8'; SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET extra_float_digits = "
         "1; "
         "SET standard_conforming_strings = on; SET bytea_output = 'hex'; SET IntervalStyle = 'postgres'; "
         "SET lc_monetary = 'C'; SET jit = off";
}

void PostgresConnection::Finish::operator()(pg_conn* connection) const noexcept {
  PQfinish(connection);
}

PostgresConnection::PostgresConnection(const std::string& address, SessionAccess access) {
  // What the address says itself comes later, and so counts.
  const std::array<const char*, 4> names = {"connect_timeout", "application_name", "dbname", nullptr};
  const std::array<const char*, 4> values = {seconds_to_connect, "portico", address.c_str(), nullptr};
  connection_.reset(PQconnectdbParams(names.data(), values.data(), 1));
  if (connection_ == nullptr) throw std::bad_alloc();
  if (PQstatus(connection_.get()) != CONNECTION_OK) {
    throw PostgresError("PostgreSQL cannot be reached: " + words_of(PQerrorMessage(connection_.get())), "");
  }
  run_script(std::string(session_settings()) + "; SET client_min_messages = warning");  // "exists, skipping"
  if (access == SessionAccess::ReadOnly) run_script("SET default_transaction_read_only = on");
  const std::string encoding(run("SHOW server_encoding").text(0, 0));
  if (encoding != "UTF8") {
    throw PostgresError("the database is encoded in " + encoding + "; Portico needs one in UTF8 " +
                            "(CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0)",
                        "");
  }
}

PostgresResult PostgresConnection::checked(pg_result* result) {
  PostgresResult owned(result);
  const ExecStatusType status = PQresultStatus(result);
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return owned;
  const char* sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  throw PostgresError(words_of(result == nullptr ? PQerrorMessage(connection_.get()) : PQresultErrorMessage(result)),
                      sqlstate == nullptr ? "" : sqlstate);
}

PostgresResult PostgresConnection::run(const std::string& sql, std::span<const base::Value> binds) {
  PostgresBinds parameters(binds);
  return checked(PQexecParams(connection_.get(), sql.c_str(), parameters.size(), nullptr, parameters.pointers(),
                              nullptr, nullptr, 0));
}

void PostgresConnection::run_script(const std::string& sql) {
  static_cast<void>(checked(PQexec(connection_.get(), sql.c_str())));
}

PostgresBinds::PostgresBinds(std::span<const base::Value> values) {
  offsets_.reserve(values.size() + 2);
  for (const base::Value& value : values) add(value);
}

void PostgresBinds::add(const base::Value& value) {
  if (base::is_null(value)) {
    offsets_.push_back(null_offset);
    return;
  }
  offsets_.push_back(bytes_.size());
  if (const auto* text = std::get_if<std::string>(&value)) {
    bytes_ += *text;
  } else {
    std::array<char, 32> digits{};
    const auto end = std::holds_alternative<std::int64_t>(value)
                         ? std::to_chars(digits.begin(), digits.end(), std::get<std::int64_t>(value)).ptr
                         : std::to_chars(digits.begin(), digits.end(), std::get<double>(value)).ptr;
    bytes_.append(digits.data(), end);
  }
  bytes_ += '\0';
}

const char* const* PostgresBinds::pointers() {
  pointers_.clear();
  for (const std::size_t offset : offsets_) {
    pointers_.push_back(offset == null_offset ? nullptr : bytes_.data() + offset);
  }
  return pointers_.data();
}

}  // namespace portico::store
