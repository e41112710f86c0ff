#include "store/postgres_access.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <utility>

#include "base/text.hpp"
#include "store/grant_row.hpp"
#include "store/own_schema.hpp"
#include "store/sqlite_connection.hpp"

namespace portico::store {
namespace {

// An instant travels as microseconds since 1970, whatever zone and style the session has.
constexpr std::string_view instant_of_bind = "'epoch'::timestamptz + interval '1 microsecond' * ";

std::string bound_instant(int bind) {
  return std::string(instant_of_bind).append("$").append(std::to_string(bind)).append("::bigint");
}

/// An instant as key_of() reads it.
std::string micros(const std::string& column) {
  return "(extract(epoch from " + column + ") * 1000000)::bigint";
}

std::string keys_sql(std::string_view schema, std::string_view more = {}) {
  return "SELECT id, encode(secret_hash, 'hex'), account, kind, modes, label, " + micros("created") + ", " +
         micros("expires") + ", " + micros("revoked") + ", '', ''" + std::string(more) + " FROM " +
         keys_table(schema);
}

constexpr std::array<model::Mode, 2> modes_there_are = {model::Mode::Production, model::Mode::Sandbox};

std::string hex_of(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out.append(1, digits[byte >> 4U]).append(1, digits[byte & 15U]);
  }
  return out;
}

std::string bytes_of(std::string_view hex) {
  std::string out;
  out.reserve(hex.size() / 2);
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    unsigned byte = 0;
    std::from_chars(hex.data() + i, hex.data() + i + 2, byte, 16);
    out += static_cast<char>(byte);
  }
  return out;
}

base::Value bind_of(const std::optional<base::Microseconds>& instant) {
  return instant ? base::Value(*instant) : base::Value();
}

std::optional<base::Microseconds> instant_at(const PostgresResult& result, int row, int column) {
  return result.is_null(row, column) ? std::nullopt : base::parse_integer(result.text(row, column));
}

/// A transaction; what leaves it by an exception rolls it back.
class Transaction {
 public:
  explicit Transaction(PostgresConnection& connection) : connection_(connection) { connection_.run_script("BEGIN"); }
  ~Transaction() {
    if (!open_) return;
    try {
      connection_.run_script("ROLLBACK");
    } catch (const PostgresError&) {  // the connection is gone, and the transaction with it
    }
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit() {
    open_ = false;
    connection_.run_script("COMMIT");
  }

 private:
  PostgresConnection& connection_;
  bool open_ = true;
};

}  // namespace

std::string access_schema(std::string_view schema) {
  return std::string(schema).append("_access");
}

std::string keys_table(std::string_view schema) {
  return quoted_name(access_schema(schema)) + ".\"keys\"";
}

std::string tokens_table(std::string_view schema) {
  return quoted_name(access_schema(schema)) + ".\"tokens\"";
}

std::string maintenance_table(std::string_view schema) {
  return quoted_name(access_schema(schema)) + ".\"maintenance\"";
}

std::vector<std::string> access_tables_sql(std::string_view schema) {
  return {"CREATE SCHEMA IF NOT EXISTS " + quoted_name(access_schema(schema)),
          "CREATE TABLE IF NOT EXISTS " + keys_table(schema) +
              " (id text COLLATE \"C\" PRIMARY KEY, secret_hash bytea NOT NULL, account text COLLATE \"C\" NOT NULL, "
              "kind text NOT NULL, modes text NOT NULL, label text NOT NULL, created timestamptz NOT NULL, "
              "expires timestamptz, revoked timestamptz)",
          "ALTER TABLE " + keys_table(schema) + " ADD COLUMN IF NOT EXISTS token text COLLATE \"C\"",
          "CREATE INDEX IF NOT EXISTS keys_by_account ON " + keys_table(schema) + " (account, created)",
          "CREATE TABLE IF NOT EXISTS " + tokens_table(schema) +
              " (id text COLLATE \"C\" PRIMARY KEY, secret_hash bytea NOT NULL, key text COLLATE \"C\" NOT NULL, "
              "scope text NOT NULL, created timestamptz NOT NULL, expires timestamptz NOT NULL)",
          "CREATE INDEX IF NOT EXISTS \"tokens_expires\" ON " + tokens_table(schema) + " (expires)",
          "CREATE TABLE IF NOT EXISTS " + maintenance_table(schema) +
              " (mode text COLLATE \"C\" PRIMARY KEY, message text NOT NULL, until timestamptz, "
              "since timestamptz NOT NULL)"};
}

