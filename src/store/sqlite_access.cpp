#include "store/sqlite_access.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <stdexcept>
#include <string>
#include <system_error>
#include <unistd.h>
#include <unordered_map>
#include <utility>

#include "store/grant_row.hpp"
#include "store/sqlite_connection.hpp"
#include "store/sqlite_log_state.hpp"

namespace portico::store {
namespace {

// Written and read by these statements alone, in this order of the columns.
constexpr std::string_view tables_sql =
    "CREATE TABLE IF NOT EXISTS portico_keys(id TEXT PRIMARY KEY, secret_hash BLOB NOT NULL, account TEXT NOT NULL, "
    "kind TEXT NOT NULL, modes TEXT NOT NULL, label TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER, "
    "revoked INTEGER, token TEXT) WITHOUT ROWID, STRICT;"
    "CREATE TABLE IF NOT EXISTS portico_tokens(id TEXT PRIMARY KEY, secret_hash BLOB NOT NULL, key TEXT NOT NULL, "
    "scope TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID, STRICT;"
    "CREATE INDEX IF NOT EXISTS portico_tokens_expires ON portico_tokens(expires);"
    "CREATE TABLE IF NOT EXISTS portico_maintenance(mode TEXT PRIMARY KEY, message TEXT NOT NULL, until INTEGER, "
    "since INTEGER NOT NULL) WITHOUT ROWID, STRICT";
// A table of an earlier day has no tokens.
constexpr std::string_view find_token_column_sql =
    "SELECT 1 FROM pragma_table_info('portico_keys') WHERE name = 'token'";
constexpr std::string_view add_token_column_sql = "ALTER TABLE portico_keys ADD COLUMN token TEXT";
constexpr std::string_view index_sql =
    "CREATE INDEX IF NOT EXISTS portico_keys_by_account ON portico_keys(account, created)";
constexpr std::string_view find_index_sql = "SELECT 1 FROM sqlite_schema WHERE name = 'portico_keys_by_account'";
constexpr std::string_view insert_sql =
    "INSERT INTO portico_keys(id, secret_hash, account, kind, modes, label, created, expires, revoked, token) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view find_public_sql =
    "SELECT token FROM portico_keys WHERE account = ? AND kind = 'public' AND token IS NOT NULL AND modes IN (?, "
    "'both') AND revoked IS NULL AND (expires IS NULL OR expires > ?) ORDER BY created DESC, id DESC LIMIT 1";
constexpr std::string_view find_sql =
    "SELECT id, secret_hash, account, kind, modes, label, created, expires, revoked, '', '' FROM portico_keys "
    "WHERE id = ?";
// What a token may do, and for how long, is up to its key, too.
constexpr std::string_view find_token_sql =
    "SELECT t.id, t.secret_hash, k.account, 'access', k.modes, '', t.created, "
    "min(t.expires, coalesce(k.expires, t.expires)), k.revoked, t.key, t.scope "
    "FROM portico_tokens t JOIN portico_keys k ON k.id = t.key WHERE t.id = ?";
// Another program makes the tables of extensions: there may be none yet.
constexpr std::string_view find_grant_tables_sql = "SELECT 1 FROM sqlite_schema WHERE name = 'portico_run_tokens'";
constexpr std::string_view list_sql =
    "SELECT id, secret_hash, account, kind, modes, label, created, expires, revoked, '', '' FROM portico_keys "
    "ORDER BY created, id";
constexpr std::string_view revoke_sql = "UPDATE portico_keys SET revoked = ? WHERE id = ? AND revoked IS NULL";
constexpr std::string_view insert_token_sql =
    "INSERT INTO portico_tokens SELECT ?1, ?2, id, ?4, ?5, ?6 FROM portico_keys "
    "WHERE id = ?3 AND revoked IS NULL AND (expires IS NULL OR expires > ?5)";
constexpr std::string_view sweep_sql =
    "DELETE FROM portico_tokens WHERE id IN (SELECT id FROM portico_tokens WHERE expires < ? ORDER BY expires LIMIT "
    "?)";
constexpr std::string_view maintenance_sql = "SELECT mode, message, until, since FROM portico_maintenance";
constexpr std::string_view begin_maintenance_sql = "INSERT OR REPLACE INTO portico_maintenance VALUES (?, ?, ?, ?)";
constexpr std::string_view end_maintenance_sql = "DELETE FROM portico_maintenance WHERE mode = ?";

constexpr std::array<model::Mode, 2> modes_there_are = {model::Mode::Production, model::Mode::Sandbox};

/// How long a loop waits for whoever writes to the file, to keep a token.
constexpr std::chrono::milliseconds token_wait_max{250};

/// Makes the file ours alone before SQLite writes to it; what SQLite puts beside it gets the same mode.
const std::filesystem::path& made(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor >= 0) {
    ::close(descriptor);
  } else if (errno != EEXIST) {
    throw std::runtime_error(file.string() + ": cannot be made: " + std::generic_category().message(errno));
  }
  return file;
}

SqliteConnection opened(const std::filesystem::path& file) {
  return {file, {.mode = OpenMode::ReadWrite, .cache_bytes = 1024 * 1024}};
}

/// A transaction for writing; what leaves it by an exception rolls it back.
class Transaction {
 public:
  explicit Transaction(SqliteConnection& connection) : connection_(connection) {
    connection_.execute("BEGIN IMMEDIATE");
  }
  ~Transaction() {
    if (!open_) return;
    try {
      connection_.execute("ROLLBACK");
    } catch (const SqliteError&) {  // it was rolled back already
    }
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit() {
    connection_.execute("COMMIT");
    open_ = false;
  }

 private:
  SqliteConnection& connection_;
  bool open_ = true;
};

bool finds(SqliteConnection& connection, std::string_view sql) {
  SqliteStatement find(connection, sql);
  return find.step();
}

/// Makes of a table of an earlier day what it is now; of two programs that do so at once, one finds it done. The
/// index is the last that is made.
void bring_up_to_date(SqliteConnection& connection) {
  if (finds(connection, find_index_sql)) return;
  Transaction transaction(connection);
  if (!finds(connection, find_token_column_sql)) connection.execute(std::string(add_token_column_sql));
  connection.execute(std::string(index_sql));
  transaction.commit();
}

void bind_optional(SqliteStatement& statement, int index, const std::optional<base::Microseconds>& value) {
  if (value) {
    statement.bind_integer(index, *value);
  } else {
    statement.bind_null(index);
  }
}

std::optional<base::Microseconds> optional_instant(const SqliteStatement& statement, int column) {
  const base::Cell cell = statement.cell(column);
  return cell.is_null() ? std::nullopt : std::optional(cell.integer);
}

access::KeyRecord record_of(const SqliteStatement& statement) {
  access::KeyRecord record;
  record.id = statement.text(0);
  record.secret_hash = statement.text(1);
  record.account = statement.text(2);
  const auto kind = access::find_kind(statement.cell(3).text);
  const auto modes = access::find_modes(statement.cell(4).text);
  const auto scope = access::find_scope(statement.cell(10).text);
  if (!kind || !modes || !scope) {
    throw std::runtime_error("key " + record.id + " is neither of kind private or public, or has no known mode (" +
                             statement.text(3) + ", " + statement.text(4) + "); revoke it and make another");
  }
  record.kind = *kind;
  record.modes = *modes;
  record.label = statement.text(5);
  record.created = statement.integer(6);
  record.expires = optional_instant(statement, 7);
  record.revoked = optional_instant(statement, 8);
  record.parent = statement.text(9);
  record.scope = *scope;
  return record;
}

/// What was found under ids, for as long as the file says the same: the next commit to it, whoever makes it, ends
/// all.
template <typename Record>
class Found {
 public:
  /// What was found of it in that state, or null. Valid until the next call.
  const Record* find(std::string_view id, const std::optional<LogState>& state) {
    if (state != state_) {
      records_.clear();
      state_ = state;
    }
    if (!state) return nullptr;
    id_.assign(id);
    const auto known = records_.find(id_);
    return known == records_.end() ? nullptr : &known->second;
  }
  /// Of what find() was asked for last, and did not know; `record` was read after that state was seen.
  void keep(const Record& record) {
    if (!state_) return;
    if (records_.size() >= records_kept) records_.clear();
    records_.emplace(id_, record);
  }

