#include "store/sqlite_connection.hpp"

#include <array>
#include <cerrno>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <simdjson.h>
#include <sqlite3.h>

#include "base/text.hpp"
#include "store/sqlite_value.hpp"

namespace portico::store {
namespace {

// Our own statements stay far below these; what is above is a fault of ours or somebody's try. Attaching is left at
// none: a connection knows one file, so that production and sandbox cannot meet (P5).
constexpr std::array<std::pair<int, int>, 8> limits = {{
    {SQLITE_LIMIT_LENGTH, 64 * 1024 * 1024},
    {SQLITE_LIMIT_SQL_LENGTH, 1024 * 1024},
    {SQLITE_LIMIT_EXPR_DEPTH, 1000},
    {SQLITE_LIMIT_COMPOUND_SELECT, 50},
    {SQLITE_LIMIT_ATTACHED, 0},
    {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 16 * 1024},
    {SQLITE_LIMIT_TRIGGER_DEPTH, 10},
    {SQLITE_LIMIT_VARIABLE_NUMBER, 4096},
}};

constexpr std::array<std::pair<int, int>, 4> settings = {{
    {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
    {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
    {SQLITE_DBCONFIG_DQS_DDL, 0},
    {SQLITE_DBCONFIG_DQS_DML, 0},
}};

/// How long a replaced file may go unnoticed.
constexpr std::chrono::seconds between_looks{1};

int open_flags(OpenMode mode) {
  constexpr int always = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  switch (mode) {
    case OpenMode::ReadOnly:
      return always | SQLITE_OPEN_READONLY;
    case OpenMode::ReadWrite:
      return always | SQLITE_OPEN_READWRITE;
    case OpenMode::Create:
      return always | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  }
  return always;
}

std::string message_of(std::string_view file, std::string_view tried, std::string_view words) {
  std::string message;
  message.append(file).append(": ").append(tried).append(": ").append(words);
  return message;
}

/// JSON with at most two digits in a row, outside strings: as valid as before, and its numbers fit anywhere.
std::string with_short_numbers(std::string_view json) {
  std::string all;
  all.reserve(json.size());
  bool in_string = false;
  std::size_t digits = 0;
  for (std::size_t at = 0; at < json.size(); ++at) {
    const char character = json[at];
    digits = !in_string && character >= '0' && character <= '9' ? digits + 1 : 0;
    if (digits > 2) continue;
    all += character;
    if (character == '"') in_string = !in_string;
    if (in_string && character == '\\' && at + 1 < json.size()) all += json[++at];
  }
  return all;
}

/// Numbers may be as large as they like: the parser takes none that no 64 bits hold, and cannot say that it is that.
bool is_json(simdjson::dom::parser& parser, std::string_view text) {
  if (parser.parse(text.data(), text.size()).error() == simdjson::SUCCESS) return true;
  return parser.parse(with_short_numbers(text)).error() == simdjson::SUCCESS;
}

void json_valid(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  if (sqlite3_value_type(values[0]) == SQLITE_NULL) return;
  const auto* text = static_cast<const char*>(sqlite3_value_blob(values[0]));
  const auto bytes = static_cast<std::size_t>(sqlite3_value_bytes(values[0]));
  auto& parser = *static_cast<simdjson::dom::parser*>(sqlite3_user_data(context));
  const bool valid = text != nullptr && is_json(parser, {text, bytes});
  sqlite3_result_int(context, valid ? 1 : 0);
}

// The tables of the store check their JSON columns. SQLite 3.40 does not count its own json_valid among the functions
// that a schema may use where `trusted_schema` is off; this one says the same.
void define_json_valid(SqliteConnection& connection) {
  auto parser = std::make_unique<simdjson::dom::parser>();
  // SQLite frees the parser, also where it refuses the function.
  const int code = sqlite3_create_function_v2(
      connection.handle(), "json_valid", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, parser.release(),
      json_valid, nullptr, nullptr, [](void* data) { delete static_cast<simdjson::dom::parser*>(data); });
  if (code != SQLITE_OK) connection.fail("define json_valid");
}

// Cells are read as they are stored, so that no text is converted or copied on its way out.
void require_utf8(SqliteConnection& connection) {
  SqliteStatement encoding(connection, "PRAGMA encoding");
  if (!encoding.step() || encoding.cell(0).text == "UTF-8") return;
  throw SqliteError(SQLITE_MISMATCH, message_of(connection.file().native(), "open",
                                                "the database stores text as " + encoding.text(0) +
                                                    "; only UTF-8 is served (dump it and load it into a new file)"));
}

void apply_durability(SqliteConnection& connection, const SqliteOptions& options) {
  switch (options.durability) {
    case Durability::Full:
      sqlite3_db_config(connection.handle(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
      if (options.mode != OpenMode::ReadOnly) connection.execute("PRAGMA journal_mode=WAL");
      connection.execute("PRAGMA synchronous=FULL");
      return;
    case Durability::None:
      connection.execute("PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF");
      return;
  }
}

}  // namespace

std::string quoted_name(std::string_view name) {
  std::string out;
  base::append_sql_quoted(out, name);
  return out;
}

void SqliteConnection::Close::operator()(sqlite3* handle) const noexcept {
  sqlite3_close_v2(handle);
}
void SqliteStatement::Finalize::operator()(sqlite3_stmt* handle) const noexcept {
  sqlite3_finalize(handle);
}

/// Without statistics SQLite needs no lock around each allocation. Must come before its first use.
void configure_once() {
  static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(configured);  // refused where somebody used SQLite before: then it is only slower
}

SqliteConnection::SqliteConnection(const std::filesystem::path& file, const SqliteOptions& options) : file_(file) {
  configure_once();
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &handle, open_flags(options.mode), nullptr);
  handle_.reset(handle);  // SQLite gives a handle even where it fails, for the words
  if (handle == nullptr) throw SqliteError(code, message_of(file.native(), "open", sqlite3_errstr(code)));
  if (code != SQLITE_OK) fail("open");

  for (const auto& [limit, value] : limits) sqlite3_limit(handle, limit, value);
  for (const auto& [setting, value] : settings) sqlite3_db_config(handle, setting, value, nullptr);
  define_json_valid(*this);  // before the first statement, which reads the schema
  sqlite3_busy_timeout(handle, static_cast<int>(options.busy_timeout.count()));
  if (options.mode == OpenMode::Create) execute("PRAGMA page_size=" + std::to_string(options.page_bytes));
  execute("PRAGMA cache_size=-" + std::to_string(options.cache_bytes / 1024));
  execute("PRAGMA mmap_size=" + std::to_string(options.mmap_bytes));
  execute("PRAGMA temp_store=MEMORY");
  require_utf8(*this);
  apply_durability(*this, options);
}

void SqliteConnection::execute(const std::string& sql) {
  if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail(sql);
}

std::int64_t SqliteConnection::changes() const noexcept {
  return sqlite3_changes64(handle_.get());
}

bool SqliteConnection::has_moved() const noexcept {
  int moved = 0;
  return sqlite3_file_control(handle_.get(), "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK && moved != 0;
}

void SqliteConnection::fail(std::string_view tried) const {
  const int code = sqlite3_extended_errcode(handle_.get());
  throw SqliteError(code, message_of(file_.native(), tried, sqlite3_errmsg(handle_.get())));
}

SqliteStatement::SqliteStatement(SqliteConnection& connection, std::string_view sql) {
  sqlite3_stmt* handle = nullptr;
  const char* rest = nullptr;
  const int code = sqlite3_prepare_v3(connection.handle(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &handle, &rest);
  handle_.reset(handle);
  if (code != SQLITE_OK) connection.fail(sql);
  const auto left = sql.substr(static_cast<std::size_t>(rest - sql.data()));
  if (handle == nullptr || left.find_first_not_of(" \n\t;") != std::string_view::npos) {
    throw SqliteError(SQLITE_MISUSE, message_of(connection.file().native(), sql, "must be exactly one statement"));
  }
}

void SqliteStatement::check(int code) const {
  if (code != SQLITE_OK) fail();
}

void SqliteStatement::fail() const {
  sqlite3* connection = sqlite3_db_handle(handle_.get());
  const int code = sqlite3_extended_errcode(connection);
  const char* file = sqlite3_db_filename(connection, "main");
  SqliteError error(code, message_of(file == nullptr ? "" : file, sqlite3_sql(handle_.get()), ""),
                    sqlite3_errmsg(connection));
  sqlite3_reset(handle_.get());
  throw error;
}

void SqliteStatement::bind(int index, const base::Value& value) {
  struct Binder {
    SqliteStatement& statement;
    int index;
    void operator()(std::monostate) const { statement.bind_null(index); }
    void operator()(std::int64_t integer) const { statement.bind_integer(index, integer); }
    void operator()(double real) const { statement.check(sqlite3_bind_double(statement.handle(), index, real)); }
    void operator()(const std::string& text) const { statement.bind_text(index, text); }
  };
  std::visit(Binder{*this, index}, value);
}

void SqliteStatement::bind(int index, const base::Cell& cell) {
  switch (cell.kind) {
    case base::Cell::Kind::Null:
      return bind_null(index);
    case base::Cell::Kind::Integer:
      return bind_integer(index, cell.integer);
    case base::Cell::Kind::Real:
      return check(sqlite3_bind_double(handle_.get(), index, cell.real));
    case base::Cell::Kind::Text:
      return bind_text(index, cell.text);
  }
}

void SqliteStatement::bind_null(int index) {
  check(sqlite3_bind_null(handle_.get(), index));
}

void SqliteStatement::bind_integer(int index, std::int64_t value) {
  check(sqlite3_bind_int64(handle_.get(), index, value));
}

void SqliteStatement::bind_text(int index, std::string_view text) {
  // A null pointer would bind NULL, not the empty text.
  const char* bytes = text.data() == nullptr ? "" : text.data();
  check(sqlite3_bind_text64(handle_.get(), index, bytes, text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void SqliteStatement::bind_blob(int index, std::string_view bytes) {
  check(sqlite3_bind_blob64(handle_.get(), index, bytes.data() == nullptr ? "" : bytes.data(), bytes.size(),
                            SQLITE_STATIC));
}

void SqliteStatement::bind_all(std::span<const base::Value> values) {
  int index = 0;
  for (const auto& value : values) bind(++index, value);
}

bool SqliteStatement::step() {
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) fail();
  sqlite3_reset(handle_.get());
  return false;
}

void SqliteStatement::run() {
  while (step()) {
  }
}

void SqliteStatement::reset() noexcept {
  sqlite3_reset(handle_.get());
}

void SqliteStatement::reset_and_clear() noexcept {
  sqlite3_reset(handle_.get());
  sqlite3_clear_bindings(handle_.get());
}

int SqliteStatement::columns() const noexcept {
  return sqlite3_column_count(handle_.get());
}

base::Cell SqliteStatement::cell(int column) const noexcept {
  // One look for the value and then at it alone: cheaper than a look for each of kind, bytes and length.
  base::Cell cell;
  read_value(sqlite3_column_value(handle_.get(), column), cell);
  return cell;
}

std::int64_t SqliteStatement::integer(int column) const noexcept {
  return sqlite3_column_int64(handle_.get(), column);
}

std::string SqliteStatement::text(int column) const {
  return std::string(cell(column).text);
}

bool ReplacementWatch::sees_another(const SqliteConnection& connection) {
  return std::chrono::steady_clock::now() >= next_look_ && sees_another_now(connection);
}

bool ReplacementWatch::sees_another_now(const SqliteConnection& connection) {
  if (connection.has_moved()) return true;
  next_look_ = std::chrono::steady_clock::now() + between_looks;
  return false;
}

base::Status file_health(const std::filesystem::path& file, std::string_view words) {
  if (::access(file.c_str(), R_OK) == 0) return base::ok();
  return base::Error{.code = base::ErrorCode::Unavailable,
                     .message = std::string(words),
                     .detail = file.string() + ": " + std::generic_category().message(errno)};
}

}  // namespace portico::store