std::string find_public_key_sql(std::string_view schema) {
  return "SELECT token FROM " + keys_table(schema) +
         " WHERE account = $1 AND kind = 'public' AND token IS NOT NULL AND modes IN ($2, 'both') AND revoked IS "
         "NULL "
         "AND (expires IS NULL OR expires > " +
         bound_instant(3) + ") ORDER BY created DESC, id DESC LIMIT 1";
}

std::vector<base::Value> public_key_binds(const PublicKeyQuery& query) {
  return {std::string(query.account), std::string(model::name_of(query.mode)), query.now};
}

std::string find_key_sql(std::string_view schema, std::string_view more) {
  return keys_sql(schema, more) + " WHERE id = $1";
}

// What a token may do, and for how long, is up to its key, too.
std::string find_token_sql(std::string_view schema, std::string_view more) {
  return "SELECT t.id, encode(t.secret_hash, 'hex'), k.account, 'access', k.modes, '', " + micros("t.created") +
         ", " + micros("least(t.expires, k.expires)") + ", " + micros("k.revoked") + ", t.key, t.scope" +
         std::string(more) + " FROM " + tokens_table(schema) + " t JOIN " + keys_table(schema) +
         " k ON k.id = t.key WHERE t.id = $1";
}

plan::Statement add_token_statement(std::string_view schema, const access::KeyRecord& token) {
  const std::string tokens = tokens_table(schema);
  return {.sql = "WITH old AS (DELETE FROM " + tokens + " WHERE id IN (SELECT id FROM " + tokens +
                 " WHERE expires < " + bound_instant(7) + " ORDER BY expires LIMIT " + std::to_string(tokens_swept) +
                 " FOR UPDATE SKIP LOCKED)) INSERT INTO " + tokens +
                 " (id, secret_hash, key, scope, created, expires) SELECT $1, decode($2, 'hex'), k.id, $4, " +
                 bound_instant(5) + ", " + bound_instant(6) + " FROM " + keys_table(schema) +
                 " k WHERE k.id = $3 AND k.revoked IS NULL AND (k.expires IS NULL OR k.expires > " +
                 bound_instant(5) + ") ON CONFLICT (id) DO UPDATE SET scope = excluded.scope RETURNING id",
          .binds = {token.id, hex_of(token.secret_hash), token.parent, std::string(access::name_of(token.scope)),
                    token.created, bind_of(token.expires), token.created - token_kept_after}};
}

std::string maintenance_sql(std::string_view schema) {
  return "SELECT mode, message, " + micros("until") + ", " + micros("since") + " FROM " + maintenance_table(schema);
}

access::MaintenanceState maintenance_of(const PostgresResult& result) {
  access::MaintenanceState state;
  for (int row = 0; row < result.rows(); ++row) {
    for (const model::Mode mode : modes_there_are) {
      if (result.text(row, 0) != model::name_of(mode)) continue;
      state.of(mode) = {.message = std::string(result.text(row, 1)),
                        .until = instant_at(result, row, 2),
                        .since = instant_at(result, row, 3).value_or(0)};
    }
  }
  return state;
}

access::KeyRecord key_of(const PostgresResult& result, int row) {
  access::KeyRecord record;
  record.id = result.text(row, 0);
  record.secret_hash = bytes_of(result.text(row, 1));
  record.account = result.text(row, 2);
  const auto kind = access::find_kind(result.text(row, 3));
  const auto modes = access::find_modes(result.text(row, 4));
  const auto scope = access::find_scope(result.text(row, 10));
  if (!kind || !modes || !scope) {
    throw std::runtime_error("key " + record.id + " is neither of kind private or public, or has no known mode (" +
                             std::string(result.text(row, 3)) + ", " + std::string(result.text(row, 4)) +
                             "); revoke it and make another");
  }
  record.kind = *kind;
  record.modes = *modes;
  record.label = result.text(row, 5);
  record.created = instant_at(result, row, 6).value_or(0);
  record.expires = instant_at(result, row, 7);
  record.revoked = instant_at(result, row, 8);
  record.parent = result.text(row, 9);
  record.scope = *scope;
  return record;
}