 private:
  static constexpr std::size_t records_kept = 1'024;
  std::optional<LogState> state_;
  std::unordered_map<std::string, Record> records_;
  std::string id_;
};

access::Grant read_grant(const SqliteStatement& statement) {
  const auto cell = [&](GrantColumn column) { return statement.cell(static_cast<int>(column)); };
  return grant_of({.text =
                       [&](GrantColumn column) {
                         return cell(column).is_null() ? std::string() : statement.text(static_cast<int>(column));
                       },
                   .integer = [&](GrantColumn column) { return cell(column).is_null() ? 0 : cell(column).integer; },
                   .is_null = [&](GrantColumn column) { return cell(column).is_null(); }});
}

}  // namespace

SqliteFiles files_in(const std::filesystem::path& directory) {
  return {.production = database_file(directory, model::Mode::Production),
          .sandbox = database_file(directory, model::Mode::Sandbox)};
}

std::filesystem::path database_file(const std::filesystem::path& directory, model::Mode mode) {
  switch (mode) {
    case model::Mode::Production:
      return directory / "production.db";
    case model::Mode::Sandbox:
      return directory / "sandbox.db";
  }
  throw std::logic_error("a mode without a database");
}

std::filesystem::path access_file(const std::filesystem::path& directory) {
  return directory / "access.db";
}

class SqliteKeyRegistry::Impl {
 public:
  explicit Impl(const std::filesystem::path& directory) : file_(made(access_file(directory))) {
    SqliteConnection connection = with_tables(opened(file_));
    try {
      bring_up_to_date(connection);
    } catch (const SqliteError&) {  // a file that may only be read: keys are found in it all the same
    }
    open_ = std::make_unique<Open>(file_);
  }

