#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "plan/plan.hpp"
#include "store/key_registry.hpp"
#include "store/postgres_connection.hpp"

namespace portico::store {

/// The schema that holds the keys of a description whose production schema is `schema`: `portico_access`.
[[nodiscard]] std::string access_schema(std::string_view schema);
/// Its tables, quoted and with their schema: `"portico_access"."keys"`.
[[nodiscard]] std::string keys_table(std::string_view schema);
[[nodiscard]] std::string tokens_table(std::string_view schema);
[[nodiscard]] std::string maintenance_table(std::string_view schema);
/// The statements that make all that is missing of them, and give a table of an earlier day what it lacks, in order.
[[nodiscard]] std::vector<std::string> access_tables_sql(std::string_view schema);
/// Gives a row where the table of keys has the column of public keys' texts; `$1`: the table, quoted.
inline const std::string find_token_column_sql =
    "SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass($1) AND attname = 'token' AND NOT attisdropped";
/// The token of an account's newest valid public key: `$1` the account, `$2` the mode, `$3` microseconds since 1970.
[[nodiscard]] std::string find_public_key_sql(std::string_view schema);
/// The binds of it.
[[nodiscard]] std::vector<base::Value> public_key_binds(const PublicKeyQuery& query);

/// The statement that finds what has that id ($1): a key, or an access token with its key's end. Before its FROM
/// stands `more`, as `, pg_current_snapshot()`. Independent of the session's settings.
[[nodiscard]] std::string find_key_sql(std::string_view schema, std::string_view more = {});
[[nodiscard]] std::string find_token_sql(std::string_view schema, std::string_view more = {});
/// What a row of these holds. Throws std::runtime_error for a kind, mode or scope that is none.
[[nodiscard]] access::KeyRecord key_of(const PostgresResult& result, int row);

/// The statement that reads what an extension's token of that id ($1) stands for, and what a row of it holds. Throws
/// std::runtime_error for a kind that is none.
[[nodiscard]] std::string find_grant_sql_of(std::string_view schema);
[[nodiscard]] access::Grant grant_of(const PostgresResult& result, int row);
/// The table without which there are none, quoted.
[[nodiscard]] std::string run_tokens_table(std::string_view schema);

/// The statement that keeps an access token and removes old ones: it gives a row, unless its key has ended. It may
/// run twice.
[[nodiscard]] plan::Statement add_token_statement(std::string_view schema, const access::KeyRecord& token);

/// All that is under maintenance.
[[nodiscard]] std::string maintenance_sql(std::string_view schema);
[[nodiscard]] access::MaintenanceState maintenance_of(const PostgresResult& result);

/// Whether a database has Portico's tables, or its keys, of a description whose production schema is `schema`. Throws
/// PostgresError where it cannot be reached.
[[nodiscard]] bool has_portico_schema(const std::string& address, const std::string& schema);

/// The keys in a PostgreSQL database. Its functions wait: for commands, never on a loop.
class PostgresKeyRegistry final : public KeyRegistry {
 public:
  /// `schema`: as Api::database names it. Throws PostgresError where the database cannot be reached.
  PostgresKeyRegistry(const std::string& address, std::string_view schema);

  [[nodiscard]] base::Status reachable() const override;
  /// Makes schema and table, or what the table lacks, where they are missing: in one transaction, one program at a
  /// time.
  void add(const access::NewKey& key) override;
  /// Nothing, where there is no table yet.
  [[nodiscard]] std::optional<access::KeyRecord> find(std::string_view id) const override;
  [[nodiscard]] std::optional<access::Grant> find_grant(std::string_view id) const override;
  [[nodiscard]] std::optional<std::string> find_public(const PublicKeyQuery& query) const override;
  [[nodiscard]] std::vector<access::KeyRecord> list() const override;
  bool revoke(std::string_view id, base::Microseconds when) override;
  bool replace(std::string_view id, const access::NewKey& by) override;
  bool add_token(const access::KeyRecord& token) override;
  [[nodiscard]] access::MaintenanceState maintenance() const override;
  void set_maintenance(access::KeyModes modes, const std::optional<access::Maintenance>& maintenance) override;

 private:
  [[nodiscard]] bool has_table(const std::string& table) const;
  [[nodiscard]] bool has_token_column() const;
  void make_tables(const std::string& wanted);
  void insert(const access::NewKey& key);

  std::unique_ptr<PostgresConnection> connection_;
  const std::string schema_;
  const std::string table_;  // of the keys
};

}  // namespace portico::store