std::string run_tokens_table(std::string_view schema) {
  return own_table(schema, "portico_run_tokens");
}

std::string find_grant_sql_of(std::string_view schema) {
  return find_grant_sql({.bind = "$1",
                         .secret_hash = "encode(t.secret_hash, 'hex')",
                         .table = [&](std::string_view name) { return own_table(schema, name); }});
}

access::Grant grant_of(const PostgresResult& result, int row) {
  const auto is_null = [&](GrantColumn column) { return result.is_null(row, static_cast<int>(column)); };
  const auto text = [&](GrantColumn column) {
    return is_null(column) ? std::string_view() : result.text(row, static_cast<int>(column));
  };
  access::Grant grant =
      grant_of({.text = [&](GrantColumn column) { return std::string(text(column)); },
                .integer = [&](GrantColumn column) { return base::parse_integer(text(column)).value_or(0); },
                .is_null = is_null});
  grant.secret_hash = bytes_of(grant.secret_hash);
  return grant;
}

bool has_portico_schema(const std::string& address, const std::string& schema) {
  PostgresConnection connection(address, SessionAccess::ReadOnly);
  const std::array<base::Value, 2> names = {schema, access_schema(schema)};
  return connection.run("SELECT 1 FROM pg_namespace WHERE nspname IN ($1, $2) LIMIT 1", names).rows() > 0;
}

PostgresKeyRegistry::PostgresKeyRegistry(const std::string& address, std::string_view schema)
    : connection_(std::make_unique<PostgresConnection>(address)), schema_(schema), table_(keys_table(schema)) {
  // Whatever the server's or the role's default is: who was told that a key has ended may rely on it.
  connection_->run_script("SET synchronous_commit = on");
}

base::Status PostgresKeyRegistry::reachable() const {
  try {
    static_cast<void>(connection_->run("SELECT 1"));
    return base::ok();
  } catch (const PostgresError& fault) {
    return base::Error{.code = base::ErrorCode::Unavailable, .detail = fault.what()};
  }
}

bool PostgresKeyRegistry::has_table(const std::string& table) const {
  const std::array<base::Value, 1> name = {table};
  return !connection_->run("SELECT to_regclass($1)", name).is_null(0, 0);
}

bool PostgresKeyRegistry::has_token_column() const {
  const std::array<base::Value, 1> name = {table_};
  return connection_->run(find_token_column_sql, name).rows() > 0;
}

/// Two programs that make a schema at once fail one of them, in spite of IF NOT EXISTS: the lock is for that.
void PostgresKeyRegistry::make_tables(const std::string& wanted) {
  if (has_table(wanted) && (wanted != table_ || has_token_column())) return;
  Transaction transaction(*connection_);
  const std::array<base::Value, 1> lock = {access_schema(schema_)};
  connection_->run("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", lock);
  for (const std::string& sql : access_tables_sql(schema_)) connection_->run_script(sql);
  transaction.commit();
}

void PostgresKeyRegistry::add(const access::NewKey& key) {
  make_tables(table_);
  insert(key);
}

void PostgresKeyRegistry::insert(const access::NewKey& key) {
  const access::KeyRecord& record = key.record;
  base::Value token;
  if (record.kind == access::KeyKind::Public && !key.token.empty()) token = key.token;
  const std::array<base::Value, 10> binds = {record.id,
                                             hex_of(record.secret_hash),
                                             record.account,
                                             std::string(access::name_of(record.kind)),
                                             std::string(access::name_of(record.modes)),
                                             record.label,
                                             record.created,
                                             bind_of(record.expires),
                                             bind_of(record.revoked),
                                             std::move(token)};
  connection_->run(
      "INSERT INTO " + table_ +
          " (id, secret_hash, account, kind, modes, label, created, expires, revoked, token) VALUES ($1, "
          "decode($2, 'hex'), $3, $4, $5, $6, " +
          bound_instant(7) + ", " + bound_instant(8) + ", " + bound_instant(9) + ", $10)",
      binds);
}