  void add(const access::NewKey& key) {
    const access::KeyRecord& record = key.record;
    SqliteStatement& insert = current().with_tokens().insert;
    const Reading reading(insert);
    insert.bind_text(1, record.id);
    insert.bind_blob(2, record.secret_hash);
    insert.bind_text(3, record.account);
    insert.bind_text(4, access::name_of(record.kind));
    insert.bind_text(5, access::name_of(record.modes));
    insert.bind_text(6, record.label);
    insert.bind_integer(7, record.created);
    bind_optional(insert, 8, record.expires);
    bind_optional(insert, 9, record.revoked);
    if (record.kind == access::KeyKind::Public && !key.token.empty()) {
      insert.bind_text(10, key.token);
    } else {
      insert.bind_null(10);
    }
    insert.run();
  }

  std::optional<std::string> find_public(const PublicKeyQuery& query) {
    SqliteStatement& find = current().with_tokens().find_public;
    const Reading reading(find);
    find.bind_text(1, query.account);
    find.bind_text(2, model::name_of(query.mode));
    find.bind_integer(3, query.now);
    if (!find.step()) return std::nullopt;
    return find.text(0);
  }

  std::optional<access::KeyRecord> find(std::string_view id) {
    Open& open = current();
    if (const auto* const known = open.keys_found.find(id, open.state())) return *known;
    SqliteStatement& find = access::is_token_id(id) ? open.find_token : open.find;
    const Reading reading(find);
    find.bind_text(1, id);
    if (!find.step()) return std::nullopt;
    std::optional<access::KeyRecord> record = record_of(find);
    open.keys_found.keep(*record);
    return record;
  }

