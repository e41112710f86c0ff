#include "store/webhook_secrets.hpp"

#include <array>

#include "base/ids.hpp"
#include "store/postgres_access.hpp"
#include "store/postgres_connection.hpp"
#include "store/sqlite_access.hpp"
#include "store/sqlite_connection.hpp"

namespace portico::store {
namespace {

// Written and read by these statements alone.
constexpr std::string_view sqlite_table =
    "CREATE TABLE IF NOT EXISTS portico_webhook_secrets(account TEXT PRIMARY KEY, secret TEXT NOT NULL, created "
    "INTEGER NOT NULL) WITHOUT ROWID, STRICT";
constexpr std::string_view sqlite_add =
    "INSERT INTO portico_webhook_secrets VALUES (?, ?, ?) ON CONFLICT (account) DO NOTHING";
constexpr std::string_view sqlite_replace = "INSERT OR REPLACE INTO portico_webhook_secrets VALUES (?, ?, ?)";
constexpr std::string_view sqlite_find = "SELECT secret FROM portico_webhook_secrets WHERE account = ?";

constexpr std::string_view instant_of_bind = "'epoch'::timestamptz + interval '1 microsecond' * $3::bigint";

class SqliteWebhookSecrets final : public WebhookSecrets {
 public:
  explicit SqliteWebhookSecrets(const std::filesystem::path& directory)
      : keys_(directory),  // makes the file, for its owner alone
        connection_(access_file(directory), {.mode = OpenMode::ReadWrite, .cache_bytes = 256 * 1024}) {
    connection_.execute(std::string(sqlite_table));
  }

  [[nodiscard]] std::optional<std::string> find(std::string_view account) const override {
    SqliteStatement find(connection_, sqlite_find);
    find.bind_text(1, account);
    if (!find.step()) return std::nullopt;
    return find.text(0);
  }

  [[nodiscard]] std::string find_or_make(std::string_view account, base::Microseconds now) override {
    if (auto known = find(account)) return *std::move(known);
    write(sqlite_add, account, now);
    return find(account).value();
  }

  [[nodiscard]] std::string rotate(std::string_view account, base::Microseconds now) override {
    write(sqlite_replace, account, now);
    return find(account).value();
  }

 private:
  void write(std::string_view sql, std::string_view account, base::Microseconds now) {
    const std::string secret = new_webhook_secret();
    SqliteStatement statement(connection_, sql);
    statement.bind_text(1, account);
    statement.bind_text(2, secret);
    statement.bind_integer(3, now);
    statement.run();
  }

  SqliteKeyRegistry keys_;
  mutable SqliteConnection connection_;
};

class PostgresWebhookSecrets final : public WebhookSecrets {
 public:
  PostgresWebhookSecrets(const std::string& address, std::string_view schema)
      : connection_(address), schema_(schema), table_(webhook_secrets_table(schema)) {
    // As of the keys: who was told that a secret has changed may rely on it.
    connection_.run_script("SET synchronous_commit = on");
  }

  [[nodiscard]] std::optional<std::string> find(std::string_view account) const override {
    if (!has_table()) return std::nullopt;
    const std::array<base::Value, 1> binds = {std::string(account)};
    const PostgresResult found = connection_.run("SELECT secret FROM " + table_ + " WHERE account = $1", binds);
    if (found.rows() == 0) return std::nullopt;
    return std::string(found.text(0, 0));
  }

  [[nodiscard]] std::string find_or_make(std::string_view account, base::Microseconds now) override {
    if (auto known = find(account)) return *std::move(known);
    write(account, now, "NOTHING");
    return find(account).value();
  }

  [[nodiscard]] std::string rotate(std::string_view account, base::Microseconds now) override {
    write(account, now, "UPDATE SET secret = excluded.secret, created = excluded.created");
    return find(account).value();
  }

 private:
  [[nodiscard]] bool has_table() const {
    const std::array<base::Value, 1> name = {table_};
    return !connection_.run("SELECT to_regclass($1)", name).is_null(0, 0);
  }

  void write(std::string_view account, base::Microseconds now, const std::string& where_there_is_one) {
    if (!has_table()) make_table();
    const std::array<base::Value, 3> binds = {std::string(account), new_webhook_secret(), now};
    connection_.run("INSERT INTO " + table_ + " (account, secret, created) VALUES ($1, $2, " +
                        std::string(instant_of_bind) + ") ON CONFLICT (account) DO " + where_there_is_one,
                    binds);
  }

  /// Two programs that make a schema at once wait for each other by the lock. What fails leaves a connection in a
  /// failed transaction, and whoever sees the error ends it.
  void make_table() {
    const std::array<base::Value, 1> lock = {access_schema(schema_)};
    connection_.run_script("BEGIN");
    connection_.run("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", lock);
    for (const std::string& sql : webhook_secrets_table_sql(schema_)) connection_.run_script(sql);
    connection_.run_script("COMMIT");
  }

  mutable PostgresConnection connection_;
  const std::string schema_;
  const std::string table_;
};

}  // namespace

std::string new_webhook_secret() {
  return "webhook_" + base::make_id() + base::make_id();
}

std::unique_ptr<WebhookSecrets> open_sqlite_webhook_secrets(const std::filesystem::path& directory) {
  return std::make_unique<SqliteWebhookSecrets>(directory);
}

std::unique_ptr<WebhookSecrets> open_postgres_webhook_secrets(const std::string& address, std::string_view schema) {
  return std::make_unique<PostgresWebhookSecrets>(address, schema);
}

std::string webhook_secrets_table(std::string_view schema) {
  return quoted_name(access_schema(schema)) + ".\"webhook_secrets\"";
}

std::vector<std::string> webhook_secrets_table_sql(std::string_view schema) {
  return {"CREATE SCHEMA IF NOT EXISTS " + quoted_name(access_schema(schema)),
          "CREATE TABLE IF NOT EXISTS " + webhook_secrets_table(schema) +
              " (account text COLLATE \"C\" PRIMARY KEY, secret text NOT NULL, created timestamptz NOT NULL)"};
}

}  // namespace portico::store