std::optional<access::Grant> PostgresKeyRegistry::find_grant(std::string_view id) const {
  if (!has_table(run_tokens_table(schema_))) return std::nullopt;
  const std::array<base::Value, 1> binds = {std::string(id)};
  const PostgresResult found = connection_->run(find_grant_sql_of(schema_), binds);
  if (found.rows() == 0) return std::nullopt;
  return grant_of(found, 0);
}

std::optional<std::string> PostgresKeyRegistry::find_public(const PublicKeyQuery& query) const {
  if (!has_token_column()) return std::nullopt;
  const PostgresResult found = connection_->run(find_public_key_sql(schema_), public_key_binds(query));
  if (found.rows() == 0) return std::nullopt;
  return std::string(found.text(0, 0));
}

std::optional<access::KeyRecord> PostgresKeyRegistry::find(std::string_view id) const {
  const bool is_token = access::is_token_id(id);
  if (!has_table(is_token ? tokens_table(schema_) : table_)) return std::nullopt;
  const std::array<base::Value, 1> binds = {std::string(id)};
  const PostgresResult found = connection_->run(is_token ? find_token_sql(schema_) : find_key_sql(schema_), binds);
  if (found.rows() == 0) return std::nullopt;
  return key_of(found, 0);
}

std::vector<access::KeyRecord> PostgresKeyRegistry::list() const {
  std::vector<access::KeyRecord> records;
  if (!has_table(table_)) return records;
  const PostgresResult found = connection_->run(keys_sql(schema_) + " ORDER BY created, id");
  for (int row = 0; row < found.rows(); ++row) records.push_back(key_of(found, row));
  return records;
}

bool PostgresKeyRegistry::revoke(std::string_view id, base::Microseconds when) {
  if (!has_table(table_)) return false;
  const std::array<base::Value, 2> binds = {when, std::string(id)};
  return connection_
             ->run("UPDATE " + table_ + " SET revoked = " + bound_instant(1) +
                       " WHERE id = $2 AND revoked IS NULL RETURNING id",
                   binds)
             .rows() > 0;
}

/// Who comes second waits for the row, and finds it revoked.
bool PostgresKeyRegistry::replace(std::string_view id, const access::NewKey& by) {
  make_tables(table_);
  Transaction transaction(*connection_);
  if (!revoke(id, by.record.created)) return false;
  insert(by);
  transaction.commit();
  return true;
}

bool PostgresKeyRegistry::add_token(const access::KeyRecord& token) {
  make_tables(tokens_table(schema_));
  const plan::Statement statement = add_token_statement(schema_, token);
  return connection_->run(statement.sql, statement.binds).rows() > 0;
}

access::MaintenanceState PostgresKeyRegistry::maintenance() const {
  if (!has_table(maintenance_table(schema_))) return {};
  return maintenance_of(connection_->run(maintenance_sql(schema_)));
}

void PostgresKeyRegistry::set_maintenance(access::KeyModes modes,
                                          const std::optional<access::Maintenance>& maintenance) {
  const std::string table = maintenance_table(schema_);
  if (!maintenance && !has_table(table)) return;
  make_tables(table);
  Transaction transaction(*connection_);
  for (const model::Mode mode : modes_there_are) {
    if (!access::works_in(modes, mode)) continue;
    const std::string name(model::name_of(mode));
    const std::array<base::Value, 1> ended = {name};
    connection_->run("DELETE FROM " + table + " WHERE mode = $1", ended);
    if (!maintenance) continue;
    const std::array<base::Value, 4> begun = {name, maintenance->message, bind_of(maintenance->until),
                                              maintenance->since};
    connection_->run("INSERT INTO " + table + " (mode, message, until, since) VALUES ($1, $2, " + bound_instant(3) +
                         ", " + bound_instant(4) + ")",
                     begun);
  }
  transaction.commit();
}

}  // namespace portico::store