  std::optional<access::Grant> find_grant(std::string_view id) {
    Open& open = current();
    if (const auto* const known = open.grants_found.find(id, open.state())) return *known;
    SqliteStatement* const find = open.grants();
    if (find == nullptr) return std::nullopt;
    const Reading reading(*find);
    find->bind_text(1, id);
    if (!find->step()) return std::nullopt;
    std::optional<access::Grant> grant = read_grant(*find);
    open.grants_found.keep(*grant);
    return grant;
  }

  std::vector<access::KeyRecord> list() {
    SqliteStatement& list = current().list;
    const Reading reading(list);
    std::vector<access::KeyRecord> records;
    while (list.step()) records.push_back(record_of(list));
    return records;
  }

  bool revoke(std::string_view id, base::Microseconds when) {
    Open& open = current();
    const Reading reading(open.revoke);
    open.revoke.bind_integer(1, when);
    open.revoke.bind_text(2, id);
    open.revoke.run();
    return open.connection.changes() > 0;
  }

  bool replace(std::string_view id, const access::NewKey& by) {
    Transaction transaction(current().connection);
    if (!revoke(id, by.record.created)) return false;
    add(by);
    transaction.commit();
    return true;
  }

  bool add_token(const access::KeyRecord& token) {
    SqliteConnection& connection = current_for_tokens();
    SqliteStatement insert(connection, insert_token_sql);
    SqliteStatement sweep(connection, sweep_sql);
    insert.bind_text(1, token.id);
    insert.bind_blob(2, token.secret_hash);
    insert.bind_text(3, token.parent);
    insert.bind_text(4, access::name_of(token.scope));
    insert.bind_integer(5, token.created);
    bind_optional(insert, 6, token.expires);
    sweep.bind_integer(1, token.created - token_kept_after);
    sweep.bind_integer(2, tokens_swept);
    Transaction transaction(connection);
    insert.run();
    const bool kept = connection.changes() > 0;
    sweep.run();
    transaction.commit();
    return kept;
  }

  access::MaintenanceState maintenance() {
    SqliteStatement& all = current().maintenance;
    const Reading reading(all);
    access::MaintenanceState state;
    while (all.step()) {
      for (const model::Mode mode : modes_there_are) {
        if (all.cell(0).text != model::name_of(mode)) continue;
        state.of(mode) = {.message = all.text(1), .until = optional_instant(all, 2), .since = all.integer(3)};
      }
    }
    return state;
  }

  void set_maintenance(access::KeyModes modes, const std::optional<access::Maintenance>& maintenance) {
    SqliteConnection& connection = current().connection;
    SqliteStatement begin(connection, begin_maintenance_sql);
    SqliteStatement end(connection, end_maintenance_sql);
    Transaction transaction(connection);
    for (const model::Mode mode : modes_there_are) {
      if (!access::works_in(modes, mode)) continue;
      SqliteStatement& statement = maintenance ? begin : end;
      const Reading reading(statement);
      statement.bind_text(1, model::name_of(mode));
      if (maintenance) {
        statement.bind_text(2, maintenance->message);
        bind_optional(statement, 3, maintenance->until);
        statement.bind_integer(4, maintenance->since);
      }
      statement.run();
    }
    transaction.commit();
  }

 private:
  /// What needs the column of tokens, which another file that took the name may lack: keys are found without it.
  struct WithTokens {
    explicit WithTokens(SqliteConnection& connection)
        : insert(connection, insert_sql), find_public(connection, find_public_sql) {}
    SqliteStatement insert;
    SqliteStatement find_public;
  };
  struct Open {
    /// One that an older Portico wrote lacks tables.
    explicit Open(const std::filesystem::path& file)
        : connection(with_tables(opened(file))),
          find(connection, find_sql),
          list(connection, list_sql),
          revoke(connection, revoke_sql),
          find_token(connection, find_token_sql),
          maintenance(connection, maintenance_sql),
          in_wal_mode(is_in_wal_mode(connection)) {}
    /// Nothing: it cannot be told.
    [[nodiscard]] std::optional<LogState> state() const {
      return in_wal_mode ? LogState::look(connection) : std::nullopt;
    }
    WithTokens& with_tokens() {
      if (!tokens) {
        bring_up_to_date(connection);
        tokens.emplace(connection);
      }
      return *tokens;
    }
    /// Null: there are no extensions.
    SqliteStatement* grants() {
      if (!find_grant) {
        if (!finds(connection, find_grant_tables_sql)) return nullptr;
        find_grant.emplace(
            connection,
            find_grant_sql({.bind = "?1", .secret_hash = "t.secret_hash", .table = [](std::string_view name) {
                              return std::string(name);
                            }}));
      }
      return &*find_grant;
    }
    SqliteConnection connection;
    SqliteStatement find;
    SqliteStatement list;
    SqliteStatement revoke;
    SqliteStatement find_token;
    SqliteStatement maintenance;
    std::optional<WithTokens> tokens;
    std::optional<SqliteStatement> find_grant;
    bool in_wal_mode;
    Found<access::KeyRecord> keys_found;
    Found<access::Grant> grants_found;
  };

  static SqliteConnection with_tables(SqliteConnection connection) {
    connection.execute(std::string(tables_sql));
    return connection;
  }

  /// Its commits wait for no disk, and it waits for nobody for long: it is used on a loop.
  SqliteConnection& current_for_tokens() {
    current();
    if (!for_tokens_ || for_tokens_->has_moved()) {
      for_tokens_.emplace(file_, SqliteOptions{.mode = OpenMode::ReadWrite, .busy_timeout = token_wait_max});
      for_tokens_->execute("PRAGMA synchronous=NORMAL");
    }
    return *for_tokens_;
  }

  /// The file of that name as it is now. One that is gone is not made anew: that would end every key.
  Open& current() {
    if (watch_.sees_another(open_->connection)) open_ = std::make_unique<Open>(file_);
    return *open_;
  }

  const std::filesystem::path file_;
  std::unique_ptr<Open> open_;
  std::optional<SqliteConnection> for_tokens_;
  ReplacementWatch watch_;
};

SqliteKeyRegistry::SqliteKeyRegistry(const std::filesystem::path& directory)
    : file_(access_file(directory)), impl_(std::make_unique<Impl>(directory)) {}

SqliteKeyRegistry::~SqliteKeyRegistry() = default;

void SqliteKeyRegistry::add(const access::NewKey& key) {
  impl_->add(key);
}

std::optional<std::string> SqliteKeyRegistry::find_public(const PublicKeyQuery& query) const {
  return impl_->find_public(query);
}

std::optional<access::KeyRecord> SqliteKeyRegistry::find(std::string_view id) const {
  return impl_->find(id);
}

std::optional<access::Grant> SqliteKeyRegistry::find_grant(std::string_view id) const {
  return impl_->find_grant(id);
}

std::vector<access::KeyRecord> SqliteKeyRegistry::list() const {
  return impl_->list();
}

bool SqliteKeyRegistry::revoke(std::string_view id, base::Microseconds when) {
  return impl_->revoke(id, when);
}

bool SqliteKeyRegistry::replace(std::string_view id, const access::NewKey& by) {
  return impl_->replace(id, by);
}

bool SqliteKeyRegistry::add_token(const access::KeyRecord& token) {
  return impl_->add_token(token);
}

access::MaintenanceState SqliteKeyRegistry::maintenance() const {
  return impl_->maintenance();
}

void SqliteKeyRegistry::set_maintenance(access::KeyModes modes,
                                        const std::optional<access::Maintenance>& maintenance) {
  impl_->set_maintenance(modes, maintenance);
}

}  // namespace portico::store
